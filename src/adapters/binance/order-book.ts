/**
 * A local copy of one symbol's book, from a snapshot and the changes since (binance-spot.md 6.2). Pure: it is handed
 * everything and says when it needs a new snapshot.
 *
 * K1  It is live only while every change since its snapshot was taken, in order and without a gap.
 * K2  What was missed is never guessed: after a gap it tells nothing until a new snapshot has healed it.
 * K3  Changes that wait for a snapshot are bounded; beyond the bound they are a gap.
 */
import type { Price } from '../../domain/decimal.ts'
import type { Book } from '../../domain/market-data.ts'
import type { LiveBook } from '../../ports/venue.ts'
import { BookSide, type Level } from '../venue-kit/book-side.ts'

/** A change: quantities are absolute, "0" removes the level. */
export interface BookDiff {
  readonly firstId: number
  readonly lastId: number
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}

export interface BookSnapshot {
  readonly lastId: number
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}

/** What became of a change. After `gap` a new snapshot is needed. */
export type Taken = 'buffered' | 'stale' | 'applied' | 'gap'

/** Changes kept for a snapshot that is on its way: more than a minute of the fastest stream. */
const mostBuffered = 1_000

export class OrderBook implements LiveBook {
  readonly instrument: string
  #bids = new BookSide('bid')
  #asks = new BookSide('ask')
  #buffer: BookDiff[] = []
  #lastId: number | undefined

  constructor(instrument: string) {
    this.instrument = instrument
  }

  /** True while the book is whole (K1). */
  get isLive(): boolean {
    return this.#lastId !== undefined
  }

  /** The venue's number of the last change that is in; 0 while the book is not live. */
  get lastId(): number {
    return this.#lastId ?? 0
  }

  /** Best bid and ask; undefined while the book is not live or a side is empty. */
  get best(): { readonly bid: Price; readonly ask: Price } | undefined {
    const bid = this.#bids.best
    const ask = this.#asks.best
    return this.#lastId === undefined || bid === undefined || ask === undefined ? undefined : { bid, ask }
  }

  /** The levels of a side, best first; none while the book is not live. */
  levels(side: 'bids' | 'asks'): readonly Level[] {
    if (this.#lastId === undefined) return []
    return side === 'bids' ? this.#bids.levels : this.#asks.levels
  }

  top(depth: number): Pick<Book, 'bids' | 'asks'> {
    const best = (side: 'bids' | 'asks') => this.levels(side).slice(0, depth).map(([price, quantity]) => ({ price, quantity }))
    return { bids: best('bids'), asks: best('asks') }
  }

  take(diff: BookDiff): Taken {
    if (this.#lastId === undefined) return this.#keep(diff)
    if (diff.lastId <= this.#lastId) return 'stale'
    if (diff.firstId > this.#lastId + 1) {
      this.lose()
      this.#keep(diff)
      return 'gap'
    }
    return this.#apply(diff) ? 'applied' : 'gap'
  }

  /**
   * Begins from a snapshot and what was kept meanwhile.
   * @returns false when the snapshot is older than the first change that was kept: another is needed
   */
  begin(snapshot: BookSnapshot): boolean {
    const kept = this.#buffer.filter(({ lastId }) => lastId > snapshot.lastId)
    const [first] = kept
    if (first !== undefined && first.firstId > snapshot.lastId + 1) return false
    this.lose()
    this.#bids.fill(snapshot.bids)
    this.#asks.fill(snapshot.asks)
    this.#lastId = snapshot.lastId
    return this.#isCrossed() ? this.#fail() : kept.every((diff) => this.take(diff) !== 'gap')
  }

  /** A change was lost, or could not be read: nothing is known any more (K2). */
  lose(): void {
    this.#bids = new BookSide('bid')
    this.#asks = new BookSide('ask')
    this.#buffer = []
    this.#lastId = undefined
  }

  #keep(diff: BookDiff): Taken {
    const before = this.#buffer.at(-1)
    const isGap = before !== undefined && diff.firstId > before.lastId + 1
    if (isGap || this.#buffer.length >= mostBuffered) this.#buffer = []
    this.#buffer.push(diff)
    return isGap ? 'gap' : 'buffered'
  }

  #apply(diff: BookDiff): boolean {
    for (const level of diff.bids) this.#bids.set(level)
    for (const level of diff.asks) this.#asks.set(level)
    this.#lastId = diff.lastId
    return this.#isCrossed() ? this.#fail() : true
  }

  /** A book whose sides overlap cannot be: something was missed that the ids did not tell. */
  #isCrossed(): boolean {
    const { best } = this
    return best !== undefined && this.#bids.meets(best.ask)
  }

  #fail(): false {
    this.lose()
    return false
  }
}
