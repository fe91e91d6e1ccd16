/**
 * The venue's time as far as it is known: the last measurement, carried on by the monotonic clock. Tokens are dated by
 * it. Before the first measurement it is our wall clock's word; afterwards that has no part in it, so that a wall clock
 * which is set in the middle of a measurement spoils nothing.
 */
import { ok, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import { medianOf } from './median.ts'

/** What the venue says that its time is, and how long the answer took. */
export interface TimeAnswer {
  readonly at: Millis
  readonly tookMs: Millis
}

/** Round trips of one measurement, at most: the median forgives two bad ones, and three that agree are enough. */
const samples = 5
const withinMs: Millis = 50

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

  /**
   * Asks the venue for its time some times; each stamp is taken to be of the middle of its round trip.
   * @returns the venue's clock less our wall clock, now
   */
  async measure(ask: () => Promise<Result<TimeAnswer>>): Promise<Result<Millis>> {
    const ahead = await medianOf({ samples, within: withinMs }, async () => {
      const answer = await ask()
      return answer.ok ? ok(answer.value.at - (this.#clock.monotonic() - answer.value.tookMs / 2)) : answer
    })
    if (!ahead.ok) return ahead
    this.#ahead = ahead.value
    return ok(Math.round(this.#clock.monotonic() + this.#ahead - this.#clock.now()))
  }
}
