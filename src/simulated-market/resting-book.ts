import type { Quote, Side, TapeTrade } from './market-event.ts'
import { placeFor, positive, reaches } from './price-priority.ts'

/** A client's order waiting in the book. Price in ticks, `remaining` in quantity units, larger than zero. */
export interface RestingOrder {
  readonly id: string
  readonly side: Side
  readonly price: number
  readonly remaining: bigint
}

/** One execution of a resting order, always at its own price. */
export interface Execution {
  readonly orderId: string
  readonly price: number
  readonly quantity: bigint
}

interface Waiting {
  readonly id: string
  readonly side: Side
  readonly price: number
  remaining: bigint
  /** Size of others at the same price that trades first; undefined until the price has been the touch. */
  ahead: bigint | undefined
}

/**
 * The clients' resting orders of one market, matched in price-time priority against the market's own quotes and tape.
 *
 * R1 An order never executes beyond `remaining`, nor worse than its price.
 * R2 A trade through the order's price, or at it once the queue ahead has traded, executes it, bounded by the trade's quantity.
 * R3 An opposite quote at or through the order's price executes it, bounded by the quote's size not yet used at that price.
 * R4 Better prices go first; at one price the earlier order goes first.
 *
 * Bound: `limit` orders; `add` answers false beyond it.
 */
export class RestingBook {
  readonly #buys: Waiting[] = []
  readonly #sells: Waiting[] = []
  readonly #limit: number
  readonly #used = { BUY: { price: 0, size: 0n }, SELL: { price: 0, size: 0n } }
  #quote: Quote | undefined

  constructor(limit = 10_000) {
    this.#limit = limit
  }

  get size(): number {
    return this.#buys.length + this.#sells.length
  }

  /** Puts an order at the back of its price level. False: the book is full. */
  add(order: RestingOrder): boolean {
    if (this.size >= this.#limit) return false
    const waiting: Waiting = { id: order.id, side: order.side, price: order.price, remaining: order.remaining, ahead: undefined }
    if (this.#quote) joinQueue(waiting, this.#quote)
    const orders = this.#orders(order.side)
    orders.splice(placeFor(orders, waiting), 0, waiting)
    return true
  }

  /** Makes an order smaller without moving it; `remaining` is what is left to trade. False: it is not here. */
  reduce(id: string, remaining: bigint): boolean {
    const order = [...this.#buys, ...this.#sells].find((waiting) => waiting.id === id)
    if (order) order.remaining = remaining
    return order !== undefined
  }

  /** Takes an order out. False: it is not here. */
  remove(id: string): boolean {
    return [this.#buys, this.#sells].some((orders) => {
      const index = orders.findIndex((order) => order.id === id)
      if (index >= 0) orders.splice(index, 1)
      return index >= 0
    })
  }

  /** A new best bid and offer: what it executes, in priority order. */
  onQuote(quote: Quote): Execution[] {
    this.#quote = quote
    const executions = [...this.#crossed('BUY', quote.ask, quote.askSize), ...this.#crossed('SELL', quote.bid, quote.bidSize)]
    for (const orders of [this.#buys, this.#sells]) this.#joinTouch(orders, quote)
    return executions
  }

  /** A print on the tape: what it executes, in priority order, together at most its quantity. */
  onTrade(trade: TapeTrade): Execution[] {
    const side = trade.makerSide
    let left = trade.quantity
    const executions: Execution[] = []
    for (const order of this.#orders(side)) {
      if (left === 0n || !reaches(order, trade.price)) break
      if (order.price === trade.price) {
        const queue = order.ahead ?? 0n
        const passed = queue < left ? queue : left
        order.ahead = queue - passed
        left -= passed
        this.#advance(order, passed)
      }
      left -= execute(order, left, executions)
    }
    this.#sweep(side)
    return executions
  }

  /** How much of the opposite quote's size is not used up at its present price, for a taker of `side`. */
  available(side: Side): bigint {
    if (!this.#quote) return 0n
    const [price, size] = side === 'BUY' ? [this.#quote.ask, this.#quote.askSize] : [this.#quote.bid, this.#quote.bidSize]
    const used = this.#used[side]
    return used.price === price ? positive(size - used.size) : size
  }

  /** Notes that a taker of `side` has used `quantity` of the opposite quote. */
  use(side: Side, quantity: bigint): void {
    if (!this.#quote) return
    const price = side === 'BUY' ? this.#quote.ask : this.#quote.bid
    const used = this.#used[side]
    if (used.price !== price) this.#used[side] = { price, size: 0n }
    this.#used[side].size += quantity
  }

  #crossed(side: Side, price: number, size: bigint): Execution[] {
    const used = this.#used[side]
    if (used.price !== price) this.#used[side] = { price, size: 0n }
    let left = positive(size - this.#used[side].size)
    const executions: Execution[] = []
    for (const order of this.#orders(side)) {
      if (left === 0n || !reaches(order, price)) break
      const quantity = execute(order, left, executions)
      left -= quantity
      this.#used[side].size += quantity
    }
    this.#sweep(side)
    return executions
  }

  #joinTouch(orders: Waiting[], quote: Quote): void {
    for (const order of orders) {
      // Sorted best first: whatever is worse than the touch ends the look.
      if (!reaches(order, order.side === 'BUY' ? quote.bid : quote.ask)) return
      joinQueue(order, quote)
    }
  }

  /** The size ahead stands before every client order of the price, so a trade's volume passes it only once. */
  #advance(first: Waiting, passed: bigint): void {
    for (const order of this.#orders(first.side)) {
      if (order !== first && order.price === first.price && order.ahead !== undefined) order.ahead = positive(order.ahead - passed)
    }
  }

  #sweep(side: Side): void {
    const orders = this.#orders(side)
    if (!orders.some((order) => order.remaining === 0n)) return
    const open = orders.filter((order) => order.remaining > 0n)
    orders.splice(0, orders.length, ...open)
  }

  #orders(side: Side): Waiting[] {
    return side === 'BUY' ? this.#buys : this.#sells
  }
}

/** At the touch: the displayed size stands ahead, and it can only shrink. */
function joinQueue(order: Waiting, quote: Quote): void {
  const [price, size] = order.side === 'BUY' ? [quote.bid, quote.bidSize] : [quote.ask, quote.askSize]
  if (order.price !== price) return
  order.ahead = order.ahead === undefined || order.ahead > size ? size : order.ahead
}

function execute(order: Waiting, left: bigint, executions: Execution[]): bigint {
  const quantity = order.remaining < left ? order.remaining : left
  if (quantity <= 0n) return 0n
  order.remaining -= quantity
  executions.push({ orderId: order.id, price: order.price, quantity })
  return quantity
}
