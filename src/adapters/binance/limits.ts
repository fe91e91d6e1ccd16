/**
 * How much the venue lets this address and this account do (binance-spot.md 10), and that it is obeyed.
 *
 * N1  While an embargo lasts nothing leaves, not even a cancel: an ignored 429 becomes a ban, an ignored ban grows.
 * N2  What the venue's headers count holds over what we counted: others may share the address and the account.
 * N3  Too many orders (-1015) hold back creates only; cancels are never order-limited.
 */
import type { Failure } from '../../domain/failure.ts'
import type { BudgetReading } from '../../ports/venue.ts'
import type { Millis } from '../../domain/time.ts'
import { Embargo, type EmbargoKind } from '../venue-kit/embargo.ts'
import { places, RateBudget, type Lane } from '../venue-kit/rate-budget.ts'
import type { HttpAnswer } from '../venue-kit/transport.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import type { Settings } from './options.ts'
import { readErrorBody, type LimitRow } from './wire.ts'

const minuteMs = 60_000
const tenSecondsMs = 10_000
const dayMs = 86_400_000
/** A ban whose end is not told is taken for the shortest there is; none is longer than the longest (10). */
const untoldBanMs: Millis = 2 * minuteMs
const longestBanMs = 3 * dayMs
const leastPauseMs = 1_000
/** A firewall's refusal wants minutes of rest (9). */
const firewallPauseMs = minuteMs

/** One limit of the venue: which rows of exchangeInfo and which header speak of it. */
interface Counter {
  readonly type: string
  readonly interval: string
  readonly intervalNum: number
  readonly windowMs: Millis
  readonly header: string
  readonly budget: RateBudget
  /** No limit was wanted, so none is learnt. */
  readonly fixed: boolean
}

const banOf = (toldMs: Millis): Millis => (toldMs > 0 ? Math.max(leastPauseMs, toldMs) : untoldBanMs)

export class Limits {
  readonly #settings: Settings
  readonly #venueClock: VenueClock
  readonly #embargo: Embargo
  readonly #weight: Counter
  readonly #orders: readonly Counter[]

  constructor(settings: Settings, venueClock: VenueClock) {
    const { clock, limits, bannedUntil } = settings
    this.#settings = settings
    this.#venueClock = venueClock
    this.#embargo = new Embargo(clock, longestBanMs)
    const counter = (type: string, header: string, limit: number, window: Pick<Counter, 'interval' | 'intervalNum' | 'windowMs'>): Counter => ({
      type,
      header,
      ...window,
      budget: new RateBudget(limit, clock, window.windowMs),
      fixed: limit === 0,
    })
    this.#weight = counter('REQUEST_WEIGHT', 'x-mbx-used-weight-1m', limits.weightPerMinute, { interval: 'MINUTE', intervalNum: 1, windowMs: minuteMs })
    this.#orders = [
      counter('ORDERS', 'x-mbx-order-count-10s', limits.ordersPerTenSeconds, { interval: 'SECOND', intervalNum: 10, windowMs: tenSecondsMs }),
      counter('ORDERS', 'x-mbx-order-count-1d', limits.ordersPerDay, { interval: 'DAY', intervalNum: 1, windowMs: dayMs }),
    ]
    if (bannedUntil !== undefined && bannedUntil > clock.now()) this.#embargo.impose('banned', bannedUntil - clock.now())
  }

  /** Why nothing may leave now; undefined when it may. */
  get embargo(): Failure | undefined {
    return this.#embargo.failure
  }

  budgets(): readonly BudgetReading[] {
    return [this.#weight, ...this.#orders].map(({ type, intervalNum, interval, budget }) => ({ class: `${type}_${intervalNum}_${interval}`, left: budget.remaining }))
  }

  /**
   * Waits for room, as long as the lane allows.
   * @param weight what the venue counts for the call (5)
   * @returns why it may not leave; undefined when it may, now
   */
  async admit(lane: Lane, weight: number): Promise<Failure | undefined> {
    if (this.embargo !== undefined) return this.embargo
    const { clock, createWaitMs, requestTimeoutMs } = this.#settings
    const waitMs = places(lane) ? createWaitMs : requestTimeoutMs
    const deadline = clock.monotonic() + waitMs
    const costs: readonly (readonly [Counter, number])[] = [[this.#weight, weight], ...(places(lane) ? this.#orders.map((counter) => [counter, 1] as const) : [])]
    for (const [{ budget }, cost] of costs) {
      if (!(await budget.take(lane, Math.max(0, deadline - clock.monotonic()), cost))) return { kind: 'rateLimited', detail: `no room in the rate budget within ${waitMs} ms` }
    }
    return this.embargo
  }

  /** Takes what an answer tells about the limits (N2). */
  learn(answer: HttpAnswer): void {
    for (const { header, budget, windowMs } of [this.#weight, ...this.#orders]) {
      const used = answer.headers?.[header]
      // Windows are aligned to the venue's clock (10).
      if (used !== undefined && /^\d{1,9}$/.test(used)) budget.counted(Number(used), windowMs - (this.#venueClock.now() % windowMs))
    }
    if (answer.status === 418) this.#ban(this.#banMs(answer))
    if (answer.status === 429) this.#tooMuch(answer)
    if (answer.status === 403 && readErrorBody(answer.text).code === undefined) this.#silence('rateLimited', firewallPauseMs)
  }

  /**
   * A socket was refused, or told, with an HTTP-like status (4.1).
   * @param until venue time, where it was told
   */
  toldBySocket(status: number, until: Millis = 0): void {
    const forMs = until - this.#venueClock.now()
    if (status === 418) this.#ban(banOf(forMs))
    if (status === 429) this.#silence('rateLimited', Math.max(leastPauseMs, forMs))
  }

  /** The venue's limits as exchangeInfo tells them. */
  resize(rows: readonly LimitRow[]): void {
    for (const { type, interval, intervalNum, budget, fixed } of [this.#weight, ...this.#orders]) {
      const row = rows.find((one) => one.rateLimitType === type && one.interval === interval && one.intervalNum === intervalNum)
      if (row !== undefined && !fixed) budget.resize(row.limit)
    }
  }

  /** The longest that is said counts: in the header as seconds, in the text as "banned until" and a moment (10). */
  #banMs({ retryAfterMs = 0, text }: HttpAnswer): Millis {
    const until = /banned until (\d{13})\b/.exec(readErrorBody(text).message ?? '')?.[1]
    return banOf(Math.max(retryAfterMs, until === undefined ? 0 : Number(until) - this.#venueClock.now()))
  }

  #tooMuch({ retryAfterMs = 0, text }: HttpAnswer): void {
    const pauseMs = Math.max(leastPauseMs, retryAfterMs) + this.#settings.random.fraction() * leastPauseMs
    if (readErrorBody(text).code !== -1015) return void this.#silence('rateLimited', pauseMs)
    for (const { budget } of this.#orders) budget.pause(pauseMs)
    this.#settings.log.warn('venue.rateLimited', { limit: 'orders', pauseMs: Math.round(pauseMs) })
  }

  #ban(forMs: Millis): void {
    this.#settings.banned(this.#silence('banned', forMs))
  }

  #silence(kind: EmbargoKind, forMs: Millis): Millis {
    const until = this.#embargo.impose(kind, forMs)
    this.#settings.log.warn(kind === 'banned' ? 'venue.banned' : 'venue.rateLimited', { pauseMs: Math.round(forMs) })
    return until
  }
}
