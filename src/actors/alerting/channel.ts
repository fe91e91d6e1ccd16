/**
 * One channel to people: its own queue, its own pace, its own failures.
 *
 * C1  At most `mostPerMinute` attempts in any minute; the last one of them carries all that waits, as a summary.
 * C2  An attempt ends within `deliverWithinMs`, whatever its notifier does; the next one waits longer and longer.
 * C3  What was not delivered goes back into the queue, at most `attempts` times; what is lost is counted, and the count is told.
 * C4  Nothing runs in the caller's turn: offering only queues.
 */
import { isAtLeast, type Severity } from '../../domain/alert-catalogue.ts'
import { failed, type FailureKind, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock, Random, Timer } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Notice, Notifier } from '../../ports/notifier.ts'
import { NoticeQueue } from './notice-queue.ts'
import { mostInSummary, noticeOf, type Told } from './told.ts'

export interface ChannelPolicy {
  readonly mostPerMinute: number
  readonly mostWaiting: number
  readonly attempts: number
  readonly deliverWithinMs: Millis
  /** Pause after a failure; doubles up to `backoffMaxMs`. */
  readonly backoffMs: Millis
  readonly backoffMaxMs: Millis
}

export interface ChannelOptions {
  readonly notifier: Notifier
  readonly least: Severity
  readonly policy: ChannelPolicy
  readonly desk: string
  readonly redact: (text: string) => string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Told after every attempt: how many have failed in a row, and why the last one did. */
  readonly onAttempt: (failures: number, detail: string) => void
}

const minuteMs = 60_000
/** The longest that a service may ask us to wait. */
const longestRetryMs = 600_000
/** These would come again, however often. */
const hopeless: ReadonlySet<FailureKind> = new Set(['badRequest', 'unauthorised', 'forbidden', 'notFound'])

export class Channel {
  readonly #options: ChannelOptions
  readonly #queue: NoticeQueue
  /** When the last minute's attempts began, by the monotonic clock. */
  #attempts: readonly Millis[] = []
  #failures = 0
  #notBefore: Millis = -Infinity
  #timer: Timer | undefined
  #busy = false
  #stopped = false

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#queue = new NoticeQueue(options.policy.mostWaiting)
  }

  get name(): string {
    return this.#options.notifier.name
  }

  /** Nothing waits and nothing is on its way. */
  get isIdle(): boolean {
    return this.#queue.size === 0 && !this.#busy
  }

  /** Queues what this channel wants to hear. News reaches it while people want to be closer, unless it is for emergencies only. */
  offer(told: Told): void {
    const { least, clock } = this.#options
    const wanted = isAtLeast(told.severity, least) || (told.closer && least !== 'critical')
    if (!wanted || this.#stopped) return
    this.#queue.push({ told, tries: 0 })
    clock.soon(() => this.#go())
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #go(): void {
    if (this.#busy || this.#stopped || this.#queue.size === 0) return
    this.#timer?.cancel()
    const waitMs = this.#waitMs()
    if (waitMs > 0) this.#timer = this.#options.clock.after(waitMs, () => this.#go())
    else void this.#attempt()
  }

  #waitMs(): Millis {
    const { clock, policy } = this.#options
    const now = clock.monotonic()
    this.#attempts = this.#attempts.filter((at) => now - at < minuteMs)
    const [oldest = now] = this.#attempts
    const paceMs = this.#attempts.length < policy.mostPerMinute ? 0 : oldest + minuteMs - now
    return Math.max(paceMs, this.#notBefore - now, 0)
  }

  async #attempt(): Promise<void> {
    const { clock, policy, desk, redact, onAttempt } = this.#options
    this.#busy = true
    this.#attempts = [...this.#attempts, clock.monotonic()]
    const together = this.#attempts.length >= policy.mostPerMinute || this.#failures > 0
    const batch = this.#queue.take(together ? mostInSummary : 1)
    const { dropped } = this.#queue
    const [first, ...more] = batch.map(({ told }) => told)
    if (first !== undefined) {
      const result = await this.#deliver(noticeOf([first, ...more], { desk, dropped, redact }))
      if (result.ok) {
        this.#failures = 0
        this.#queue.own(dropped)
        onAttempt(0, '')
      } else this.#failed(batch, result)
    }
    this.#busy = false
    this.#go()
  }

  #failed(batch: ReturnType<NoticeQueue['take']>, { failure }: Extract<Result<undefined>, { ok: false }>): void {
    const { clock, random, policy, log, onAttempt } = this.#options
    this.#failures++
    const again = hopeless.has(failure.kind) ? [] : batch.filter(({ tries }) => tries + 1 < policy.attempts)
    this.#queue.putBack(again.map(({ told, tries }) => ({ told, tries: tries + 1 })))
    this.#queue.lose(batch.length - again.length)
    const backoffMs = Math.min(policy.backoffMs * 2 ** Math.min(this.#failures - 1, 20), policy.backoffMaxMs)
    this.#notBefore = clock.monotonic() + Math.max(backoffMs * (0.5 + random.fraction() / 2), Math.min(failure.retryAfterMs ?? 0, longestRetryMs))
    log.warn('alert.undelivered', { channel: this.name, kind: failure.kind, detail: failure.detail, lost: batch.length - again.length })
    onAttempt(this.#failures, failure.detail)
  }

  /** The notifier's own answer, or a failure when it keeps none of its promises. */
  async #deliver(notice: Notice): Promise<Result<undefined>> {
    const { notifier, clock, policy } = this.#options
    let timer: Timer | undefined
    const late = new Promise<Result<undefined>>((resolve) => {
      timer = clock.after(policy.deliverWithinMs, () => resolve(failed({ kind: 'timeout', detail: `not delivered within ${policy.deliverWithinMs} ms` })))
    })
    const delivery = notifier.deliver(notice).catch((): Result<undefined> => failed({ kind: 'malformed', detail: 'the notifier failed in a way of its own' }))
    const result = await Promise.race([delivery, late])
    timer?.cancel()
    return result
  }
}
