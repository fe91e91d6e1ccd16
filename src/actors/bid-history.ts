/** The bids of the past, noted at even distances, for a strategy that decides by more than the moment. */
import type { Price } from '../domain/decimal.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock, Timer } from '../ports/clock.ts'

/** Most bids that are kept; the oldest goes first. */
export const mostBids = 500

export class BidHistory {
  readonly #clock: Clock
  readonly #everyMs: Millis
  readonly #bid: () => Price | undefined
  #bids: readonly Price[] = []
  #timer: Timer | undefined

  /** @param bid the bid now; undefined while there is none to decide on, and then none is noted */
  constructor(clock: Clock, everyMs: Millis, bid: () => Price | undefined) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#bid = bid
  }

  /** Oldest first. */
  get bids(): readonly Price[] {
    return this.#bids
  }

  start(): void {
    this.#timer = this.#clock.after(this.#everyMs, () => {
      const bid = this.#bid()
      if (bid !== undefined) this.#bids = [...this.#bids, bid].slice(-mostBids)
      this.start()
    })
  }

  stop(): void {
    this.#timer?.cancel()
  }
}
