/**
 * What each market has done in the last hour, for whoever draws it; nothing decides by it.
 *
 * H1  One point a second at most, the newest of its second, and `mostPoints` for each instrument: the oldest go first.
 * H2  It only listens: no timer of its own, and a quiet market adds nothing.
 */
import type { Subscription } from 'rxjs'
import type { Quote } from '../domain/quote.ts'
import type { Clock } from '../ports/clock.ts'
import type { PricePoint } from '../ports/inspection.ts'
import type { PriceBoard } from './price-board.ts'

const pointMs = 1_000
/** An hour of seconds. */
const mostPoints = 3_600

/** A ring: once full, the next point takes the place of the oldest. */
class Series {
  readonly #points: PricePoint[] = []
  #next = 0

  take(point: PricePoint): void {
    const last = (this.#next + mostPoints - 1) % mostPoints
    const before = this.#points[last]
    if (before !== undefined && Math.floor(before.at / pointMs) === Math.floor(point.at / pointMs)) {
      this.#points[last] = point
      return
    }
    this.#points[this.#next] = point
    this.#next = (this.#next + 1) % mostPoints
  }

  get points(): readonly PricePoint[] {
    return [...this.#points.slice(this.#next), ...this.#points.slice(0, this.#next)]
  }
}

export interface PriceHistoryOptions {
  readonly board: Pick<PriceBoard, 'watch'>
  readonly clock: Clock
  readonly instruments: readonly string[]
}

export class PriceHistory {
  readonly #options: PriceHistoryOptions
  readonly #series: ReadonlyMap<string, Series>
  #subscriptions: readonly Subscription[] = []

  constructor(options: PriceHistoryOptions) {
    this.#options = options
    this.#series = new Map(options.instruments.map((instrument) => [instrument, new Series()]))
  }

  start(): void {
    const { board, clock } = this.#options
    const note = (series: Series) => ({ bid, ask }: Quote): void => series.take({ at: clock.now(), bid, ask })
    this.#subscriptions = [...this.#series].map(([instrument, series]) => board.watch(instrument).subscribe(note(series)))
  }

  stop(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
  }

  /** Oldest first, by our wall clock; undefined for an instrument that is not followed. */
  of(instrument: string): readonly PricePoint[] | undefined {
    return this.#series.get(instrument)?.points
  }
}
