/**
 * What a person should know: said in the log at once, kept for whoever looks, and handed on to those who carry it to people.
 *
 * A1  Nothing here is waited for: handing on is a call that returns at once.
 * A2  A condition is raised once and ended once; raised again while it holds, it is only handed on.
 */
import { endings, ruleOf, type Severity } from '../domain/alert-catalogue.ts'
import type { Millis } from '../domain/time.ts'
import { keyText, type AlertKey, type AlertSink } from '../ports/alerts.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { noMeter, type Meter } from '../ports/metrics.ts'

export interface Alert extends AlertKey {
  readonly at: Millis
  readonly severity: Severity
  /** One sentence. */
  readonly detail: string
}

export type WantedAlert = Omit<Alert, 'at' | 'severity'>

/** Most alerts that are kept; the oldest goes first. */
const maxAlerts = 200
/** Most conditions that are told to have an end; further ones are alerts without one. */
const maxHolding = 1_000

const levels = { info: 'info', warning: 'warn', critical: 'error' } as const

export interface AlertsOptions {
  readonly clock: Clock
  readonly log: Log
  readonly meter?: Meter
  readonly sink: AlertSink
  /** True while trading comes back after a kill: people are told more, and sooner. */
  readonly closer: () => boolean
}

export class Alerts {
  readonly #options: AlertsOptions
  readonly #raised: Alert[] = []
  readonly #holding = new Map<string, AlertKey>()

  constructor(options: AlertsOptions) {
    this.#options = options
  }

  raise({ code, subject, detail }: WantedAlert): void {
    const { clock, log, sink, closer, meter = noMeter } = this.#options
    const { severity, lasts } = ruleOf(code)
    const alert = { at: clock.now(), code, ...(subject !== undefined && { subject }), detail }
    this.#raised.push({ ...alert, severity })
    if (this.#raised.length > maxAlerts) this.#raised.shift()
    meter.count('nightdesk_alerts_total', { severity })
    if (lasts && this.#holding.size < maxHolding) this.#holding.set(keyText(alert), { code, ...(subject !== undefined && { subject }) })
    log[levels[severity]]('alert', { code, subject, detail })
    const ended = (endings[code] ?? []).filter((one) => this.#end({ code: one, ...(subject !== undefined && { subject }) }, detail))
    // The end of what people know says it all.
    if (ended.length === 0) sink.raise({ ...alert, closer: closer() })
  }

  /** Ends a condition; nothing when it does not hold. */
  clear(key: AlertKey): void {
    if (this.#end(key)) this.#options.log.info('alert.ended', { code: key.code, subject: key.subject })
  }

  #end(key: AlertKey, detail?: string): boolean {
    if (!this.#holding.delete(keyText(key))) return false
    this.#options.sink.clear({ ...key, at: this.#options.clock.now(), ...(detail !== undefined && { detail }) })
    return true
  }

  holds(key: AlertKey): boolean {
    return this.#holding.has(keyText(key))
  }

  /** The conditions that hold. */
  get holding(): readonly AlertKey[] {
    return [...this.#holding.values()]
  }

  /** Oldest first. */
  get raised(): readonly Alert[] {
    return this.#raised
  }
}
