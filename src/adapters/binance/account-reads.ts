/** What the account holds and may do (binance-spot.md 5.4, 11). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Balance, FeeRates } from '../../domain/order.ts'
import type { AccountReads, KeyPermissions } from '../../ports/venue.ts'
import type { Reads } from './reads.ts'
import type { Symbols } from './symbols.ts'
import { balanceOf, feeRatesOf, worstOf } from './to-domain.ts'
import { readBalance, type Payloads } from './wire.ts'

const accountWeight = 20
const commissionWeight = 20

export interface AccountReadsParts {
  readonly reads: Reads
  readonly symbols: Symbols
  /** The traded instruments. */
  readonly instruments: readonly string[]
}

export class BinanceAccountReads implements AccountReads {
  readonly #parts: AccountReadsParts

  constructor(parts: AccountReadsParts) {
    this.#parts = parts
  }

  /** Assets that the account never held are in the list as zeros, which say more than silence. */
  async balances(): Promise<Result<readonly Balance[]>> {
    const account = await this.#account()
    if (!account.ok) return account
    const rows = account.value.balances
    const balances = rows.flatMap((row) => readBalance(row) ?? []).flatMap((row) => balanceOf(row) ?? [])
    return balances.length < rows.length ? failed({ kind: 'malformed', detail: 'a balance in the answer cannot be read' }) : ok(balances)
  }

  /** The dearest of the traded instruments; a discount for paying in BNB is not counted. */
  async feeRates(): Promise<Result<FeeRates>> {
    const { reads, symbols, instruments } = this.#parts
    const markets = await symbols.listed(instruments)
    if (!markets.ok) return markets
    const rates: FeeRates[] = []
    for (const { symbol } of markets.value) {
      const read = await reads.read('commission', { path: '/account/commission', params: [['symbol', symbol]], weight: commissionWeight })
      if (!read.ok) return read
      const own = feeRatesOf(read.value)
      if (own === undefined) return failed({ kind: 'malformed', detail: `the commission of ${symbol} has no rates` })
      rates.push(own)
    }
    return rates.length === 0 ? failed({ kind: 'badRequest', detail: 'none of the traded instruments is listed, so no commission can be asked for' }) : ok(worstOf(rates))
  }

  async accountId(): Promise<Result<string>> {
    const account = await this.#account()
    return account.ok ? ok(account.value.uid) : account
  }

  /** The venue tells what the account may do: whether this very key may withdraw is written only on its own pages (5.4). */
  async keyPermissions(): Promise<Result<KeyPermissions>> {
    const account = await this.#account()
    return account.ok ? ok({ canTrade: account.value.canTrade === true, canTransfer: undefined }) : account
  }

  #account(): Promise<Result<Payloads['account']>> {
    return this.#parts.reads.read('account', { path: '/account', weight: accountWeight })
  }
}
