import type { Level } from './depth.ts'
import { takeLiquidity, type Taken } from './liquidity.ts'
import type { Side, TapeTrade } from './market-event.ts'
import { lesser, placeFor, positive, reaches } from './price-priority.ts'
import type { Execution } from './resting-book.ts'

/** An order in the queue of a market that does not know of it. Price in ticks, quantities in quantity units. */
export interface QueuedOrder {
  readonly id: string
  readonly side: Side
  readonly price: number
  readonly remaining: bigint
  /** What others have waiting before it at its price; undefined while nobody has seen that. */
  readonly ahead: bigint | undefined
  /** When it took its place, on the clock of the tape. */
  readonly since: number
}

/** A print with the moment it was made, and the most of it that all orders here may have together. */
export interface StampedTrade extends TapeTrade {
  readonly at: number
  readonly most: bigint
}

/** What was executed, and from which of the offered levels. */
export interface Match {
  readonly executions: readonly Execution[]
  readonly taken: readonly Taken[]
}

type Queued = { -readonly [K in keyof QueuedOrder]: QueuedOrder[K] }

/**
 * Orders that wait in the queues of a foreign market, where others stand before them.
 *
 * Q1 An order never executes beyond `remaining`, nor worse than its price.
 * Q2 A trade at its price passes the queue ahead first; only what is left of it executes the order. A trade through its price
 *    has passed the whole queue. All orders together have at most `most` of one trade.
 * Q3 Offered levels at or through its price execute it, together at most what they offer.
 * Q4 A queue that nobody has seen is never passed: only a trade through the price, or an offer, executes the order.
 * Q5 A trade from before the order's arrival does nothing for it.
 * Q6 Better prices go first; at one price the earlier order goes first.
 *
 * Bound: `limit` orders; `add` answers false beyond it.
 */
export class QueueBook {
  readonly #orders: Record<Side, Queued[]> = { BUY: [], SELL: [] }
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#orders.BUY.length + this.#orders.SELL.length
  }

  /** Puts an order behind all that wait here at its price. False: the book is full. */
  add(order: QueuedOrder): boolean {
    if (this.size >= this.#limit) return false
    const side = this.#orders[order.side]
    side.splice(placeFor(side, order), 0, { ...order })
    return true
  }

  /** Makes an order smaller without moving it; `remaining` is what is left to trade. False: it is not here. */
  reduce(id: string, remaining: bigint): boolean {
    const order = [...this.#orders.BUY, ...this.#orders.SELL].find((one) => one.id === id)
    if (order) order.remaining = remaining
    return order !== undefined
  }

  /** Takes an order out. False: it is not here. */
  remove(id: string): boolean {
    return Object.values(this.#orders).some((orders) => {
      const index = orders.findIndex((order) => order.id === id)
      if (index >= 0) orders.splice(index, 1)
      return index >= 0
    })
  }

  clear(): void {
    for (const orders of Object.values(this.#orders)) orders.length = 0
  }

  /** A print of the tape: what it executes, in priority order. */
  onTrade(trade: StampedTrade): Execution[] {
    let volume = trade.quantity
    let most = trade.most
    const executions: Execution[] = []
    for (const order of this.#orders[trade.makerSide]) {
      if (volume === 0n || !reaches(order, trade.price)) break
      if (order.since > trade.at) continue
      if (order.price === trade.price) volume -= this.#passQueue(order, volume)
      else order.ahead = 0n
      const quantity = order.ahead === 0n ? lesser(order.remaining, lesser(most, volume)) : 0n
      if (quantity === 0n) continue
      volume -= quantity
      most -= quantity
      order.remaining -= quantity
      executions.push({ orderId: order.id, price: order.price, quantity })
    }
    this.#sweep(trade.makerSide)
    return executions
  }

  /** Levels of the opposite book, best first, that orders of `side` may have: what they execute, in priority order. */
  onOffers(side: Side, offers: readonly Level[]): Match {
    const executions: Execution[] = []
    const taken: Taken[] = []
    let left = offers
    for (const order of this.#orders[side]) {
      const bites = takeLiquidity({ side, quantity: order.remaining, limit: order.price }, left)
      const quantity = bites.reduce((sum, bite) => sum + bite.quantity, 0n)
      if (quantity === 0n) continue
      order.remaining -= quantity
      left = without(left, bites)
      taken.push(...bites)
      executions.push({ orderId: order.id, price: order.price, quantity })
    }
    this.#sweep(side)
    return { executions, taken }
  }

  /** Whether some order is at or through the opposite touch, or at its own touch behind a queue that nobody has seen. */
  wantsLook(bid: number, ask: number): boolean {
    const wants = (orders: readonly Queued[], opposite: number, own: number): boolean =>
      orders.some((order) => reaches(order, opposite) || (order.ahead === undefined && reaches(order, own)))
    return wants(this.#orders.BUY, ask, bid) || wants(this.#orders.SELL, bid, ask)
  }

  /** The displayed size at a price stands ahead of every order there whose queue nobody had seen; undefined: it still is not seen. */
  seeQueues(side: Side, displayedAt: (price: number) => bigint | undefined): void {
    for (const order of this.#orders[side]) order.ahead ??= displayedAt(order.price)
  }

  /** The queue ahead passes once for all who wait at the price. */
  #passQueue(first: Queued, volume: bigint): bigint {
    if (first.ahead === undefined) return 0n
    const passed = lesser(first.ahead, volume)
    for (const order of this.#orders[first.side]) {
      if (order.price === first.price && order.ahead !== undefined) order.ahead = positive(order.ahead - passed)
    }
    return passed
  }

  #sweep(side: Side): void {
    const orders = this.#orders[side]
    if (orders.some((order) => order.remaining === 0n)) orders.splice(0, orders.length, ...orders.filter((order) => order.remaining > 0n))
  }
}

function without(levels: readonly Level[], bites: readonly Taken[]): Level[] {
  const used = new Map(bites.map((bite) => [bite.price, bite.quantity]))
  return levels.map(({ price, size }) => ({ price, size: size - (used.get(price) ?? 0n) }))
}
