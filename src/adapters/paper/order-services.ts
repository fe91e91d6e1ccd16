/** Cancelling many, amending and previewing. */
import { compare, minus, money, notional, plus, sum, type Money } from '../../domain/decimal.ts'
import { ok, type CancelOutcome, type Result } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { OrderRequest } from '../../domain/order.ts'
import type { PaperOrder } from '../../ports/paper-ledger.ts'
import type { Amendment, OrderPreview, OrderServices } from '../../ports/venue.ts'
import type { PaperAccount } from './account.ts'
import { refusedBy, unfunded } from './admission.ts'
import { fillEvents } from './fill-events.ts'
import { journey } from './journey.ts'
import { newOrder, type OrderEntryParts, type PaperOrderEntry } from './order-entry.ts'
import type { PaperMarket } from './paper-market.ts'
import { holdFor, restOf, type Bite } from './settlement.ts'
import type { Decision } from './turns.ts'

/** Most orders that one cancel may name, as on Coinbase (coinbase-advanced-trade.md 5.9). */
export const cancelBatch = 100

const refused = (detail: string): CancelOutcome => ({ kind: 'refused', detail })

export class PaperOrderServices implements OrderServices {
  readonly #parts: OrderEntryParts
  readonly #entry: PaperOrderEntry

  constructor(parts: OrderEntryParts, entry: PaperOrderEntry) {
    this.#parts = parts
    this.#entry = entry
  }

  async cancelMany(venueOrderIds: readonly string[]): Promise<readonly CancelOutcome[]> {
    const outcomes: CancelOutcome[] = []
    for (let start = 0; start < venueOrderIds.length; start += cancelBatch) {
      await journey(this.#parts.settings)
      for (const id of venueOrderIds.slice(start, start + cancelBatch)) outcomes.push(await this.#entry.cancelOnArrival(id))
    }
    return outcomes
  }

  /**
   * A smaller size at the same price keeps its place; another price or a larger size goes to the end of the queue. What would take
   * at once is refused, whether the order is post-only or not.
   */
  async amend(venueOrderId: string, to: Amendment): Promise<CancelOutcome> {
    const { turns, settings, markets } = this.#parts
    await journey(settings)
    const found = await turns.look((account) => account.order(venueOrderId))
    if (!found.ok) return { kind: 'unknown', failure: found.failure }
    if (found.value === undefined) return refused('no such order')
    const rules = await markets.rules(found.value.instrument)
    if (!rules.ok || rules.value === undefined) return refused('the rules of the instrument cannot be read')
    const instrument = rules.value
    const book = await settings.market.book(instrument.id, settings.depth)
    if (!book.ok) return refused(`the book cannot be seen: ${book.failure.detail}`)
    const taken = await turns.take((account): Decision<CancelOutcome> => {
      const order = account.order(venueOrderId)
      if (order?.status !== 'open') return { events: [], answer: refused('the order does not work any more') }
      const market = markets.of(instrument.id)
      if (market?.see(book.value) !== true) return { events: [], answer: refused('the book is crossed') }
      return this.#change(account, order, to, { instrument, market })
    })
    return taken.ok ? taken.value : { kind: 'unknown', failure: taken.failure }
  }

  async preview(request: OrderRequest): Promise<Result<OrderPreview>> {
    const { turns, settings, markets } = this.#parts
    const rules = await markets.rules(request.instrument)
    if (!rules.ok) return rules
    const market = markets.of(request.instrument)
    const instrument = rules.value
    if (instrument === undefined || market === undefined) return ok({ kind: 'refused', reason: 'instrumentUnavailable', detail: `the venue has no ${request.instrument}` })
    const book = await settings.market.book(instrument.id, settings.depth)
    if (!book.ok) return book
    return turns.look((account): OrderPreview => {
      const order = newOrder(account, request, { rules: instrument, terms: settings.fees, at: settings.market.now() })
      const refusal = refusedBy(instrument, request) ?? unfunded(account, order, order.hold)
      if (refusal !== undefined) return { kind: 'refused', ...refusal }
      if (!market.see(book.value)) return { kind: 'refused', reason: 'instrumentUnavailable', detail: 'the book is crossed' }
      if (request.postOnly && market.crosses(request)) return { kind: 'refused', reason: 'wouldCross', detail: 'the order would take' }
      return costOf(order, request.postOnly ? [] : market.offered(request))
    })
  }

  #change(account: PaperAccount, order: PaperOrder, to: Amendment, { instrument, market }: { readonly instrument: Instrument; readonly market: PaperMarket }): Decision<CancelOutcome> {
    const { venueOrderId, side, executed, postOnly } = order
    if (compare(to.quantity, executed) <= 0) return { events: [], answer: refused(`${executed} is executed already`) }
    const hold = holdFor({ ...order, ...to })
    const refusal = refusedBy(instrument, { ...to, postOnly }) ?? unfunded(account, order, minus(hold, order.hold))
    if (refusal !== undefined) return { events: [], answer: refused(`${refusal.reason}: ${refusal.detail}`) }
    if (market.crosses({ side, price: to.price })) return { events: [], answer: refused('the order would take') }
    const at = this.#parts.settings.market.now()
    const keepsPlace = to.price === order.price && compare(to.quantity, order.quantity) <= 0
    const done = (): void => {
      const now = account.order(venueOrderId)
      if (now === undefined) return
      if (keepsPlace) market.shrink(now)
      else market.rest(now, at, 'displayed')
    }
    return { events: [{ type: 'amended', at, venueOrderId, ...to, hold }], answer: { kind: 'requested' }, done }
  }
}

/** What an order would cost if what it takes now is taken, and the rest fills at its price as a maker. */
const costOf = (order: PaperOrder, taken: readonly Omit<Bite, 'liquidity'>[]): OrderPreview => {
  const bites: readonly Bite[] = taken.map((level) => ({ ...level, liquidity: 'taker' }))
  const rest = minus(restOf(order), sum(bites.map(({ quantity }) => quantity)))
  const all: readonly Bite[] = rest === '0' ? bites : [...bites, { price: order.price, quantity: rest, liquidity: 'maker' }]
  const fills = fillEvents(order, all, { at: order.createdAt, tradeId: String }).flatMap((event) => (event.type === 'filled' ? [event] : []))
  const worth = sum(all.map(({ price, quantity }) => notional(price, quantity)))
  const fee = sum(fills.map((fill) => fill.fee))
  const inQuote: Money = sum(fills.map((fill) => (fill.feeAsset === order.quote ? fill.fee : money('0'))))
  return { kind: 'possible', fee, total: order.side === 'buy' ? plus(worth, inQuote) : minus(worth, inQuote) }
}
