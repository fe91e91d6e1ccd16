import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import type { Taken } from '../../src/simulated-market/liquidity.ts'
import type { Execution } from '../../src/simulated-market/resting-book.ts'
import type { Admission, Refusal } from './admission.ts'
import { multiply, ONE } from './amounts.ts'
import type { FeeRates } from './fees.ts'
import { Ledger, productOf } from './ledger.ts'
import type { Market } from './market.ts'
import { isLive, remaining, type FinalStatus, type Order, type OrderTerms } from './order.ts'
import type { Product } from './products.ts'
import { Settlement } from './settlement.ts'
import type { VenueRules } from './venue-rules.ts'

/** What became of a wish to place an order. */
export type Placed = { readonly kind: 'admitted' | 'known'; readonly order: Order } | { readonly kind: 'refused'; readonly reason: Refusal }

/** What became of a wish to cancel. */
export type CancelAnswer = 'requested' | 'already requested' | 'filled' | 'unknown'

export interface ExchangeParts {
  readonly ledger: Ledger
  readonly markets: ReadonlyMap<string, Market>
  readonly rates: FeeRates
  readonly rules: VenueRules
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How long a cancel stays queued, during which the order can still fill. */
  readonly cancelDelayMs: number
  /** True while no new order is taken. */
  readonly isClosed?: () => boolean
}

/**
 * The exchange without any dialect: admits, matches, cancels and expires orders, and tells watchers of every changed order after it is in the ledger.
 */
export class Exchange {
  readonly ledger: Ledger
  readonly markets: ReadonlyMap<string, Market>
  readonly rates: FeeRates
  readonly #parts: ExchangeParts
  readonly #rules: VenueRules
  readonly #settlement: Settlement
  readonly #watchers = new Set<(order: Order) => void>()
  readonly #marketWatchers = new Set<(market: Market) => void>()
  /** Largest size one execution of a resting order may have, as a fraction in atoms, for the next `count` executions. */
  #partial = { count: 0, share: ONE }

  constructor(parts: ExchangeParts) {
    this.ledger = parts.ledger
    this.markets = parts.markets
    this.rates = parts.rates
    this.#parts = parts
    this.#rules = parts.rules
    this.#settlement = new Settlement(parts)
    for (const order of this.ledger.live.values()) this.#rest(order)
  }

  /** The products whose books are traded here. */
  get listed(): readonly Product[] {
    return [...this.#rules.products.values()].filter(({ market }) => this.markets.has(market))
  }

  /** Calls `watcher` after every change of an order; returns how to stop. */
  watch(watcher: (order: Order) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** True while no new order is taken and every product shows itself as cancel_only. */
  get isClosed(): boolean {
    return this.#parts.isClosed?.() ?? false
  }

  marketOf(product: Product): Market {
    const market = this.markets.get(product.market)
    if (!market) throw new Error(`no market ${product.market}`)
    return market
  }

  /** Notes that a create request carrying this client order id arrived, whatever becomes of it. */
  noteRequest(clientOrderId: string): void {
    if (this.ledger.full && !this.ledger.clientIds.has(clientOrderId)) return
    this.ledger.commit([{ type: 'requested', at: this.#parts.now(), clientOrderId }])
  }

  /** Notes a refusal that a dialect pronounced before the order reached `place`. */
  noteRefusal(clientOrderId: string, reason: string): void {
    if (this.ledger.full && !this.ledger.clientIds.has(clientOrderId)) return
    this.ledger.commit([{ type: 'refused', at: this.#parts.now(), clientOrderId, reason }])
  }

  /** Calls `watcher` after every event of a market, executions included; returns how to stop. */
  watchMarkets(watcher: (market: Market) => void): () => void {
    this.#marketWatchers.add(watcher)
    return () => this.#marketWatchers.delete(watcher)
  }

  /** Places an order, or answers the one that already has its client order id. */
  place(terms: OrderTerms): Placed {
    const known = this.ledger.clientIds.get(terms.clientOrderId)?.orderId
    const earlier = known === undefined ? undefined : this.ledger.orders.get(known)
    if (earlier && this.#rules.keepsClientId(earlier)) return { kind: 'known', order: earlier }
    const admission = this.consider(terms)
    if (typeof admission === 'string') {
      this.noteRefusal(terms.clientOrderId, admission)
      return { kind: 'refused', reason: admission }
    }
    return { kind: 'admitted', order: this.#admit(terms, admission) }
  }

  /** Whether and how an order would be admitted now; changes nothing. */
  consider(terms: OrderTerms): Admission | Refusal {
    const product = this.#rules.products.get(terms.productId)
    if (!product) return 'unknownProduct'
    if (this.isClosed) return 'closed'
    const refused = this.#rules.refuseTerms(terms, product, this.#parts.now())
    if (refused) return refused
    const admission = this.#rules.admit(terms, product, this.marketOf(product).offered(terms.side), this.rates)
    if (typeof admission === 'string') return admission
    const asset = terms.side === 'BUY' ? product.quote : product.base
    if (this.ledger.accounts.of(asset).free < admission.hold) return 'insufficientFunds'
    return this.ledger.full || this.#liveOn(product.id) >= this.#rules.openOrdersPerProduct ? 'tooManyOrders' : admission
  }

  /** Asks for a cancel; it happens `cancelDelayMs` later unless the order fills first. */
  requestCancel(orderId: string): CancelAnswer {
    const order = this.ledger.orders.get(orderId)
    if (!order) return 'unknown'
    if (order.status === 'CANCEL_QUEUED') return 'already requested'
    if (order.status === 'FILLED') return 'filled'
    if (!isLive(order)) return 'unknown'
    this.ledger.commit([{ type: 'cancelRequested', at: this.#parts.now(), orderId }])
    this.#tell(order)
    return 'requested'
  }

  /** Lets due cancels and expiries happen. Call it often; it looks at live orders only. */
  tick(): void {
    const now = this.#parts.now()
    for (const order of this.ledger.live.values()) {
      if (order.status === 'CANCEL_QUEUED' && now - order.updatedAt >= this.#parts.cancelDelayMs) this.#end(order, 'CANCELLED', 'User requested cancel')
      else if (order.terms.endAtMs !== undefined && now >= order.terms.endAtMs) this.#end(order, 'EXPIRED', 'Order expired')
    }
  }

  /** Cancels a live order at once; `cancelId` is what the request was called. False: it is not live. */
  cancelNow(orderId: string, cancelId: string): boolean {
    const order = this.ledger.live.get(orderId)
    if (order) this.#end(order, 'CANCELLED', '', cancelId)
    return order !== undefined
  }

  /** Reduces a live order to `quantity`, which leaves something to trade, without loss of its place; from then on it bears that client order id. */
  amend(order: Order, quantity: bigint, clientOrderId: string): void {
    const { terms, orderId, filled, hold } = order
    const product = productOf(order)
    const rest = quantity - filled
    const ticks = terms.limitTicks ?? 0
    const needed = terms.side === 'SELL' ? rest : this.#rules.holdFor('BUY', product, { quantity: rest, ticks }, this.rates)
    this.ledger.commit([{ type: 'amended', at: this.#parts.now(), orderId, clientOrderId, quantity, hold: needed < hold ? needed : hold }])
    this.marketOf(product).book.reduce(orderId, rest)
    this.#tell(order)
  }

  /**
   * Gives a live order another price and size; a smaller size at the same price keeps its place. What would trade at
   * once is refused.
   */
  edit(order: Order, { limitTicks, quantity }: { readonly limitTicks: number; readonly quantity: bigint }): Refusal | undefined {
    const { orderId, terms, hold } = order
    const product = productOf(order)
    const rest = quantity - order.filled
    const market = this.marketOf(product)
    const refused = this.#rules.refuseTerms({ ...terms, limitTicks, quantity }, product, this.#parts.now())
    if (refused) return refused
    const admission = this.#rules.admit({ ...terms, limitTicks, quantity: rest, postOnly: true }, product, market.offered(terms.side), this.rates)
    if (typeof admission === 'string') return admission
    const asset = terms.side === 'BUY' ? product.quote : product.base
    if (this.ledger.accounts.of(asset).free + hold < admission.hold) return 'insufficientFunds'
    const keepsPlace = limitTicks === terms.limitTicks && quantity < (terms.quantity ?? 0n)
    this.ledger.commit([{ type: 'amended', at: this.#parts.now(), orderId, clientOrderId: terms.clientOrderId, quantity, limitTicks, hold: admission.hold }])
    if (keepsPlace) market.book.reduce(orderId, rest)
    else {
      market.book.remove(orderId)
      this.#rest(order)
    }
    this.#tell(order)
    return undefined
  }

  /** Forgets every order, fill and client order id, and gives the account its opening balances again. */
  wipe(): void {
    for (const order of this.ledger.live.values()) this.marketOf(productOf(order)).book.remove(order.orderId)
    this.ledger.commit([{ type: 'wiped', at: this.#parts.now(), balances: Object.fromEntries(this.ledger.opening) }])
  }

  /** Ends the oldest live orders by the venue's own will. */
  endOldest(count: number, status: Exclude<FinalStatus, 'FILLED'>): void {
    const oldest = [...this.ledger.live.values()].slice(0, count)
    for (const order of oldest) this.#end(order, status, 'Ended by the venue')
  }

  /** A market moved: fills the resting orders it executes. */
  onMarket(marketId: string, event: MarketEvent): void {
    const market = this.markets.get(marketId)
    if (!market) return
    for (const execution of market.take(event, this.#parts.now())) this.#fillResting(market, execution)
    for (const watcher of this.#marketWatchers) watcher(market)
  }

  /** The next `count` executions of resting orders fill only half of what they could, at least one step. */
  halveNextExecutions(count: number): void {
    this.#partial = { count, share: ONE / 2n }
  }

  #admit(terms: OrderTerms, admission: Admission): Order {
    const product = this.#rules.products.get(terms.productId)
    if (!product) throw new Error(`product ${terms.productId} is not listed`)
    const orderId = this.#rules.nameOrder(product.id)
    this.ledger.commit(this.#settlement.admission(orderId, terms, admission, product))
    for (const bite of admission.taken) this.#use(product, terms, bite)
    const order = this.ledger.orders.get(orderId)
    if (!order) throw new Error(`order ${orderId} is lost`)
    if (isLive(order)) this.#rest(order)
    this.#tell(order)
    return order
  }

  #use(product: Product, terms: OrderTerms, bite: Taken): void {
    const market = this.marketOf(product)
    const touch = terms.side === 'BUY' ? market.quote?.ask : market.quote?.bid
    if (bite.price === touch) market.book.use(terms.side, bite.quantity)
  }

  #fillResting(market: Market, execution: Execution): void {
    const order = this.ledger.live.get(execution.orderId)
    if (!order) return
    const quantity = this.#limited(execution.quantity, productOf(order))
    this.ledger.commit(this.#settlement.execution(order, { price: execution.price, quantity }))
    if (quantity < execution.quantity) {
      market.book.remove(order.orderId)
      this.#rest(order)
    }
    this.#tell(order)
  }

  #limited(quantity: bigint, product: Product): bigint {
    if (this.#partial.count === 0) return quantity
    this.#partial.count -= 1
    const half = multiply(quantity, this.#partial.share)
    const stepped = half - (half % product.baseIncrement)
    return stepped > 0n ? stepped : quantity
  }

  #rest(order: Order): void {
    const { side, limitTicks } = order.terms
    if (limitTicks === undefined) return
    this.marketOf(productOf(order)).book.add({ id: order.orderId, side, price: limitTicks, remaining: remaining(order) })
  }

  #end(order: Order, status: FinalStatus, message: string, cancelId?: string): void {
    this.marketOf(productOf(order)).book.remove(order.orderId)
    this.ledger.commit([{ type: 'ended', at: this.#parts.now(), orderId: order.orderId, status, message, ...(cancelId === undefined ? {} : { cancelId }) }])
    this.#tell(order)
  }

  #liveOn(productId: string): number {
    let count = 0
    for (const order of this.ledger.live.values()) if (order.terms.productId === productId) count += 1
    return count
  }

  #tell(order: Order): void {
    for (const watcher of this.#watchers) watcher(order)
  }
}
