/** What a person should know: said in the log at once, and kept for whoever looks. */
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { noMeter, type Meter } from '../ports/metrics.ts'

export interface Alert {
  readonly at: Millis
  readonly severity: 'warning' | 'critical'
  /** Such as `order.orphan`. */
  readonly code: string
  /** One sentence. */
  readonly detail: string
}

/** Most alerts that are kept; the oldest goes first. */
const maxAlerts = 200

export class Alerts {
  readonly #clock: Clock
  readonly #log: Log
  readonly #meter: Meter
  readonly #raised: Alert[] = []

  constructor(clock: Clock, log: Log, meter: Meter = noMeter) {
    this.#clock = clock
    this.#log = log
    this.#meter = meter
  }

  raise({ severity, code, detail }: Omit<Alert, 'at'>): void {
    this.#raised.push({ at: this.#clock.now(), severity, code, detail })
    if (this.#raised.length > maxAlerts) this.#raised.shift()
    this.#meter.count('nightdesk_alerts_total', { severity })
    this.#log[severity === 'critical' ? 'error' : 'warn']('alert', { code, detail })
  }

  /** Oldest first. */
  get raised(): readonly Alert[] {
    return this.#raised
  }
}
