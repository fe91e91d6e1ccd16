/**
 * How often the adapter may speak: a token bucket with three lanes.
 *
 * B1  A cancel goes before a create, a create before a read.
 * B2  Reads leave a share of the bucket to orders, so that polling cannot starve a cancel.
 * B3  Every wait is bounded, and so is every queue.
 * B4  After a 429 creates and reads pause; a cancel still goes, since repeating it is harmless.
 */
import type { Millis } from '../../domain/time.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

export type Lane = 'cancel' | 'create' | 'read'

const lanes: readonly Lane[] = ['cancel', 'create', 'read']

/** Most callers that may wait in one lane. */
const laneLength = 500
const readReserve = 0.25
/** The share of the venue's limit that is used evenly; the rest is the burst, so no second ever holds more than the limit. */
const evenShare = 0.7

interface Waiter {
  readonly grant: (granted: boolean) => void
  readonly deadline: Timer
}

export class RateBudget {
  readonly #clock: Clock
  readonly #perMs: number
  readonly #burst: number
  readonly #waiting: Record<Lane, Waiter[]> = { cancel: [], create: [], read: [] }
  #tokens: number
  #refilledAt: Millis
  #pausedUntil: Millis = -Infinity
  #wake: Timer | undefined

  /** @param perSecond the venue's limit; 0 for none */
  constructor(perSecond: number, clock: Clock) {
    this.#clock = clock
    this.#perMs = perSecond === 0 ? Infinity : (perSecond * evenShare) / 1000
    this.#burst = perSecond === 0 ? Infinity : Math.max(1, Math.floor(perSecond * (1 - evenShare)))
    this.#tokens = this.#burst
    this.#refilledAt = clock.monotonic()
  }

  /** True when the caller may send now; false when there was no room within `waitMs`. */
  async take(lane: Lane, waitMs: Millis): Promise<boolean> {
    if (this.#mayGoAtOnce(lane)) return true
    if (this.#waiting[lane].length >= laneLength) return false
    return new Promise((resolve) => {
      const grant = (granted: boolean): void => {
        waiter.deadline.cancel()
        resolve(granted)
      }
      const waiter: Waiter = { grant, deadline: this.#clock.after(waitMs, () => this.#giveUp(lane, waiter)) }
      this.#waiting[lane].push(waiter)
      this.#wakeLater()
    })
  }

  /** The venue said "too many": creates and reads wait so long. */
  pause(forMs: Millis): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + forMs)
  }

  #mayGoAtOnce(lane: Lane): boolean {
    this.#refill()
    const before = lanes.slice(0, lanes.indexOf(lane) + 1)
    return before.every((ahead) => this.#waiting[ahead].length === 0) && this.#spend(lane)
  }

  #spend(lane: Lane): boolean {
    if (lane !== 'cancel' && this.#clock.monotonic() < this.#pausedUntil) return false
    if (this.#tokens < this.#needed(lane)) return false
    this.#tokens -= 1
    return true
  }

  #needed(lane: Lane): number {
    if (this.#burst === Infinity) return 1
    return lane === 'read' ? 1 + Math.floor(this.#burst * readReserve) : 1
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
      while (queue.length > 0 && this.#spend(lane)) queue.shift()?.grant(true)
    }
    this.#wakeLater()
  }

  #wakeLater(): void {
    const next = lanes.filter((lane) => this.#waiting[lane].length > 0).map((lane) => this.#delayOf(lane))
    // Armed anew each time: a cancel must not sleep until a paused read is due.
    this.#wake?.cancel()
    this.#wake = undefined
    if (next.length > 0) this.#wake = this.#clock.after(Math.min(...next), () => this.#serve())
  }

  #delayOf(lane: Lane): Millis {
    const missing = Math.max(0, this.#needed(lane) - this.#tokens)
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
