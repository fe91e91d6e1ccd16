/** What the gate has denied lately, for whoever asks why nothing is bought. */
import type { OrderRequest, Side } from '../domain/order.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Denied } from '../risk/verdict.ts'

/** The latest denial of one rule on one side of one instrument. */
export interface Denial extends Denied {
  readonly instrument: string
  readonly side: Side
  readonly at: Millis
  /** How often since this process began. */
  readonly times: number
}

/** Most that are kept: the one not repeated for longest goes first. */
const mostDenials = 200

export class Denials {
  readonly #clock: Clock
  /** Oldest first. */
  readonly #latest = new Map<string, Denial>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note({ instrument, side }: OrderRequest, { rule, detail }: Denied): void {
    const key = `${rule} ${side} ${instrument}`
    const times = (this.#latest.get(key)?.times ?? 0) + 1
    this.#latest.delete(key)
    this.#latest.set(key, { rule, detail, instrument, side, at: this.#clock.now(), times })
    const [oldest] = this.#latest.keys()
    if (this.#latest.size > mostDenials && oldest !== undefined) this.#latest.delete(oldest)
  }

  /** The newest first. */
  get latest(): readonly Denial[] {
    return [...this.#latest.values()].toReversed()
  }
}
