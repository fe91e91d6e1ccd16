/**
 * What of all that is raised people are told, and when. Pure: it is handed the monotonic time, and answers with what to tell.
 *
 * R1  A condition is told when it begins, again each `repeatMs` while it holds, and once when it ends, with how long it held.
 * R2  What happens again within `quietMs` of being told is counted; the count is told when the quiet is over.
 * R3  A critical condition that is raised again with other words is told at once: it has grown worse.
 * R4  While a person wants to be closer, warnings know no quiet.
 * R5  At most `mostKeys` keys are known. Conditions that hold are never forgotten for others; past the bound they are told without an end.
 */
import { ruleOf } from '../../domain/alert-catalogue.ts'
import type { Millis } from '../../domain/time.ts'
import { keyText, type AlertKey, type RaisedAlert } from '../../ports/alerts.ts'
import { inWords, type Told } from './told.ts'

export interface RulesPolicy {
  readonly repeatMs: Millis
  readonly quietMs: Millis
}

const mostKeys = 1_000

interface Known {
  readonly alert: RaisedAlert
  readonly holds: boolean
  readonly since: Millis
  readonly toldAt: Millis
  /** Raised so often since it was last told. */
  readonly unsaid: number
}

export class AlertRules {
  readonly #policy: RulesPolicy
  /** The key told longest ago first. */
  readonly #known = new Map<string, Known>()

  constructor(policy: RulesPolicy) {
    this.#policy = policy
  }

  /** @param now monotonic */
  raise(alert: RaisedAlert, now: Millis): Told | undefined {
    const known = this.#known.get(keyText(alert))
    const silent = known !== undefined && (ruleOf(alert.code).lasts ? !isNews(known, alert) : !alert.closer && now - known.toldAt < this.#policy.quietMs)
    if (silent) {
      this.#known.set(keyText(alert), { ...known, alert, unsaid: known.unsaid + 1 })
      return undefined
    }
    this.#remember({ alert, holds: ruleOf(alert.code).lasts, since: known?.since ?? now, toldAt: now, unsaid: 0 })
    return told(alert, `${alert.detail}${moreTimes(known?.unsaid ?? 0)}`)
  }

  /** @param now monotonic */
  clear(key: AlertKey & { readonly at: Millis; readonly detail?: string }, now: Millis): Told | undefined {
    const known = this.#known.get(keyText(key))
    if (known?.holds !== true) return undefined
    this.#known.delete(keyText(key))
    return told({ ...known.alert, at: key.at }, `${keyText(key)} has ended after ${inWords(now - known.since)}: ${key.detail ?? `it was: ${known.alert.detail}`}`)
  }

  /**
   * What time alone makes worth telling.
   * @param now monotonic
   * @param at wall time, for the notices
   */
  tick(now: Millis, at: Millis): readonly Told[] {
    const due: Told[] = []
    for (const [key, known] of Array.from(this.#known)) {
      const { alert, holds, since, toldAt, unsaid } = known
      if (now - toldAt < (holds ? this.#policy.repeatMs : this.#policy.quietMs)) continue
      if (!holds && unsaid === 0) {
        this.#known.delete(key)
        continue
      }
      this.#remember({ ...known, toldAt: now, unsaid: 0 })
      due.push(told({ ...alert, at }, holds ? `still, for ${inWords(now - since)}: ${alert.detail}${moreTimes(unsaid)}` : `${unsaid} more times within ${inWords(now - toldAt)}, the last: ${alert.detail}`))
    }
    return due
  }

  #remember(known: Known): void {
    const key = keyText(known.alert)
    this.#known.delete(key)
    if (this.#known.size >= mostKeys) {
      const oldest = [...this.#known].find(([, one]) => !one.holds)
      if (oldest === undefined) return
      this.#known.delete(oldest[0])
    }
    this.#known.set(key, known)
  }
}

/** R3, and R4 for a condition that is raised again. */
const isNews = ({ alert: before }: Known, alert: RaisedAlert): boolean => before.detail !== alert.detail && (alert.closer === true || ruleOf(alert.code).severity === 'critical')

const moreTimes = (times: number): string => (times === 0 ? '' : ` (${times} more times since it was last told)`)

const told = ({ at, code, subject, closer = false }: RaisedAlert, text: string): Told => ({ at, severity: ruleOf(code).severity, code, ...(subject !== undefined && { subject }), text, closer })
