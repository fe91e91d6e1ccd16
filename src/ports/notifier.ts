/** What carries a notice to people, and what tells a service outside that the desk is well. */
import type { Severity } from '../domain/alert-catalogue.ts'
import type { Result } from '../domain/failure.ts'
import type { Millis } from '../domain/time.ts'

/** One message to people. */
export interface Notice {
  readonly at: Millis
  readonly severity: Severity
  /** One line of at most 120 characters: which desk, how bad, what. */
  readonly title: string
  /** Plain text of at most 3,500 characters: the least that every channel can carry. */
  readonly text: string
  /** Alert codes that it tells of; empty for a test. */
  readonly codes: readonly string[]
}

export interface Notifier {
  /** Names the channel in the log and in other channels' notices. */
  readonly name: string
  /**
   * One attempt, within a bound of its own. Never throws. A failure of kind `badRequest`, `unauthorised`, `forbidden` or
   * `notFound` would come again: it is not tried again.
   */
  deliver(notice: Notice): Promise<Result<undefined>>
}

/** Says "I am well" to a service that calls a person when it hears nothing. */
export interface Heartbeat {
  /** One attempt, within a bound of its own. Never throws. */
  beat(): Promise<Result<undefined>>
}
