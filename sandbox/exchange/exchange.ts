import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import type { Taken } from '../../src/simulated-market/liquidity.ts'
import type { Execution } from '../../src/simulated-market/resting-book.ts'
import { admit, refuseTerms, type Admission, type Refusal } from './admission.ts'
import { multiply, ONE } from './amounts.ts'
import { feeOn, holdFor, type FeeRates } from './fees.ts'
import { Ledger, productOf } from './ledger.ts'
import type { LedgerEvent } from './ledger-event.ts'
import type { Market } from './market.ts'
import { isLive, remaining, type Fill, type FinalStatus, type Order, type OrderTerms } from './order.ts'
import { priceAtoms, products, type Product } from './products.ts'

/** What became of a wish to place an order. */
export type Placed = { readonly kind: 'admitted' | 'known'; readonly order: Order } | { readonly kind: 'refused'; readonly reason: Refusal }

/** What became of a wish to cancel. */
export type CancelAnswer = 'requested' | 'already requested' | 'filled' | 'unknown'

export interface ExchangeParts {
  readonly ledger: Ledger
  readonly markets: ReadonlyMap<string, Market>
  readonly rates: FeeRates
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A name for a new order, fill or trade; never the same twice. */
  readonly newId: () => string
  /** How long a cancel stays queued, during which the order can still fill. */
  readonly cancelDelayMs: number
  /** True while no new order is taken. */
  readonly isClosed?: () => boolean
}

const OPEN_ORDERS_PER_PRODUCT = 500

/**
 * The exchange without any dialect: admits, matches, cancels and expires orders, and tells watchers of every changed order after it is in the ledger.
 */
export class Exchange {
  readonly ledger: Ledger
  readonly markets: ReadonlyMap<string, Market>
  readonly rates: FeeRates
  readonly #parts: ExchangeParts
  readonly #watchers = new Set<(order: Order) => void>()
  /** Largest size one execution of a resting order may have, as a fraction in atoms, for the next `count` executions. */
  #partial = { count: 0, share: ONE }

  constructor(parts: ExchangeParts) {
    this.ledger = parts.ledger
    this.markets = parts.markets
    this.rates = parts.rates
    this.#parts = parts
    for (const order of this.ledger.live.values()) this.#rest(order)
  }

  /** The products whose books are traded here. */
  get listed(): readonly Product[] {
    return [...products.values()].filter(({ market }) => this.markets.has(market))
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

  /** Places an order, or answers the one that already has its client order id. */
  place(terms: OrderTerms): Placed {
    const known = this.ledger.clientIds.get(terms.clientOrderId)?.orderId
    const earlier = known === undefined ? undefined : this.ledger.orders.get(known)
    if (earlier) return { kind: 'known', order: earlier }
    const admission = this.consider(terms)
    if (typeof admission === 'string') {
      this.noteRefusal(terms.clientOrderId, admission)
      return { kind: 'refused', reason: admission }
    }
    return { kind: 'admitted', order: this.#admit(terms, admission) }
  }

  /** Whether and how an order would be admitted now; changes nothing. */
  consider(terms: OrderTerms): Admission | Refusal {
    const product = products.get(terms.productId)
    if (!product) return 'unknownProduct'
    if (this.isClosed) return 'closed'
    const refused = refuseTerms(terms, product, this.#parts.now())
    if (refused) return refused
    const admission = admit(terms, product, this.marketOf(product).offered(terms.side), this.rates)
    if (typeof admission === 'string') return admission
    const asset = terms.side === 'BUY' ? product.quote : product.base
    if (this.ledger.accounts.of(asset).free < admission.hold) return 'insufficientFunds'
    return this.ledger.full || this.#liveOn(product.id) >= OPEN_ORDERS_PER_PRODUCT ? 'tooManyOrders' : admission
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
  }

  /** The next `count` executions of resting orders fill only half of what they could, at least one step. */
  halveNextExecutions(count: number): void {
    this.#partial = { count, share: ONE / 2n }
  }

  #admit(terms: OrderTerms, admission: Admission): Order {
    const orderId = this.#parts.newId()
    const product = products.get(terms.productId)
    if (!product) throw new Error(`product ${terms.productId} is not listed`)
    this.ledger.commit([{ type: 'admitted', at: this.#parts.now(), orderId, terms, hold: admission.hold }, ...this.#takes(orderId, terms, admission)])
    for (const bite of admission.taken) this.#use(product, terms, bite)
    const order = this.ledger.orders.get(orderId)
    if (!order) throw new Error(`order ${orderId} is lost`)
    if (isLive(order)) this.#rest(order)
    this.#tell(order)
    return order
  }

  /** The fills of an incoming order and, unless it stays in the book, its end: committed together with its admission. */
  #takes(orderId: string, terms: OrderTerms, { taken, hold, whole }: Admission): LedgerEvent[] {
    const product = products.get(terms.productId)
    if (!product) return []
    const at = this.#parts.now()
    const events: LedgerEvent[] = []
    let left = hold
    let quantity = 0n
    for (const bite of taken) {
      const plain = this.#newFill({ orderId, terms, product, bite, liquidity: 'TAKER', at })
      // An order sized in quote is spent to the last digit: size + commission = quote_size (coinbase-advanced-trade.md 5.13).
      const fill = terms.quoteSize !== undefined && whole && bite === taken.at(-1) ? { ...plain, fee: left - plain.value } : plain
      quantity += bite.quantity
      left = this.#holdAfter(terms, product, { before: left, fill, rest: (terms.quantity ?? 0n) - quantity })
      events.push({ type: 'filled', at, fill, holdAfter: left })
    }
    if (whole) events.push({ type: 'ended', at, orderId, status: 'FILLED', message: '' })
    else if (terms.timeInForce === 'IOC' || terms.timeInForce === 'FOK') events.push({ type: 'ended', at, orderId, status: 'CANCELLED', message: 'Remainder of an immediate order' })
    return events
  }

  #holdAfter(terms: OrderTerms, product: Product, step: { before: bigint; fill: Fill; rest: bigint }): bigint {
    if (terms.side === 'SELL') return step.before - step.fill.quantity
    if (terms.limitTicks === undefined) return step.before - step.fill.value - step.fill.fee
    return holdFor(terms, product, { quantity: step.rest, ticks: terms.limitTicks }, this.rates)
  }

  #use(product: Product, terms: OrderTerms, bite: Taken): void {
    const market = this.marketOf(product)
    const touch = terms.side === 'BUY' ? market.quote?.ask : market.quote?.bid
    if (bite.price === touch) market.book.use(terms.side, bite.quantity)
  }

  #fillResting(market: Market, execution: Execution): void {
    const order = this.ledger.live.get(execution.orderId)
    if (!order) return
    const product = productOf(order)
    const { terms, orderId } = order
    const quantity = this.#limited(execution.quantity, product)
    const at = this.#parts.now()
    const fill = this.#newFill({ orderId, terms, product, bite: { price: execution.price, quantity }, liquidity: 'MAKER', at })
    const rest = remaining(order) - quantity
    const events: LedgerEvent[] = [{ type: 'filled', at, fill, holdAfter: this.#holdAfter(terms, product, { before: order.hold, fill, rest }) }]
    if (rest === 0n) events.push({ type: 'ended', at, orderId, status: 'FILLED', message: '' })
    this.ledger.commit(events)
    if (quantity < execution.quantity) {
      market.book.remove(orderId)
      this.#rest(order)
    }
    this.#tell(order)
  }

  #newFill({ orderId, terms, product, bite, liquidity, at }: FillFacts): Fill {
    const price = priceAtoms(product, bite.price)
    const value = multiply(price, bite.quantity)
    return {
      entryId: this.#parts.newId(),
      tradeId: this.#parts.newId(),
      orderId,
      productId: product.id,
      side: terms.side,
      price,
      quantity: bite.quantity,
      value,
      fee: feeOn(value, liquidity, this.rates),
      feeAsset: product.quote,
      liquidity,
      sizeInQuote: terms.quoteSize !== undefined,
      at,
    }
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

  #end(order: Order, status: FinalStatus, message: string): void {
    this.marketOf(productOf(order)).book.remove(order.orderId)
    this.ledger.commit([{ type: 'ended', at: this.#parts.now(), orderId: order.orderId, status, message }])
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

interface FillFacts {
  readonly orderId: string
  readonly terms: OrderTerms
  readonly product: Product
  readonly bite: Taken
  readonly liquidity: 'MAKER' | 'TAKER'
  readonly at: number
}
