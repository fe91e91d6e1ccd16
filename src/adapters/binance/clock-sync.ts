/** Keeping the venue's time, by `GET /time` (binance-spot.md 3.4, 5.1). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { TimeAnswer, VenueClock } from '../venue-kit/venue-clock.ts'
import { failureOf } from './failures.ts'
import type { Rest } from './rest.ts'
import { readPayload } from './wire.ts'

/** A burst of "your clock is wrong" is answered by one measurement. */
const apartMs: Millis = 5_000

export class ClockSync {
  readonly #rest: Rest
  readonly #clock: Clock
  readonly #venueClock: VenueClock
  #running: Promise<Result<Millis>> | undefined
  #measuredAt: Millis = -Infinity
  #measurements = 0

  constructor(rest: Rest, clock: Clock, venueClock: VenueClock) {
    this.#rest = rest
    this.#clock = clock
    this.#venueClock = venueClock
  }

  /** Measures the venue's clock less ours, in milliseconds; signatures are dated by it from then on. */
  measure(): Promise<Result<Millis>> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** How often the time was measured: a request keeps it, to tell later what it knew. */
  get measurements(): number {
    return this.#measurements
  }

  /**
   * The venue has refused a time (-1021).
   * @param known the number of measurements when the refused request was signed
   * @returns true when the time is better known now than it was then
   */
  async mend(known: number): Promise<boolean> {
    if (this.#measurements > known) return true
    if (this.#running === undefined && this.#clock.monotonic() - this.#measuredAt < apartMs) return false
    return (await this.measure()).ok
  }

  async #measure(): Promise<Result<Millis>> {
    const offset = await this.#venueClock.measure(() => this.#ask())
    if (!offset.ok) return offset
    this.#measuredAt = this.#clock.monotonic()
    this.#measurements += 1
    return offset
  }

  /** Waiting for room in the rate budget is no part of the round trip. */
  async #ask(): Promise<Result<TimeAnswer>> {
    const sent = await this.#rest.send({ method: 'GET', path: '/time', weight: 1, lane: 'reconcile', access: 'public' })
    if (sent.kind !== 'answered') return failed(sent.failure)
    if (sent.answer.status !== 200) return failed(failureOf(sent.answer))
    const read = readPayload('time', sent.answer.text)
    return read === undefined ? failed({ kind: 'malformed', detail: 'GET /time: no time in the answer' }) : ok({ at: read.serverTime, tookMs: sent.answer.tookMs })
  }
}
