/** One side of a book: levels in order of price, best first. */
import { isZero, type Price, type Quantity } from '../../domain/decimal.ts'

/** A price and what rests there. */
export type Level = readonly [price: Price, quantity: Quantity]

export class BookSide {
  /** 1 where higher prices come first. */
  readonly #direction: 1 | -1
  readonly #levels: Level[] = []

  constructor(side: 'bid' | 'ask') {
    this.#direction = side === 'bid' ? 1 : -1
  }

  get best(): Price | undefined {
    return this.#levels[0]?.[0]
  }

  get levels(): readonly Level[] {
    return this.#levels
  }

  fill(levels: readonly Level[]): void {
    for (const level of levels) this.set(level)
  }

  /** Puts a level in its place; a quantity of zero removes it, and removing what is not there is normal. */
  set(level: Level): void {
    const [price, quantity] = level
    const place = this.#placeOf(price)
    const isThere = this.#levels[place]?.[0] === price
    if (isZero(quantity)) {
      if (isThere) this.#levels.splice(place, 1)
    } else if (isThere) this.#levels[place] = level
    else this.#levels.splice(place, 0, level)
  }

  /** True when the best level would trade with an order of the other side at this price. */
  meets(price: Price): boolean {
    return this.best !== undefined && comparePrices(this.best, price) * this.#direction >= 0
  }

  /** Where the price is, or belongs. */
  #placeOf(price: Price): number {
    let from = 0
    let to = this.#levels.length
    while (from < to) {
      const middle = (from + to) >> 1
      const [there = price] = this.#levels[middle] ?? []
      if (comparePrices(there, price) * this.#direction > 0) from = middle + 1
      else to = middle
    }
    return from
  }
}

/**
 * Compares positive decimals in canonical text without making numbers of them: the longer whole part is greater; at equal
 * length the texts compare as they stand, since a fraction ends in no zero.
 */
export const comparePrices = (a: Price, b: Price): number => {
  if (a === b) return 0
  const longer = wholeLength(a) - wholeLength(b)
  return longer === 0 ? (a < b ? -1 : 1) : longer
}

const wholeLength = (text: string): number => {
  const point = text.indexOf('.')
  return point < 0 ? text.length : point
}
