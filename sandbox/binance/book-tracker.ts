import type { Market } from '../exchange/market.ts'

/** One price level of one side. */
export interface LevelKey {
  readonly side: 'BUY' | 'SELL'
  readonly price: number
}

type Rows = ReadonlyMap<string, LevelKey & { readonly size: bigint }>

/**
 * Which levels of a book every change has touched.
 *
 * D1 A level that changed and changed back within one diff is in that diff: a snapshot taken in between shows it otherwise (binance-spot.md 6.2).
 *
 * It looks at the book only while somebody listens. Bound: one entry a level that the market shows.
 */
export class BookTracker {
  readonly #market: Market
  readonly #listeners = new Set<(touched: readonly LevelKey[]) => void>()
  #rows: Rows = new Map()

  constructor(market: Market) {
    this.#market = market
  }

  listen(listener: (touched: readonly LevelKey[]) => void): () => void {
    if (this.#listeners.size === 0) this.#rows = rowsOf(this.#market)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The market has done something. */
  look(): void {
    if (this.#listeners.size === 0) return
    const before = this.#rows
    this.#rows = rowsOf(this.#market)
    const touched = [
      ...[...before].filter(([name]) => !this.#rows.has(name)),
      ...[...this.#rows].filter(([name, row]) => before.get(name)?.size !== row.size),
    ].map(([, row]) => row)
    if (touched.length > 0) for (const listener of this.#listeners) listener(touched)
  }

  /** The size at a level now; zero when it is gone. */
  sizeAt({ side, price }: LevelKey): bigint {
    return this.#rows.get(`${side}${price}`)?.size ?? 0n
  }
}

function rowsOf(market: Market): Rows {
  const sides = ['BUY', 'SELL'] as const
  return new Map(sides.flatMap((side) => market.depth(side).map(({ price, size }) => [`${side}${price}`, { side, price, size }])))
}
