/**
 * What the account holds and did. Every answer is read behind all that was decided before the question, in this process or in
 * another one on the same ledger: a look-up never lags, and nothing that was admitted can be missing from it.
 */
import { ok, type Result } from '../../domain/failure.ts'
import type { Balance, FeeRates, Fill, OrderReport } from '../../domain/order.ts'
import type { Millis } from '../../domain/time.ts'
import type { AccountFills, AccountOrders, AccountReads, KeyPermissions, OrderReads } from '../../ports/venue.ts'
import { reportOf } from './account.ts'
import type { Settings } from './options.ts'
import type { Turns } from './turns.ts'

export class PaperReads implements OrderReads, AccountReads {
  readonly #turns: Turns
  readonly #settings: Settings
  /** The market's clock may be measured anew between a claim and its order: lists reach back by so much more than was asked. */
  readonly #skewMs: Millis

  constructor(turns: Turns, settings: Settings, skewMs: Millis) {
    this.#turns = turns
    this.#settings = settings
    this.#skewMs = skewMs
  }

  order(venueOrderId: string): Promise<Result<OrderReport | undefined>> {
    return this.#turns.look((account) => {
      const order = account.order(venueOrderId)
      return order && reportOf(order)
    })
  }

  findByClientOrderId(clientOrderId: string, _since: Millis): Promise<Result<OrderReport | undefined>> {
    return this.#turns.look((account) => {
      const order = account.named(clientOrderId)
      return order && reportOf(order)
    })
  }

  workingOrders(): Promise<Result<AccountOrders>> {
    return this.#turns.look((account) => ({ orders: account.working.map(reportOf), unread: [] }))
  }

  ordersSince(since: Millis): Promise<Result<AccountOrders>> {
    return this.#turns.look((account) => ({ orders: account.orders.filter(({ createdAt }) => createdAt >= since - this.#skewMs).map(reportOf), unread: [] }))
  }

  fillsOf(venueOrderId: string): Promise<Result<readonly Fill[]>> {
    return this.#turns.look((account) => account.order(venueOrderId)?.fills ?? [])
  }

  fillsSince(since: Millis): Promise<Result<AccountFills>> {
    return this.#turns.look((account) => ({ fills: account.orders.flatMap(({ fills }) => fills.filter(({ at }) => at >= since - this.#skewMs)), unread: [], odd: [] }))
  }

  balances(): Promise<Result<readonly Balance[]>> {
    return this.#turns.look(({ balances }) => balances)
  }

  /** Names the ledger's account, for ever. */
  accountId(): Promise<Result<string>> {
    return this.#turns.look(({ id }) => id)
  }

  async feeRates(): Promise<Result<FeeRates>> {
    const { maker, taker } = this.#settings.fees
    return ok({ maker, taker })
  }

  /** There is no key, and nothing that could leave. */
  async keyPermissions(): Promise<Result<KeyPermissions>> {
    return ok({ canTrade: true, canTransfer: false })
  }
}
