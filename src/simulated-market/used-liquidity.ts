import type { Level } from './depth.ts'
import type { Side } from './market-event.ts'
import { lesser, positive, reaches } from './price-priority.ts'

/**
 * What imagined takers have used of one side of a real book, which does not know of them and goes on displaying it.
 *
 * U1 What was used of a level is not there again until the level is seen refreshed: gone from the book, or smaller than what was
 *    used of it; what it grows by afterwards is new.
 * U2 The memory holds at most `limit` levels; beyond it, a level that is not remembered offers nothing.
 */
export class UsedLiquidity {
  readonly #used = new Map<number, bigint>()
  readonly #side: Side
  readonly #limit: number

  /** @param side whose levels these are: BUY for bids */
  constructor(side: Side, limit: number) {
    this.#side = side
    this.#limit = limit
  }

  /** What is left of a displayed level. */
  left({ price, size }: Level): bigint {
    const used = this.#used.get(price)
    return used === undefined && this.#used.size >= this.#limit ? 0n : positive(size - (used ?? 0n))
  }

  use(price: number, quantity: bigint): void {
    this.#used.set(price, (this.#used.get(price) ?? 0n) + quantity)
  }

  /** The levels as displayed now, best first: everything from the best to the last of them is in view. */
  see(levels: readonly Level[]): void {
    const last = levels.at(-1)
    if (last === undefined) return
    const sizes = new Map(levels.map(({ price, size }) => [price, size]))
    for (const [price, used] of this.#used) if (!reaches({ side: this.#side, price: last.price }, price) || price === last.price) this.#keep(price, lesser(used, sizes.get(price) ?? 0n))
  }

  /** The best level now: those that were better are gone. */
  seeBest(best: number): void {
    for (const price of this.#used.keys()) if (price !== best && reaches({ side: this.#side, price }, best)) this.#used.delete(price)
  }

  #keep(price: number, used: bigint): void {
    if (used === 0n) this.#used.delete(price)
    else this.#used.set(price, used)
  }
}
