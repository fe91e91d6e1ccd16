/**
 * A stream that is none: the same question, asked again and again.
 *
 * S1  One question is on its way at a time; the next begins `pollMs` after the last has ended.
 * S2  After `close`, and after the end was told, nothing is told any more.
 * S3  A bad key ends it for good; anything else after `mostFailures` in a row.
 */
import type { FailureKind, Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { Stream, StreamEnd, StreamListener } from '../../ports/venue.ts'

const mostFailures = 3
const fatal: ReadonlySet<FailureKind> = new Set(['unauthorised', 'forbidden'])

export interface PollingStreamParts<T> {
  readonly clock: Clock
  readonly pollMs: Millis
  readonly listener: StreamListener
  readonly ask: () => Promise<Result<T>>
  /** Tells what was answered, as long as the stream is open. True when every subscription has delivered. */
  readonly tell: (answer: T, isOpen: () => boolean) => boolean
  /** Called once, when the stream ends or is closed. */
  readonly release?: () => void
}

export class PollingStream<T> implements Stream {
  readonly #parts: PollingStreamParts<T>
  #isOpen = true
  #hasOpened = false
  #isSubscribed = false
  #failures = 0
  #timer: Timer | undefined

  constructor(parts: PollingStreamParts<T>) {
    this.#parts = parts
    this.#pollIn(0)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#timer?.cancel()
    this.#parts.release?.()
  }

  #pollIn(delayMs: Millis): void {
    this.#timer = this.#parts.clock.after(delayMs, () => void this.#poll())
  }

  async #poll(): Promise<void> {
    const answer = await this.#parts.ask()
    if (!this.#isOpen) return
    if (answer.ok) this.#take(answer.value)
    else this.#fail(answer.failure.kind, answer.failure.detail)
    if (this.#isOpen) this.#pollIn(this.#parts.pollMs)
  }

  #take(answer: T): void {
    const { listener, tell } = this.#parts
    this.#failures = 0
    if (!this.#hasOpened) {
      this.#hasOpened = true
      listener.opened()
    }
    if (this.#isOpen) listener.received()
    const isComplete = this.#isOpen && tell(answer, () => this.#isOpen)
    if (!isComplete || this.#isSubscribed || !this.#isOpen) return
    this.#isSubscribed = true
    listener.subscribed()
  }

  #fail(kind: FailureKind, detail: string): void {
    this.#failures += 1
    if (fatal.has(kind)) this.#end('fatal', detail)
    else if (this.#failures >= mostFailures) this.#end('retryable', `${this.#failures} polls in a row failed: ${detail}`)
  }

  #end(end: StreamEnd, detail: string): void {
    this.close()
    this.#parts.listener.ended(end, detail)
  }
}
