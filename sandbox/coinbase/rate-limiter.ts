/** A token bucket: `perSecond` on average, a burst of twice that. `perSecond` 0 never limits. */
export class RateLimiter {
  readonly #perSecond: number
  #tokens: number
  #at: number

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#tokens = perSecond * 2
    this.#at = nowMs
  }

  /** Whole requests left after this one; undefined: over the limit. */
  take(nowMs: number): number | undefined {
    if (this.#perSecond === 0) return Infinity
    const capacity = this.#perSecond * 2
    this.#tokens = Math.min(capacity, this.#tokens + (Math.max(0, nowMs - this.#at) / 1000) * this.#perSecond)
    this.#at = nowMs
    if (this.#tokens < 1) return undefined
    this.#tokens -= 1
    return Math.floor(this.#tokens)
  }
}
