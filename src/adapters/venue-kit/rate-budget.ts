/**
 * How often the adapter may speak: a token bucket with lanes. A call takes as many tokens as the venue weighs it.
 *
 * B1  A cancel goes before an exit, an exit before what reconciles, that before an entry, and market data last.
 * B2  What is less urgent leaves a share of the bucket to what is more: neither polling nor entries can starve a cancel.
 * B3  Every wait is bounded, and so is every queue.
 * B4  After a 429 all lanes pause but the cancels, since repeating one is harmless.
 * B5  What the venue has counted holds where it counted more than we did: others may share the limit.
 */
import type { Millis } from '../../domain/time.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

export type Lane = 'cancel' | 'exit' | 'reconcile' | 'entry' | 'data'

/** Most urgent first (B1). */
const lanes: readonly Lane[] = ['cancel', 'exit', 'reconcile', 'entry', 'data']

/** True for the lanes in which orders are placed. */
export const places = (lane: Lane): boolean => lane === 'exit' || lane === 'entry'

/** Most callers that may wait in one lane. */
const laneLength = 500
/** The share of the burst that a lane leaves to the others (B2). */
const reserves: Readonly<Record<Lane, number>> = { cancel: 0, exit: 0, reconcile: 0.25, entry: 0.25, data: 0.5 }
/** The share of the venue's limit that is used evenly; the rest is the burst, so no window ever holds more than the limit. */
const evenShare = 0.7

interface Waiter {
  readonly cost: number
  readonly grant: (granted: boolean) => void
  readonly deadline: Timer
}

export class RateBudget {
  readonly #clock: Clock
  readonly #windowMs: Millis
  readonly #waiting: Record<Lane, Waiter[]> = { cancel: [], exit: [], reconcile: [], entry: [], data: [] }
  #limit = Infinity
  #perMs = Infinity
  #burst = Infinity
  #tokens = Infinity
  #refilledAt: Millis
  #pausedUntil: Millis = -Infinity
  #wake: Timer | undefined

  /**
   * @param limit the venue's limit in one window; 0 for none
   * @param windowMs how long a window lasts
   */
  constructor(limit: number, clock: Clock, windowMs: Millis = 1_000) {
    this.#clock = clock
    this.#windowMs = windowMs
    this.resize(limit)
    this.#refilledAt = clock.monotonic()
  }

  /** Takes another limit from now on; 0 for none. */
  resize(limit: number): void {
    this.#limit = limit === 0 ? Infinity : limit
    this.#perMs = (this.#limit * evenShare) / this.#windowMs
    this.#burst = limit === 0 ? Infinity : Math.max(1, Math.floor(limit * (1 - evenShare)))
    this.#tokens = Math.min(this.#tokens, this.#burst)
  }

  /**
   * The venue's own count in its present window (B5). Where nobody else takes from the limit, this changes nothing.
   * @param leftMs until the venue counts from nothing again
   */
  counted(used: number, leftMs: Millis): void {
    this.#refill()
    if (this.#limit !== Infinity) this.#tokens = Math.min(this.#tokens, this.#limit - used - this.#perMs * Math.max(0, leftMs))
  }

  /** The venue's own word on how many calls it still takes now (B5). */
  left(calls: number): void {
    this.#refill()
    if (this.#limit !== Infinity) this.#tokens = Math.min(this.#tokens, calls)
  }

  /** Calls (or weight) that may leave at once; null without a limit. */
  get remaining(): number | null {
    this.#refill()
    return this.#limit === Infinity ? null : Math.max(0, Math.floor(this.#tokens))
  }

  /** True when the caller may send now; false when there was no room within `waitMs`. */
  async take(lane: Lane, waitMs: Millis, cost = 1): Promise<boolean> {
    if (this.#mayGoAtOnce(lane, cost)) return true
    if (waitMs <= 0 || this.#waiting[lane].length >= laneLength) return false
    return new Promise((resolve) => {
      const grant = (granted: boolean): void => {
        waiter.deadline.cancel()
        resolve(granted)
      }
      const waiter: Waiter = { cost, grant, deadline: this.#clock.after(waitMs, () => this.#giveUp(lane, waiter)) }
      this.#waiting[lane].push(waiter)
      this.#wakeLater()
    })
  }

  /** The venue said "too many": everything but cancels waits so long. */
  pause(forMs: Millis): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + forMs)
  }

  #mayGoAtOnce(lane: Lane, cost: number): boolean {
    this.#refill()
    const before = lanes.slice(0, lanes.indexOf(lane) + 1)
    return before.every((ahead) => this.#waiting[ahead].length === 0) && this.#spend(lane, cost)
  }

  #spend(lane: Lane, cost: number): boolean {
    if (lane !== 'cancel' && this.#clock.monotonic() < this.#pausedUntil) return false
    if (this.#tokens < this.#needed(lane, cost)) return false
    this.#tokens -= cost
    return true
  }

  /** A call dearer than the whole burst goes when the bucket is full. */
  #needed(lane: Lane, cost: number): number {
    if (this.#burst === Infinity) return cost
    return Math.min(this.#burst, cost + Math.floor(this.#burst * reserves[lane]))
  }

  #refill(): void {
    const now = this.#clock.monotonic()
    if (this.#burst !== Infinity) this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#refilledAt) * this.#perMs)
    this.#refilledAt = now
  }

  #serve(): void {
    this.#wake = undefined
    this.#refill()
    for (const lane of lanes) {
      const queue = this.#waiting[lane]
      for (let next = queue[0]; next !== undefined && this.#spend(lane, next.cost); next = queue[0]) queue.shift()?.grant(true)
    }
    this.#wakeLater()
  }

  #wakeLater(): void {
    const next = lanes.filter((lane) => this.#waiting[lane].length > 0).map((lane) => this.#delayOf(lane))
    // Armed anew each time: a cancel must not sleep until paused data is due.
    this.#wake?.cancel()
    this.#wake = undefined
    if (next.length > 0) this.#wake = this.#clock.after(Math.min(...next), () => this.#serve())
  }

  #delayOf(lane: Lane): Millis {
    const missing = Math.max(0, this.#needed(lane, this.#waiting[lane][0]?.cost ?? 1) - this.#tokens)
    const refillMs = missing === 0 ? 0 : Math.ceil(missing / this.#perMs)
    const pauseMs = lane === 'cancel' ? 0 : Math.max(0, this.#pausedUntil - this.#clock.monotonic())
    return Math.max(1, refillMs, Math.ceil(pauseMs))
  }

  #giveUp(lane: Lane, waiter: Waiter): void {
    const queue = this.#waiting[lane]
    const place = queue.indexOf(waiter)
    if (place >= 0) queue.splice(place, 1)
    waiter.grant(false)
  }
}
