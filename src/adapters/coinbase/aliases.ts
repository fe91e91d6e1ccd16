/**
 * Unified books: market data of BTC-USDC comes labelled BTC-USD, orders do not (coinbase-advanced-trade.md 5.3, 9.6).
 * The label of data and the instrument of a trade are therefore different things.
 */
import type { ProductRow } from './wire.ts'

/** USDC pairs with books of their own (5.3). */
const ownBooks: ReadonlySet<string> = new Set(['USDT-USDC', 'EURC-USDC'])

export class Aliases {
  #known: ReadonlyMap<string, string> | undefined

  /** Takes what the product list says; until then the rule of the unified books stands in. */
  learn(products: readonly ProductRow[]): void {
    this.#known = new Map(products.flatMap(({ product_id: id, alias }): [string, string][] => (alias === undefined ? [] : [[id, alias]])))
  }

  /** Which of these instruments each label speaks of. */
  targets(instruments: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const labels = new Set(instruments.flatMap((instrument) => [instrument, this.#labelOf(instrument)]))
    return new Map([...labels].map((label) => [label, instruments.filter((instrument) => instrument === label || this.#labelOf(instrument) === label)]))
  }

  #labelOf(instrument: string): string {
    if (this.#known !== undefined) return this.#known.get(instrument) ?? instrument
    return instrument.endsWith('-USDC') && !ownBooks.has(instrument) ? instrument.slice(0, -1) : instrument
  }
}
