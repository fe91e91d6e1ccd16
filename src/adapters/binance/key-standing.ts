/**
 * Whether the venue believes in the key. `-2015` is said of a dead key, and of a live one during a temporary ban
 * (binance-spot.md 12): after a login that was valid it counts as the latter until it has lasted.
 */
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'

/** How long a once valid key may be refused before it is called dead: longer than the shortest ban, with room. */
const benefitMs: Millis = 600_000

export class KeyStanding {
  readonly #clock: Clock
  #everValid = false
  #refusedSince: Millis | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The venue has served a signed request. */
  served(): void {
    this.#everValid = true
    this.#refusedSince = undefined
  }

  /** The venue has refused the key. True when that may be temporary. */
  refused(): boolean {
    const now = this.#clock.monotonic()
    this.#refusedSince ??= now
    return this.#everValid && now - this.#refusedSince < benefitMs
  }
}
