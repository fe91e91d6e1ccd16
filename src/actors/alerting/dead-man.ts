/**
 * The dead man's switch, seen from the dead man: a service outside hears "I am well" again and again, and calls a person when
 * it does not. It says so only while it is true.
 *
 * M1  Nothing is sent while the desk is stuck: the silence is the message.
 * M2  One ping at a time, on a timer of the same thread: a thread that stands still sends nothing.
 */
import type { Millis } from '../../domain/time.ts'
import type { AlertSink } from '../../ports/alerts.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Heartbeat } from '../../ports/notifier.ts'

export interface DeadManOptions {
  readonly heartbeat: Heartbeat
  readonly everyMs: Millis
  /** Why nothing may be sent now; undefined when the desk is well. */
  readonly stuck: () => string | undefined
  readonly sink: AlertSink
  readonly clock: Clock
  readonly log: Log
}

/** So many pings that did not get through, and a person is told. */
const failuresToTell = 3

export class DeadMan {
  readonly #options: DeadManOptions
  #timer: Timer | undefined
  #stopped = false
  #failures = 0

  constructor(options: DeadManOptions) {
    this.#options = options
  }

  start(): void {
    void this.#beat()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  async #beat(): Promise<void> {
    const { stuck, log, clock, everyMs } = this.#options
    const because = stuck()
    if (because === undefined) await this.#ping()
    else log.warn('deadMan.silent', { detail: because })
    if (!this.#stopped) this.#timer = clock.after(everyMs, () => void this.#beat())
  }

  async #ping(): Promise<void> {
    const { heartbeat, sink, clock, log } = this.#options
    const result = await heartbeat.beat()
    const key = { code: 'deadMan.failing', at: clock.now() } as const
    if (result.ok) {
      if (this.#failures >= failuresToTell) sink.clear(key)
      this.#failures = 0
      return
    }
    log.warn('deadMan.unheard', { kind: result.failure.kind, detail: result.failure.detail })
    if (++this.#failures === failuresToTell) sink.raise({ ...key, detail: `the dead man's ping did not get through ${failuresToTell} times in a row: ${result.failure.detail}` })
  }
}

/** How long a commit may be under way before the loop counts as stuck. */
const longestCommitMs = 30_000

/** What of a desk decides whether it is well. */
export interface Wellness {
  readonly state: string
  readonly storeAway: boolean
  readonly commitMs: Millis
}

/** Why a desk is not well; undefined when it trades, or deliberately does not. */
export const stuckBecause = ({ state, storeAway, commitMs }: Wellness): string | undefined => {
  if (storeAway) return 'the store does not answer'
  if (commitMs > longestCommitMs) return `a commit takes ${Math.round(commitMs / 1_000)} s`
  return state === 'trading' || state === 'paused' ? undefined : `the desk is ${state}`
}
