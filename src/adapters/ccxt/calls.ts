/**
 * One call of the library: paced, bounded in time, caught. Nothing is called twice.
 *
 * P1  Whatever the library does (throws, hangs, answers nonsense), a call ends as a value, within its time.
 * P2  Cancels go first and reads leave room (lanes of the rate budget); the library's own queue is off (prepare.ts, X3).
 */
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { BudgetReading } from '../../ports/venue.ts'
import { RateBudget, type Lane } from '../venue-kit/rate-budget.ts'
import type { CcxtExchange } from './exchange.ts'
import { failureOf } from './failures.ts'
import type { Settings } from './options.ts'
import type { Redact } from './redact.ts'
import { quietly } from './wire.ts'

/** The library's rate is kept over so long, so that a slow exchange still takes a few calls at once. */
const budgetWindowMs = 10_000
/** One call of the library may be several requests, one after the other. */
const requestsPerRead = 3
/** How long reads pause after "too many" where the library does not say. */
const pauseMs = 10_000

export interface ReadCall<T> {
  readonly what: string
  readonly lane?: Lane
  /** What the call weighs: lists of the account cost most exchanges more. */
  readonly cost?: number
  /** How many requests it may take. */
  readonly requests?: number
  readonly ask: (exchange: CcxtExchange) => Promise<unknown>
  /** What the answer means; undefined, or anything thrown, when it cannot be read. */
  readonly read: (answer: unknown) => T | undefined
}

export interface OnceCall {
  readonly lane: Lane
  readonly cost?: number
  readonly waitMs: Millis
  readonly withinMs: Millis
  /** Asked when there is room: false when it has become too late. */
  readonly stillWanted?: () => boolean
}

/** What came of calling the library once. */
export type Called =
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'threw'; readonly thrown: unknown }
  /** It has not ended in time; it may yet do what it was asked for. */
  | { readonly kind: 'late'; readonly failure: Failure }
  /** Never called. */
  | { readonly kind: 'held'; readonly failure: Failure }

export interface CallsParts {
  readonly exchange: CcxtExchange
  readonly settings: Settings
  readonly redact: Redact
}

export class Calls {
  readonly #exchange: CcxtExchange
  readonly #clock: Clock
  readonly #timeoutMs: Millis
  readonly #redact: Redact
  readonly #budget: RateBudget

  constructor({ exchange, settings, redact }: CallsParts) {
    this.#exchange = exchange
    this.#clock = settings.clock
    this.#timeoutMs = settings.requestTimeoutMs
    this.#redact = redact
    this.#budget = new RateBudget((settings.perSecond * budgetWindowMs) / 1_000, settings.clock, budgetWindowMs)
  }

  async read<T>({ what, lane = 'data', cost = 1, requests = requestsPerRead, ask, read }: ReadCall<T>): Promise<Result<T>> {
    const withinMs = this.#timeoutMs * requests
    const called = await this.once({ lane, cost, waitMs: withinMs, withinMs }, ask)
    if (called.kind === 'held' || called.kind === 'late') return failed({ ...called.failure, detail: `${what}: ${called.failure.detail}` })
    if (called.kind === 'threw') return failed(this.#failureOf(what, called.thrown))
    const value = quietly(() => read(called.answer))
    return value === undefined ? failed({ kind: 'malformed', detail: `${what}: the answer cannot be read` }) : ok(value)
  }

  budgets(): readonly BudgetReading[] {
    return [{ class: 'all', left: this.#budget.remaining }]
  }

  /** Calls once, when there is room in the budget within `waitMs`, and waits at most `withinMs` for what comes of it. */
  async once({ lane, cost = 1, waitMs, withinMs, stillWanted = () => true }: OnceCall, ask: (exchange: CcxtExchange) => Promise<unknown>): Promise<Called> {
    if (!(await this.#budget.take(lane, waitMs, cost))) return { kind: 'held', failure: { kind: 'rateLimited', detail: 'no room in the rate budget' } }
    if (!stillWanted()) return { kind: 'held', failure: { kind: 'timeout', detail: 'its time was over before it was sent' } }
    const called = await this.#bounded(withinMs, ask)
    if (called.kind === 'threw' && failureOf(called.thrown, this.#redact).kind === 'rateLimited') this.#budget.pause(pauseMs)
    return called
  }

  /** What comes after the end of its time is heard by nobody. */
  #bounded(withinMs: Millis, ask: (exchange: CcxtExchange) => Promise<unknown>): Promise<Called> {
    return new Promise((resolve) => {
      const finish = (called: Called): void => {
        deadline.cancel()
        resolve(called)
      }
      const deadline = this.#clock.after(withinMs, () => finish({ kind: 'late', failure: { kind: 'timeout', detail: `no answer within ${withinMs} ms` } }))
      Promise.resolve()
        .then(() => ask(this.#exchange))
        .then((answer) => finish({ kind: 'answered', answer }), (thrown: unknown) => finish({ kind: 'threw', thrown }))
    })
  }

  #failureOf(what: string, thrown: unknown): Failure {
    const failure = failureOf(thrown, this.#redact)
    return { ...failure, detail: `${what}: ${failure.detail}`, ...(failure.kind === 'rateLimited' && { retryAfterMs: pauseMs }) }
  }
}
