/** What the account holds and may do (coinbase-advanced-trade.md 5.2, 5.14, 5.15). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Balance, FeeRates } from '../../domain/order.ts'
import type { AccountReads, KeyPermissions } from '../../ports/venue.ts'
import { allPages, pageOf } from './pages.ts'
import type { Rest } from './rest.ts'
import { balancesOf } from './to-domain.ts'
import { readRate } from '../venue-kit/reading.ts'
import { readAccount, type Payloads } from './wire.ts'

const accountPage = '250'

export class CoinbaseAccountReads implements AccountReads {
  readonly #rest: Rest

  constructor(rest: Rest) {
    this.#rest = rest
  }

  async balances(): Promise<Result<readonly Balance[]>> {
    const rows = await allPages(async (cursor) => {
      const query = [['limit', accountPage] as const, ...(cursor === undefined ? [] : [['cursor', cursor] as const])]
      const page = await this.#rest.read('accounts', { path: '/accounts', query })
      return page.ok ? pageOf(page.value.accounts, page.value) : page
    })
    if (!rows.ok) return rows
    const accounts = rows.value.flatMap((row) => readAccount(row) ?? [])
    const balances = accounts.length < rows.value.length ? undefined : balancesOf(accounts)
    return balances === undefined ? failed({ kind: 'malformed', detail: 'an account in the answer cannot be read' }) : ok(balances)
  }

  async feeRates(): Promise<Result<FeeRates>> {
    const read = await this.#rest.read('fees', { path: '/transaction_summary', query: [['product_type', 'SPOT']] })
    if (!read.ok) return read
    const maker = readRate(read.value.fee_tier.maker_fee_rate)
    const taker = readRate(read.value.fee_tier.taker_fee_rate)
    if (maker === undefined || taker === undefined) return failed({ kind: 'malformed', detail: 'the fee tier has no rates' })
    return ok({ maker, taker })
  }

  async accountId(): Promise<Result<string>> {
    const read = await this.#permissions()
    if (!read.ok) return read
    const { portfolio_uuid: portfolio } = read.value
    return portfolio === undefined ? failed({ kind: 'malformed', detail: 'the key permissions name no portfolio' }) : ok(portfolio)
  }

  /** Whatever the venue does not say is taken as "may not", except for transfers, where that would be the comfortable reading (2.2). */
  async keyPermissions(): Promise<Result<KeyPermissions>> {
    const read = await this.#permissions()
    if (!read.ok) return read
    const { can_view: view, can_trade: trade, can_transfer: transfer } = read.value
    if (transfer === undefined) return failed({ kind: 'malformed', detail: 'the key permissions do not tell of transfers' })
    return ok({ canTrade: view === true && trade === true, canTransfer: transfer })
  }

  #permissions(): Promise<Result<Payloads['permissions']>> {
    return this.#rest.read('permissions', { path: '/key_permissions' })
  }
}
