/** What the account holds and may do, as far as ccxt tells. */
import { createHash } from 'node:crypto'
import { greatest, zero, type Rate } from '../../domain/decimal.ts'
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Balance, FeeRates } from '../../domain/order.ts'
import type { AccountReads, KeyPermissions } from '../../ports/venue.ts'
import type { Calls } from './calls.ts'
import { can, type CcxtExchange } from './exchange.ts'
import type { CcxtKey } from './key.ts'
import type { Markets } from './markets.ts'
import { balancesOf, feeRatesIn, feeRatesOf } from './to-domain.ts'

const accountDigits = 32

export interface AccountReadsParts {
  readonly exchange: CcxtExchange
  readonly calls: Calls
  readonly markets: Markets
  readonly key: CcxtKey | undefined
  /** The traded instruments. */
  readonly instruments: readonly string[]
}

export class CcxtAccountReads implements AccountReads {
  readonly #parts: AccountReadsParts

  constructor(parts: AccountReadsParts) {
    this.#parts = parts
  }

  balances(): Promise<Result<readonly Balance[]>> {
    return this.#parts.calls.read({ what: 'the balances', lane: 'reconcile', ask: (exchange) => exchange.fetchBalance(), read: balancesOf })
  }

  /** The dearest of the traded instruments. */
  async feeRates(): Promise<Result<FeeRates>> {
    const { markets, instruments } = this.#parts
    const listed = await markets.listed(instruments)
    if (!listed.ok) return listed
    const symbols = listed.value.map(({ symbol }) => symbol)
    if (symbols.length === 0) return failed({ kind: 'badRequest', detail: 'none of the traded instruments is listed, so no fee can be asked for' })
    const rates = await this.#ratesOf(symbols)
    return rates.ok ? ok(dearestOf(rates.value)) : rates
  }

  /** The library names no account: the key stands for it, as a digest that does not lead back. */
  async accountId(): Promise<Result<string>> {
    const { key, exchange } = this.#parts
    if (key === undefined) return noKey
    const digest = createHash('sha256').update(`${exchange.id}\n${key.reveal().apiKey}`).digest('hex')
    return ok(`${exchange.id}:${digest.slice(0, accountDigits)}`)
  }

  /** No unified word tells what a key may do: that it may not withdraw is for its owner to see to. */
  async keyPermissions(): Promise<Result<KeyPermissions>> {
    return this.#parts.key === undefined ? noKey : ok({ canTrade: true, canTransfer: undefined })
  }

  async #ratesOf(symbols: readonly string[]): Promise<Result<readonly FeeRates[]>> {
    const { exchange, calls } = this.#parts
    const what = 'the fee rates'
    if (exchange.has['fetchTradingFee'] === true) {
      const rates: FeeRates[] = []
      for (const symbol of symbols) {
        const one = await calls.read({ what, ask: (exchange) => exchange.fetchTradingFee(symbol), read: feeRatesOf })
        if (!one.ok) return one
        rates.push(one.value)
      }
      return ok(rates)
    }
    if (can(exchange, 'fetchTradingFees')) return calls.read({ what, ask: (one) => one.fetchTradingFees(), read: (answer) => feeRatesIn(answer, symbols) })
    return this.#listedRates(symbols)
  }

  /** The rates in the list of markets, which are of no account in particular. */
  #listedRates(symbols: readonly string[]): Promise<Result<readonly FeeRates[]>> {
    return this.#parts.calls.read({ what: 'the fee rates in the list of markets', requests: 8, ask: (exchange) => exchange.loadMarkets(false), read: (answer) => feeRatesIn(answer, symbols) })
  }
}

const noKey = failed({ kind: 'unauthorised', detail: 'no API key is set' })

const dearestOf = (rates: readonly FeeRates[]): FeeRates => ({
  maker: rates.reduce<Rate>((worst, { maker }) => greatest(worst, maker), zero),
  taker: rates.reduce<Rate>((worst, { taker }) => greatest(worst, taker), zero),
})
