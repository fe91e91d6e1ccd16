/** Reads the venue's rules again while the desk runs: a market closes and opens, and changes its steps (PX-09, PX-10). */
import { pairAddress } from '../domain/address.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { ActorRecord } from '../domain/records.ts'
import type { TradePairContext } from '../machines/trade-pair/trade-pair-context.ts'
import type { Alerts } from './alerts.ts'
import type { DeskOptions } from './desk-options.ts'
import type { DeskView } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'
import type { CommittedTurn } from './loop-options.ts'

export interface InstrumentWatchParts {
  readonly options: DeskOptions
  /** Brought up to date in place; one that is not in it stays out. */
  readonly instruments: Map<string, Instrument>
  readonly view: DeskView
  readonly board: PriceBoard
  readonly alerts: Alerts
  readonly post: (message: Message) => void
  /** Asks the strategies again. */
  readonly wake: () => void
  /** True when nothing may be begun any more. */
  readonly isOver: () => boolean
}

export class InstrumentWatch {
  readonly #parts: InstrumentWatchParts

  constructor(parts: InstrumentWatchParts) {
    this.#parts = parts
  }

  /** Begins the schedule. A reading that fails leaves the last one. */
  start(): void {
    const { options, isOver } = this.#parts
    options.clock.after(options.tuning.instrumentsEveryMs, () => {
      if (isOver()) return
      void this.#read()
      this.start()
    })
  }

  /** A pair that began by older rules, or has come back with them, is told like the others. */
  learn({ actors }: CommittedTurn): void {
    for (const { tradePair, finished, context } of actors) if (tradePair !== undefined && !finished) this.#tell(context as unknown as TradePairContext)
  }

  async #read(): Promise<void> {
    const { options, instruments } = this.#parts
    const listed = await options.venue.instruments()
    if (!listed.ok) return options.log.warn('venue.instrumentsUnread', { ...listed.failure })
    const now = new Map(listed.value.map((instrument) => [instrument.id, instrument]))
    for (const [id, before] of instruments) {
      // The pairs of what is not listed any more wait, the others go on (PX-11).
      const instrument = now.get(id) ?? { ...before, status: 'delisted' }
      if (differenceOf(before, instrument) === '') continue
      instruments.set(id, instrument)
      this.#changed(instrument, before)
    }
  }

  #changed(now: Instrument, before: Instrument): void {
    const { alerts, board, view, wake } = this.#parts
    alerts.raise({ code: 'instrument.changed', subject: now.id, detail: `the venue's rules for ${now.id} have changed: ${differenceOf(before, now)}` })
    if (now.tick !== before.tick) board.retick(now.id, now.tick)
    for (const { context } of view.pairs(now.id)) this.#tell(context)
    wake()
  }

  #tell(pair: TradePairContext): void {
    const news = rulesNews(pair, this.#parts.instruments)
    if (news !== undefined) this.#parts.post(news)
  }
}

/** What a pair that keeps other rules than those of now is told; undefined when it keeps them (PX-09). */
export const rulesNews = ({ pairId, instrument }: TradePairContext, instruments: ReadonlyMap<string, Instrument>): Message | undefined => {
  const now = instruments.get(instrument.id)
  if (now === undefined || differenceOf(instrument, now) === '') return undefined
  return { to: pairAddress(pairId), event: { type: 'rulesChanged', instrument: now } as Message['event'] }
}

/** A row as it is kept in memory: every pair that keeps the rules of now has the one copy of them. */
export const withSharedRules = (record: ActorRecord, instruments: ReadonlyMap<string, Instrument>): ActorRecord => {
  if (record.tradePair === undefined) return record
  const { instrument } = record.context as unknown as TradePairContext
  const now = instruments.get(instrument.id)
  return now === undefined || differenceOf(instrument, now) !== '' ? record : { ...record, context: { ...record.context, instrument: now } }
}

/** What differs, for people: `tick 0.01 -> 0.1, status online -> halted`; empty when nothing does. */
const differenceOf = (before: Instrument, now: Instrument): string =>
  Object.entries(now)
    .filter(([name, value]) => before[name as keyof Instrument] !== value)
    .map(([name, value]) => `${name} ${before[name as keyof Instrument]} -> ${value}`)
    .join(', ')
