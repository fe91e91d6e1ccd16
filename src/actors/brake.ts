/**
 * A growing pause after refusals: a venue that says no is not asked again at once (OC-15). Several refusals inside one
 * pause are one refusal; the first success ends it.
 */
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'

export class Brake {
  readonly #clock: Clock
  readonly #firstMs: Millis
  readonly #maxMs: Millis
  #until = Number.NEGATIVE_INFINITY
  #pauseMs = 0

  constructor(clock: Clock, firstMs: Millis, maxMs: Millis) {
    this.#clock = clock
    this.#firstMs = firstMs
    this.#maxMs = maxMs
  }

  refused(): void {
    if (this.waitMs > 0) return
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, this.#firstMs), this.#maxMs)
    this.#until = this.#clock.monotonic() + this.#pauseMs
  }

  passed(): void {
    this.#pauseMs = 0
    this.#until = Number.NEGATIVE_INFINITY
  }

  /** How long to wait still; 0 when the way is free. */
  get waitMs(): Millis {
    return Math.max(this.#until - this.#clock.monotonic(), 0)
  }
}
