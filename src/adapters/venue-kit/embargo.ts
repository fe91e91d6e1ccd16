/**
 * Until when nothing may leave for a venue, because it said so: a short silence after "too many", or a ban.
 *
 * G1  Nothing shortens an embargo: neither a later, smaller word of the venue nor a step of our wall clock.
 * G2  It ends: no word of a venue, and no stamp kept from an earlier process, silences the desk for longer than `longestMs`.
 */
import type { Failure } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'

export type EmbargoKind = Extract<Failure['kind'], 'rateLimited' | 'banned'>

export class Embargo {
  readonly #clock: Clock
  readonly #longestMs: Millis
  #kind: EmbargoKind = 'rateLimited'
  /** On the monotonic clock. */
  #until: Millis = -Infinity

  /** @param longestMs the longest ban that the venue gives */
  constructor(clock: Clock, longestMs: Millis) {
    this.#clock = clock
    this.#longestMs = longestMs
  }

  /**
   * Begins one, or makes it longer.
   * @returns its end in wall time, for whoever must remember it
   */
  impose(kind: EmbargoKind, forMs: Millis): Millis {
    const until = this.#clock.monotonic() + Math.min(forMs, this.#longestMs)
    if (until > this.#until) {
      this.#until = until
      this.#kind = kind
    }
    return this.#clock.now() + this.leftMs
  }

  /** How long nothing may leave; 0 when everything may. */
  get leftMs(): Millis {
    return Math.max(0, Math.ceil(this.#until - this.#clock.monotonic()))
  }

  /** What a call that may not leave is told; undefined when it may. */
  get failure(): Failure | undefined {
    const retryAfterMs = this.leftMs
    if (retryAfterMs === 0) return undefined
    return { kind: this.#kind, detail: `the venue wants silence for another ${Math.ceil(retryAfterMs / 1_000)} s`, retryAfterMs }
  }
}
