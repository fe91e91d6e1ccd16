/**
 * The desk's lookout: raises the conditions that hold, ends those that hold no more, and tells more while trading comes back.
 *
 * O1  It looks each second at what is known anyway; it asks nobody and nothing waits for it.
 * O2  A condition is raised when it has held without a gap for as long as its kind asks for.
 */
import type { Millis } from '../../domain/time.ts'
import { keyText } from '../../ports/alerts.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { Alerts } from '../alerts.ts'
import type { DeskView } from '../desk-view.ts'
import type { CommittedTurn } from '../loop-options.ts'
import { conditionsOf, type Facts } from './conditions.ts'
import { isOnRamp, rampNews } from './ramp.ts'

const everyMs = 1_000

export interface LookoutOptions {
  readonly alerts: Alerts
  readonly clock: Clock
  readonly view: DeskView
  readonly facts: () => Facts
}

export class Lookout {
  readonly #options: LookoutOptions
  /** Since when each condition holds, by the monotonic clock; as many as there are conditions now. */
  #since = new Map<string, Millis>()
  #timer: Timer | undefined
  #stopped = false

  constructor(options: LookoutOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = this.#options.clock.after(everyMs, () => {
      this.#look()
      if (!this.#stopped) this.start()
    })
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** What a committed turn means for people who watch closely. */
  learn(turn: CommittedTurn): void {
    const { alerts, view } = this.#options
    if (isOnRamp(view.kill.state)) for (const news of rampNews(turn)) alerts.raise(news)
  }

  #look(): void {
    const { alerts, clock, facts } = this.#options
    const now = clock.monotonic()
    const conditions = conditionsOf(facts())
    this.#since = new Map(conditions.map((one) => [keyText(one), this.#since.get(keyText(one)) ?? now]))
    for (const condition of conditions) {
      const { code, subject, detail, afterMs } = condition
      const held = now - (this.#since.get(keyText(condition)) ?? now)
      if (held >= afterMs && !alerts.holds(condition)) alerts.raise({ code, ...(subject !== undefined && { subject }), detail })
    }
    for (const key of alerts.holding) if (!this.#since.has(keyText(key))) alerts.clear(key)
  }
}
