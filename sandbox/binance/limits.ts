import { errors } from './api-error.ts'

/** One row of the venue's limits and how much of it is used (binance-spot.md 4.1, 5.2). */
export interface Usage {
  readonly rateLimitType: 'REQUEST_WEIGHT' | 'ORDERS'
  readonly interval: 'SECOND' | 'MINUTE' | 'DAY'
  readonly intervalNum: number
  readonly limit: number
  readonly count: number
}

/** A count in a window that begins anew at round times of the clock (binance-spot.md 10). */
class ClockWindow {
  readonly lengthMs: number
  readonly #now: () => number
  #begunAt = 0
  #count = 0

  constructor(lengthMs: number, now: () => number) {
    this.lengthMs = lengthMs
    this.#now = now
  }

  get count(): number {
    this.#turn()
    return this.#count
  }

  get endsInMs(): number {
    this.#turn()
    return this.#begunAt + this.lengthMs - this.#now()
  }

  add(amount: number): void {
    this.#turn()
    this.#count = Math.max(0, this.#count + amount)
  }

  #turn(): void {
    const begin = Math.floor(this.#now() / this.lengthMs) * this.lengthMs
    if (begin !== this.#begunAt) this.#count = 0
    this.#begunAt = begin
  }
}

/** Refused requests within one window after which the address is banned. */
const PATIENCE = 10
const LONGEST_BAN_MS = 3 * 86_400_000

/** The request weight of the one address that reaches the sandbox. A limit of 0 is none. */
export class WeightLimit {
  readonly #limit: number
  readonly #firstBanMs: number
  readonly #now: () => number
  readonly #minute: ClockWindow
  readonly #refused: ClockWindow
  #bans = 0
  #bannedUntil = 0

  constructor(limit: number, firstBanMs: number, now: () => number) {
    this.#limit = limit
    this.#firstBanMs = firstBanMs
    this.#now = now
    this.#minute = new ClockWindow(60_000, now)
    this.#refused = new ClockWindow(60_000, now)
  }

  /** Throws 418 while banned and 429 if the weight does not fit; whoever goes on after that is banned, longer each time. */
  check(weight: number): void {
    if (this.#bannedUntil > this.#now()) throw errors.banned(this.#bannedUntil, this.#bannedUntil - this.#now())
    if (this.#limit === 0 || this.#minute.count + weight <= this.#limit) return
    this.#refused.add(1)
    if (this.#refused.count > PATIENCE) this.ban(Math.min(this.#firstBanMs * 2 ** this.#bans, LONGEST_BAN_MS))
    throw errors.tooMuchWeight(this.#limit, this.#minute.endsInMs)
  }

  charge(weight: number): void {
    this.#minute.add(weight)
  }

  /** Answers everything 418 for so long. */
  ban(forMs: number): void {
    this.#bans += 1
    this.#bannedUntil = this.#now() + forMs
  }

  get usage(): readonly Usage[] {
    return this.#limit === 0 ? [] : [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: this.#limit, count: this.#minute.count }]
  }

  get used(): number {
    return this.#minute.count
  }
}

/** What the first execution of an order gives back of the count (binance-spot.md 10: one for a taker, several for a maker). */
const GIVEN_BACK = { TAKER: 1, MAKER: 5 } as const

/** The account's unfilled orders per ten seconds and per day. Limits of 0 are none. */
export class OrderLimit {
  readonly #windows: readonly { readonly window: ClockWindow; readonly limit: number; readonly interval: 'SECOND' | 'DAY'; readonly intervalNum: number }[]

  constructor(limits: { readonly per10Seconds: number; readonly perDay: number }, now: () => number) {
    this.#windows = [
      { window: new ClockWindow(10_000, now), limit: limits.per10Seconds, interval: 'SECOND', intervalNum: 10 },
      { window: new ClockWindow(86_400_000, now), limit: limits.perDay, interval: 'DAY', intervalNum: 1 },
    ]
  }

  /** Counts one new order. Throws -1015 instead if a limit is reached. */
  take(): void {
    for (const { window, limit, interval, intervalNum } of this.#windows) {
      if (limit > 0 && window.count >= limit) throw errors.tooManyOrders(limit, `${intervalNum} ${interval}`, window.endsInMs)
    }
    this.count()
  }

  /** Counts one new order, whatever the limits. */
  count(): void {
    for (const { window } of this.#windows) window.add(1)
  }

  /** The order was refused and does not count. */
  release(): void {
    for (const { window } of this.#windows) window.add(-1)
  }

  /** An order had its first execution. */
  giveBack(liquidity: 'MAKER' | 'TAKER'): void {
    for (const { window } of this.#windows) window.add(-GIVEN_BACK[liquidity])
  }

  get usage(): readonly Usage[] {
    return this.#windows.map(({ window, limit, interval, intervalNum }) => ({ rateLimitType: 'ORDERS', interval, intervalNum, limit, count: window.count }))
  }
}
