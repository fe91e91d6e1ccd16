/**
 * When the desk compares itself with the venue: at every start, after every lost link, on a schedule that has no off
 * switch, and while the account stream is away; and what becomes of the result.
 */
import { deskAddress } from '../../domain/address.ts'
import { least, type Decimal } from '../../domain/decimal.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { FeeRates } from '../../domain/order.ts'
import type { Millis } from '../../domain/time.ts'
import type { Lease } from '../../ports/journal.ts'
import { adoption } from '../adoption.ts'
import type { Alerts } from '../alerts.ts'
import { exitsOf, type DeskOptions } from '../desk-options.ts'
import type { DeskView } from '../desk-view.ts'
import type { Message } from '../turn.ts'
import { Reconciler, type Run } from './reconciler.ts'

export interface ReconciliationsOptions {
  readonly options: DeskOptions
  readonly lease: Lease
  readonly fees: FeeRates
  /** When an earlier process last compared; null when none did. */
  readonly reconciledAt: Millis | null
  /** The rules of now; they change while the desk runs. */
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly view: DeskView
  readonly alerts: Alerts
  readonly ask: (message: Message) => Promise<unknown>
  readonly post: (message: Message) => void
  /** True when nothing may be begun any more. */
  readonly isOver: () => boolean
}

export class Reconciliations {
  readonly #parts: ReconciliationsOptions
  readonly #reconciler: Reconciler
  #told = ''
  #asked = 0

  constructor(parts: ReconciliationsOptions) {
    this.#parts = parts
    this.#reconciler = makeReconciler(parts, () => this.#asked)
  }

  /** The schedule, until the desk is over. */
  start(): void {
    const { options, isOver } = this.#parts
    options.clock.after(options.tuning.reconcileEveryMs, () => {
      if (isOver()) return
      void this.run('it is time')
      this.start()
    })
  }

  /**
   * One complete run; the desk is told how it ended, and the record is written with that.
   * @param asked how often the desk had missed news when it asked for this
   */
  async run(reason: string, asked = 0): Promise<void> {
    this.#asked = Math.max(this.#asked, asked)
    this.#tell(await this.#reconciler.run(reason))
  }

  /** While the account stream is away: told only when something was found, for it comes every few seconds. */
  async poll(): Promise<void> {
    const run = await this.#reconciler.run('the account stream is away')
    if (run.record.outcome === 'repaired') this.#tell(run)
  }

  #tell({ record, asked }: Run): void {
    const { isOver, post, alerts } = this.#parts
    // Those who asked while a run was under way share the next one: it is told once.
    if (isOver() || record.id === this.#told) return
    this.#told = record.id
    if (record.outcome === 'repaired') alerts.raise({ code: 'reconciliation.repaired', detail: repairsInWords(record) })
    const event = record.outcome === 'failed' ? { type: 'reconciliationFailed', detail: record.detail ?? '' } : { type: 'reconciled', asked }
    post({ to: deskAddress, event, reconciliation: record })
  }
}

const repairsInWords = ({ reason, differences }: Run['record']): string => {
  const [first] = differences
  return `${differences.length} found and mended (${reason})${first === undefined ? '' : `; the first: ${first.kind} ${first.about}, expected ${first.expected}, found ${first.found}`}`
}

const makeReconciler = ({ options, lease, fees, reconciledAt, instruments, view, alerts, ask }: ReconciliationsOptions, asked: () => number): Reconciler => {
  const { venue, journal, clock, random, log, tuning, failpoints, foreignOrders } = options
  const { install, epoch } = lease
  const { lookBackMs, balancesEveryMs, belief, pairs: pairPolicy } = tuning
  const targets = new Map(options.instruments.map(({ id, adoptedTarget }) => [id, adoptedTarget]))
  return new Reconciler(
    {
      venue,
      journal,
      view,
      clock,
      log,
      failpoints,
      install,
      epoch,
      lookBackMs,
      balancesEveryMs,
      belief,
      foreignOrders,
      ask,
      asked,
      assets: assetsOf(instruments.values()),
      adopt: (report) => adoption(report, { clock, random, instruments, targets, fees, install, pairPolicy, exits: exitsOf(options) }),
      alert: (alert) => alerts.raise(alert),
    },
    reconciledAt,
  )
}

/** The assets of the instruments, each with its smallest step: of two instruments' steps the finer one. */
const assetsOf = (instruments: Iterable<Instrument>): readonly { readonly asset: string; readonly unit: string }[] => {
  const units = new Map<string, Decimal>()
  const learn = (asset: string, unit: Decimal): void => void units.set(asset, least(units.get(asset) ?? unit, unit))
  for (const { base, quote, step, tick } of instruments) {
    learn(base, step)
    learn(quote, tick)
  }
  return [...units].map(([asset, unit]) => ({ asset, unit }))
}
