/**
 * The venue's time as far as it is known: the last measurement, carried on by the monotonic clock. Tokens are dated by
 * it. Before the first measurement it is our wall clock's word.
 */
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'

export class VenueClock {
  readonly #clock: Clock
  /** Venue time less monotonic time. */
  #ahead: Millis

  constructor(clock: Clock) {
    this.#clock = clock
    this.#ahead = clock.now() - clock.monotonic()
  }

  now(): Millis {
    return Math.round(this.#clock.monotonic() + this.#ahead)
  }

  /** @param offset the venue's clock less our wall clock, now */
  correct(offset: Millis): void {
    this.#ahead = this.#clock.now() + offset - this.#clock.monotonic()
  }
}
