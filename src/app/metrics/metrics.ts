/** The desk's measurements, put together: what happens is counted as it happens, what is there is read when somebody asks. */
import { severities } from '../../domain/alert-catalogue.ts'
import { Prometheus } from '../../adapters/prometheus/prometheus.ts'
import type { Desk } from '../../actors/desk.ts'
import type { DeskInspection } from '../../ports/inspection.ts'
import type { RealisedTotal } from '../../ports/journal.ts'
import type { Gauges, Meter, MetricsText } from '../../ports/metrics.ts'
import type { FullVenue } from '../../ports/venue.ts'
import { version } from '../version.ts'
import { readBudgets, readDesk, readGlance } from './read-desk.ts'

/** What has been realised today is read from the rows at most so often. */
const realisedEveryMs = 10_000
const dayMs = 86_400_000

export interface MetricsSource {
  desk(): DeskInspection
  realised(from: number, to: number): Promise<readonly RealisedTotal[]>
}

export class Metrics {
  readonly #prometheus = new Prometheus((gauges) => this.#read(gauges))
  readonly #source: MetricsSource
  #running: { readonly desk: Desk; readonly venue: FullVenue } | undefined
  #today: readonly RealisedTotal[] = []
  #todayReadAt = -Infinity

  constructor(source: MetricsSource) {
    this.#source = source
    // A series that begins with its first alert shows no increase: the rule on it would miss the first of every process.
    for (const severity of severities) this.#prometheus.count('nightdesk_alerts_total', { severity }, 0)
  }

  get meter(): Meter {
    return this.#prometheus
  }

  get text(): MetricsText {
    return this.#prometheus
  }

  /** From now on this desk is measured. */
  show(desk: Desk, venue: FullVenue): void {
    this.#running = { desk, venue }
  }

  async #read(gauges: Gauges): Promise<void> {
    const now = Date.now()
    readGlance(gauges, this.#source.desk(), version)
    if (this.#running === undefined) return
    readDesk(gauges, this.#running.desk, now)
    readBudgets(gauges, this.#running.venue.budgets())
    for (const { instrument, profit } of await this.#realised(now)) gauges.set('nightdesk_profit_today_quote', { instrument }, Number(profit))
  }

  /** As last read while the store is away: the other figures are told all the same. */
  async #realised(now: number): Promise<readonly RealisedTotal[]> {
    if (now - this.#todayReadAt < realisedEveryMs) return this.#today
    this.#todayReadAt = now
    const midnight = now - (now % dayMs)
    this.#today = await this.#source.realised(midnight, midnight + dayMs).catch(() => this.#today)
    return this.#today
  }
}
