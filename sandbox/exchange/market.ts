import { depthBehind, type DepthShape, type Level } from '../../src/simulated-market/depth.ts'
import type { MarketEvent, Quote, Side, TapeTrade } from '../../src/simulated-market/market-event.ts'
import { RestingBook, type Execution } from '../../src/simulated-market/resting-book.ts'
import { CandleStore } from './candle-store.ts'

/** A print as the public tape shows it; ids are consecutive per market. */
export interface PublicTrade extends TapeTrade {
  readonly tradeId: number
  /** Milliseconds since 1970. */
  readonly at: number
}

const TAPE_LENGTH = 1000

/** One book and its tape, shared by a product and its aliases. Prices in ticks, sizes in atoms. */
export class Market {
  readonly book = new RestingBook(5000)
  readonly candles = new CandleStore()
  /** The last hour by the second. */
  readonly seconds = new CandleStore(3600, 1)
  readonly id: string
  readonly #shape: DepthShape
  readonly #tape: PublicTrade[] = []
  #quote: Quote | undefined
  #nextTradeId: number
  #version = 0

  constructor(id: string, shape: DepthShape, firstTradeId: number) {
    this.id = id
    this.#shape = shape
    this.#nextTradeId = firstTradeId
  }

  /** The present best bid and offer; undefined before the first. */
  get quote(): Quote | undefined {
    return this.#quote
  }

  /** Rises with every quote and trade. */
  get version(): number {
    return this.#version
  }

  get lastTrade(): PublicTrade | undefined {
    return this.#tape.at(-1)
  }

  /** The last trade's price in ticks, or the bid before any trade. */
  get lastTicks(): number {
    return this.lastTrade?.price ?? this.#quote?.bid ?? 1
  }

  /** The latest prints, oldest first, at most 1000; `afterId` leaves out those up to that id. */
  tape(afterId = 0): readonly PublicTrade[] {
    return afterId === 0 ? this.#tape : this.#tape.filter((trade) => trade.tradeId > afterId)
  }

  /** One side of the book, best first, synthesised around the quote. Empty before the first quote. */
  depth(side: Side): Level[] {
    return this.#quote ? depthBehind(this.#quote, side, this.#shape) : []
  }

  /** What a taker of `side` finds: the opposite book with the best level less what is already used up. */
  offered(side: Side): Level[] {
    const [best, ...behind] = this.depth(side === 'BUY' ? 'SELL' : 'BUY')
    return best ? [{ price: best.price, size: this.book.available(side) }, ...behind] : []
  }

  /** Takes one market event in and answers what it executes among the clients' resting orders. */
  take(event: MarketEvent, nowMs: number): Execution[] {
    this.#version += 1
    if (event.kind === 'quote') {
      this.#quote = event.quote
      return this.book.onQuote(event.quote)
    }
    this.#tape.push({ ...event.trade, tradeId: this.#nextTradeId, at: nowMs })
    this.#nextTradeId += 1
    if (this.#tape.length > TAPE_LENGTH) this.#tape.shift()
    for (const store of [this.candles, this.seconds]) store.add(nowMs, event.trade.price, event.trade.quantity, event.trade.makerSide === 'SELL')
    return this.book.onTrade(event.trade)
  }
}
