/** The venue's time as far as it is known: ours, corrected by the last measurement. Tokens are dated by it. */
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'

export class VenueClock {
  readonly #clock: Clock
  #offset: Millis = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): Millis {
    return this.at(this.#clock.now())
  }

  /** A moment of our clock as the venue would write it. */
  at(ours: Millis): Millis {
    return ours + this.#offset
  }

  correct(offset: Millis): void {
    this.#offset = offset
  }
}
