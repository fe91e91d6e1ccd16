/**
 * Compares the rows with the venue: orders, then fills, then balances; brings every difference to its owner as a message,
 * and writes down what was expected, what was found and what was done.
 *
 * Q1  One run at a time; a run asked for while one is under way begins after it, and only that later one counts.
 * Q2  A run that could not read everything has failed; it proves nothing.
 */
import type { Difference, ReconciliationRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import { BalanceStage } from './balances.ts'
import { FillStage } from './fills.ts'
import { OrderStage } from './orders.ts'
import type { ReconcilerOptions, Stage } from './stage.ts'

/** Differences that one record keeps. */
const maxDifferences = 200
/** How far the windows of two runs overlap: what the venue shows late is in both. */
const overlapMs = 300_000
/** A desk that was away for longer than this asks no further back. */
const longestAbsenceMs = 7 * 86_400_000

/** A finished run, and how often news had been missed when it began. */
export interface Run {
  readonly record: ReconciliationRecord
  readonly asked: number
}

export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #orders: OrderStage
  readonly #fills: FillStage
  readonly #balances: BalanceStage
  #running: Promise<Run> | undefined
  #next: Promise<Run> | undefined
  #runs = 0
  /** Venue time before which everything was compared. */
  #comparedTo: Millis
  #balancesAt = Number.NEGATIVE_INFINITY

  /** @param comparedTo when, by our clock, the rows and the venue last agreed; null when they never did */
  constructor(options: ReconcilerOptions, comparedTo: Millis | null) {
    this.#options = options
    this.#orders = new OrderStage(options)
    this.#fills = new FillStage(options)
    this.#balances = new BalanceStage(options)
    const now = options.venue.now()
    this.#comparedTo = Math.max(Math.min(comparedTo ?? now, now), now - longestAbsenceMs)
  }

  /** A complete run that begins now or, when one is under way, after it. */
  run(reason: string): Promise<Run> {
    if (this.#running === undefined) return this.#begin(reason)
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      return this.#begin(reason)
    })
    return this.#next
  }

  #begin(reason: string): Promise<Run> {
    this.#running = this.#once(reason).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #once(reason: string): Promise<Run> {
    const { clock, epoch, log, failpoints } = this.#options
    const asked = this.#options.asked()
    const began = clock.now()
    const id = `${epoch}-${++this.#runs}`
    const compared = { orders: 0, fills: 0, assets: 0 }
    const differences: Difference[] = []
    const finish = (detail: string | null): Run => {
      const outcome = detail !== null ? 'failed' : differences.length > 0 ? 'repaired' : 'agreed'
      log[outcome === 'failed' ? 'warn' : 'info']('reconciliation.done', { id, reason, outcome, ...compared, differences: differences.length, detail })
      const kept = differences.slice(0, maxDifferences)
      return { asked, record: { id, began, ended: clock.now(), reason, outcome, compared, differences: kept, omitted: differences.length - kept.length, detail } }
    }
    const take = (what: keyof typeof compared, stage: Stage): string | null => {
      if (!stage.ok) return `${what}: ${stage.detail}`
      compared[what] = stage.compared
      differences.push(...stage.differences)
      return null
    }
    try {
      const detail = await this.#stages(take)
      failpoints.reach('reconciliation.told')
      return finish(detail)
    } catch (error) {
      // The rows could not be read, or the desk has ended: a failed run like any other (Q2).
      return finish(error instanceof Error ? error.message : String(error))
    }
  }

  async #stages(take: (what: 'orders' | 'fills' | 'assets', stage: Stage) => string | null): Promise<string | null> {
    const { venue, clock, lookBackMs, balancesEveryMs } = this.#options
    const from = venue.now()
    const since = Math.min(this.#comparedTo - overlapMs, from - lookBackMs)
    const orders = take('orders', await this.#orders.run(since))
    if (orders !== null) {
      // A venue that refuses everything may be refusing our idea of its time (CK-01).
      await this.#setTheClock()
      return orders
    }
    const fills = take('fills', await this.#fills.run(Math.min(this.#comparedTo - overlapMs, from)))
    if (fills !== null) return fills
    this.#comparedTo = from
    if (clock.monotonic() - this.#balancesAt < balancesEveryMs) return null
    const assets = take('assets', await this.#balances.run())
    if (assets === null) {
      this.#balancesAt = clock.monotonic()
      // Nothing of this run waits for it: five round trips inside the venue's public limit take half a second.
      void this.#setTheClock()
    }
    return assets
  }

  /** The venue's clock is measured again as often as the balances are read; a measurement that fails leaves the last one. */
  async #setTheClock(): Promise<void> {
    const offset = await this.#options.venue.clockOffset()
    if (!offset.ok) this.#options.log.warn('venue.clockUnmeasured', { ...offset.failure })
  }
}
