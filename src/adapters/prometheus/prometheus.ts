/**
 * The catalogue as Prometheus series, with those of the process itself (`process_*`, `nodejs_*`: memory, CPU, event-loop lag, garbage).
 *
 * P1  A measurement never throws into what is measured.
 * P2  A gauge that was not told at this reading is not shown with its last value.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { metricCatalogue, type CounterName, type GaugeName, type Gauges, type HistogramName, type LabelsOf, type Meter, type MetricName, type MetricsText } from '../../ports/metrics.ts'

/** Seconds: from ten microseconds to ten seconds, three to a decade. */
const buckets = [-5, -4, -3, -2, -1, 0].flatMap((exponent) => [1, 2.5, 5].map((factor) => Number((factor * 10 ** exponent).toPrecision(2)))).concat(10)

type Any = Readonly<Record<string, string>>

export class Prometheus implements Meter, MetricsText {
  readonly #everything = new Registry()
  readonly #counters = new Map<string, Counter>()
  readonly #gauges = new Map<string, Gauge>()
  readonly #histograms = new Map<string, Histogram>()
  readonly #read: (gauges: Gauges) => Promise<void>

  /** @param read tells every gauge, and every total that is kept elsewhere; called once for each reading */
  constructor(read: (gauges: Gauges) => Promise<void>) {
    this.#read = read
    collectDefaultMetrics({ register: this.#everything })
    for (const [name, { type, help, labels }] of Object.entries(metricCatalogue)) {
      const own = { name, help, labelNames: [...labels], registers: [this.#everything] }
      if (type === 'counter') this.#counters.set(name, new Counter(own))
      else if (type === 'gauge') this.#gauges.set(name, new Gauge(own))
      else this.#histograms.set(name, new Histogram({ ...own, buckets }))
    }
  }

  get contentType(): string {
    return this.#everything.contentType
  }

  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    this.#counters.get(name)?.inc(labels as Any, by)
  }

  observe(name: HistogramName, seconds: number): void {
    this.#histograms.get(name)?.observe(Math.max(0, seconds))
  }

  /** In the text format that Prometheus reads. */
  async text(): Promise<string> {
    for (const gauge of this.#gauges.values()) gauge.reset()
    const told = new Set<MetricName>()
    await this.#read({
      set: (name: GaugeName, labels: Any, value: number) => this.#gauges.get(name)?.set(labels, value),
      total: (name: CounterName, labels: Any, value: number) => {
        const series = this.#counters.get(name)
        if (!told.has(name)) series?.reset()
        told.add(name)
        series?.inc(labels, value)
      },
    })
    return this.#everything.metrics()
  }
}
