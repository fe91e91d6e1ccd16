/**
 * A local copy of one product's book from the `level2` channel (coinbase-advanced-trade.md 9.6). Pure.
 *
 * L1  Quantities are absolute; a snapshot replaces everything.
 * L2  A book that is crossed, empty on a side, or has a row that cannot be read, is not told: it contradicts itself.
 */
import type { Book, Level } from '../../domain/market-data.ts'
import type { LiveBook } from '../../ports/venue.ts'
import { BookSide } from '../venue-kit/book-side.ts'
import { isRecord, readPrice, readQuantity, textOf } from '../venue-kit/reading.ts'

const levelsOf = (side: BookSide, depth: number): readonly Level[] => side.levels.slice(0, depth).map(([price, quantity]) => ({ price, quantity }))

export class LevelBook implements LiveBook {
  readonly instrument: string
  #bids = new BookSide('bid')
  #asks = new BookSide('ask')
  #live = false

  constructor(instrument: string) {
    this.instrument = instrument
  }

  get isLive(): boolean {
    return this.#live
  }

  top(depth: number): Pick<Book, 'bids' | 'asks'> {
    return this.#live ? { bids: levelsOf(this.#bids, depth), asks: levelsOf(this.#asks, depth) } : { bids: [], asks: [] }
  }

  /** Begins anew from a snapshot's rows; false when the book contradicts itself (L2). */
  begin(rows: readonly unknown[]): boolean {
    this.lose()
    this.#live = true
    return this.change(rows)
  }

  /** Takes changes; false when the book contradicts itself. Before a snapshot they mean nothing, and are left out. */
  change(rows: readonly unknown[]): boolean {
    if (!this.#live) return true
    if (rows.every((row) => this.#set(row)) && this.#isWhole()) return true
    this.lose()
    return false
  }

  lose(): void {
    this.#bids = new BookSide('bid')
    this.#asks = new BookSide('ask')
    this.#live = false
  }

  #set(row: unknown): boolean {
    if (!isRecord(row)) return false
    const { side, price_level: priceText, new_quantity: quantityText } = row
    const price = readPrice(textOf(priceText))
    const quantity = readQuantity(textOf(quantityText))
    if (price === undefined || quantity === undefined || (side !== 'bid' && side !== 'offer')) return false
    const levels = side === 'bid' ? this.#bids : this.#asks
    levels.set([price, quantity])
    return true
  }

  #isWhole(): boolean {
    const ask = this.#asks.best
    return ask !== undefined && this.#bids.best !== undefined && !this.#bids.meets(ask)
  }
}
