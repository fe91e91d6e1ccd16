/**
 * One instrument as paper orders meet it: the queues they wait in, and what they have used of the real book. Nothing here is
 * durable; after a restart every queue is unseen, which puts every order at its end.
 *
 * M1  Nothing fills but by what the real market showed or did: a trade of the tape, or a displayed level. While nobody hears
 *     the market nothing fills, also where the real one would have: paper is pessimistic, never generous.
 * M2  A resting order really has at most the share `participation` of a trade, or of a displayed level, that meets it.
 * M3  No displayed size is used twice, by takers and resting orders together (U1).
 * M4  A trade counts once: the last `tradesRemembered` ids are known, and a trade from before those counts not at all.
 * M5  A quote that is older than the last one, crossed or unreadable says nothing.
 */
import type { Price, Quantity } from '../../domain/decimal.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Book, PublicTrade } from '../../domain/market-data.ts'
import type { Side } from '../../domain/order.ts'
import { quoteProblem, type Quote } from '../../domain/quote.ts'
import type { Millis } from '../../domain/time.ts'
import type { PaperOrder } from '../../ports/paper-ledger.ts'
import type { Level } from '../../simulated-market/depth.ts'
import { takeLiquidity } from '../../simulated-market/liquidity.ts'
import { QueueBook } from '../../simulated-market/queue-book.ts'
import { UsedLiquidity } from '../../simulated-market/used-liquidity.ts'
import { atomsOf, bookSide, Grid, opposite, quantityOf } from './grid.ts'
import { TapeMemory } from './tape-memory.ts'
import { restOf } from './settlement.ts'
import type { Settings } from './options.ts'

const levelsRemembered = 1_000

/** So much of an order is executed at a price. */
export interface Executed {
  readonly venueOrderId: string
  readonly quantity: Quantity
}

/** So much is taken from a displayed level. */
export interface TakenLevel {
  readonly price: Price
  readonly quantity: Quantity
}

/** Both sides of the real book at one look. */
interface View {
  readonly levels: Readonly<Record<Side, readonly Level[]>>
  /** The price text of a tick that was displayed. */
  readonly prices: ReadonlyMap<number, Price>
  /** Whether a side ended before the depth that was asked for. */
  readonly whole: Readonly<Record<Side, boolean>>
}

export class PaperMarket {
  readonly #settings: Settings
  readonly #grid: Grid
  readonly #queues: QueueBook
  readonly #tape = new TapeMemory()
  readonly #used: Readonly<Record<Side, UsedLiquidity>> = { buy: new UsedLiquidity('BUY', levelsRemembered), sell: new UsedLiquidity('SELL', levelsRemembered) }
  readonly #part: bigint
  #view: View = { levels: { buy: [], sell: [] }, prices: new Map(), whole: { buy: false, sell: false } }
  #quotedAt: Millis = -Infinity

  constructor(instrument: Instrument, settings: Settings) {
    this.#settings = settings
    this.#grid = new Grid(instrument)
    this.#queues = new QueueBook(settings.maxWorking)
    this.#part = atomsOf(settings.participation)
  }

  /** Takes the real book as it is now. False when it cannot be: crossed, or without a price. */
  see(book: Book): boolean {
    const levels = { buy: this.#grid.levels('buy', book.bids), sell: this.#grid.levels('sell', book.asks) }
    const [bid, ask] = [levels.buy[0]?.price, levels.sell[0]?.price]
    if (bid !== undefined && ask !== undefined && quoteProblem(bid, ask, undefined, true) !== undefined) return false
    const named = (side: Side, rungs: Book['bids']) => rungs.map(({ price }) => [this.#grid.own(side, price), price] as const)
    const prices = new Map([...named('buy', book.bids), ...named('sell', book.asks)])
    const { depth } = this.#settings
    this.#view = { levels, prices, whole: { buy: book.bids.length < depth, sell: book.asks.length < depth } }
    for (const side of ['buy', 'sell'] as const) {
      this.#used[side].see(levels[side])
      this.#queues.seeQueues(bookSide(side), (ticks) => this.#displayed(side, ticks))
    }
    return true
  }

  /** Takes a quote. True when the book must be looked at: a resting order may be met, or a queue can be seen (M5). */
  hear({ bid, ask, at }: Quote): boolean {
    const [low, high] = [this.#grid.met('sell', bid), this.#grid.met('buy', ask)]
    if (at < this.#quotedAt || quoteProblem(low, high, undefined, true) !== undefined) return false
    this.#quotedAt = at
    this.#used.buy.seeBest(low)
    this.#used.sell.seeBest(high)
    return this.#queues.wantsLook(low, high)
  }

  /** What a trade of the tape executes (M2, M4). */
  trade(trade: PublicTrade): readonly Executed[] {
    if (!this.#tape.isNew(trade)) return []
    const maker = opposite(trade.taker)
    const quantity = atomsOf(trade.quantity)
    const stamped = { price: this.#grid.met(maker, trade.price), quantity, makerSide: bookSide(maker), at: trade.at, most: this.#grid.share(quantity, this.#part) }
    return Number.isNaN(stamped.price) ? [] : this.#queues.onTrade(stamped).map(executedOf)
  }

  /** What the last look at the book executes of resting orders (M2, M3). */
  match(): readonly Executed[] {
    return (['buy', 'sell'] as const).flatMap((side) => {
      const used = this.#used[opposite(side)]
      const offers = this.#view.levels[opposite(side)].map((level) => ({ price: level.price, size: used.left({ price: level.price, size: this.#grid.share(level.size, this.#part) }) }))
      const { executions, taken } = this.#queues.onOffers(bookSide(side), offers)
      for (const { price, quantity } of taken) used.use(price, quantity)
      return executions.map(executedOf)
    })
  }

  /** What an order would take from the book as last seen, best first. */
  offered({ side, price, quantity }: Pick<PaperOrder, 'side' | 'price' | 'quantity'>): readonly TakenLevel[] {
    const used = this.#used[opposite(side)]
    const offers = this.#view.levels[opposite(side)].map((level) => ({ price: level.price, size: this.#grid.steps(used.left(level)) }))
    const taken = takeLiquidity({ side: bookSide(side), quantity: atomsOf(quantity), limit: this.#grid.own(side, price) }, offers)
    return taken.map((bite) => ({ price: this.#view.prices.get(bite.price) ?? price, quantity: quantityOf(bite.quantity) }))
  }

  /** Whether the order's price is at or through the best opposite price, as last seen; what paper orders have used of it is still in the real book. */
  crosses({ side, price }: Pick<PaperOrder, 'side' | 'price'>): boolean {
    const best = this.#view.levels[opposite(side)][0]?.price
    if (best === undefined) return false
    const own = this.#grid.own(side, price)
    return side === 'buy' ? own >= best : own <= best
  }

  /** Notes what an order of this side has taken (M3). */
  use(side: Side, taken: readonly TakenLevel[]): void {
    for (const { price, quantity } of taken) this.#used[opposite(side)].use(this.#grid.met(side, price), atomsOf(quantity))
  }

  /** Puts an order, or what is left of it, at the end of its queue. */
  rest(order: PaperOrder, since: Millis, queue: 'displayed' | 'unseen'): void {
    const { venueOrderId: id, side } = order
    const price = this.#grid.own(side, order.price)
    const ahead = queue === 'displayed' ? this.#displayed(side, price) : undefined
    this.#queues.remove(id)
    this.#queues.add({ id, side: bookSide(side), price, remaining: atomsOf(restOf(order)), ahead, since })
  }

  /** Makes a resting order smaller where it stands. */
  shrink(order: PaperOrder): void {
    this.#queues.reduce(order.venueOrderId, atomsOf(restOf(order)))
  }

  leave(venueOrderId: string): void {
    this.#queues.remove(venueOrderId)
  }

  /** Puts exactly these orders back, each at the end of a queue that nobody has seen. */
  restAnew(orders: readonly PaperOrder[], since: Millis): void {
    this.#queues.clear()
    for (const order of orders) this.rest(order, since, 'unseen')
  }

  /** What stands at a price of the book as last seen; undefined where the look did not reach. */
  #displayed(side: Side, ticks: number): bigint | undefined {
    const levels = this.#view.levels[side]
    const level = levels.find(({ price }) => price === ticks)
    if (level !== undefined) return level.size
    const last = levels.at(-1)?.price
    const inView = last !== undefined && (side === 'buy' ? ticks > last : ticks < last)
    return inView || this.#view.whole[side] ? 0n : undefined
  }
}

const executedOf = ({ orderId, quantity }: { readonly orderId: string; readonly quantity: bigint }): Executed => ({ venueOrderId: orderId, quantity: quantityOf(quantity) })
