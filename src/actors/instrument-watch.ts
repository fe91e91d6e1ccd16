/** Reads the venue's rules again while the desk runs: a market closes and opens, and changes its steps (PX-09, PX-10). */
import { pairAddress } from '../domain/address.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { MarketReads } from '../ports/venue.ts'
import type { TradePairContext } from '../machines/trade-pair/trade-pair-context.ts'
import type { Message } from './turn.ts'

export interface InstrumentWatchOptions {
  readonly venue: Pick<MarketReads, 'instruments'>
  readonly clock: Clock
  readonly log: Log
  readonly everyMs: Millis
  /** Brought up to date in place; one that is not in it stays out. */
  readonly instruments: Map<string, Instrument>
  /** Told of every instrument whose rules are others than before. */
  readonly changed: (now: Instrument, before: Instrument) => void
  /** True when nothing may be begun any more. */
  isOver(): boolean
}

/** Begins the schedule. A reading that fails leaves the last one. */
export const watchInstruments = (options: InstrumentWatchOptions): void => {
  options.clock.after(options.everyMs, () => {
    if (options.isOver()) return
    void read(options)
    watchInstruments(options)
  })
}

const read = async ({ venue, log, instruments, changed }: InstrumentWatchOptions): Promise<void> => {
  const listed = await venue.instruments()
  if (!listed.ok) return log.warn('venue.instrumentsUnread', { ...listed.failure })
  const now = new Map(listed.value.map((instrument) => [instrument.id, instrument]))
  for (const [id, before] of instruments) {
    // The pairs of what is not listed any more wait, the others go on (PX-11).
    const instrument = now.get(id) ?? { ...before, status: 'delisted' }
    if (differenceOf(before, instrument) === '') continue
    instruments.set(id, instrument)
    changed(instrument, before)
  }
}

/** What a pair that keeps other rules than those of now is told; undefined when it keeps them (PX-09). */
export const rulesNews = ({ pairId, instrument }: TradePairContext, instruments: ReadonlyMap<string, Instrument>): Message | undefined => {
  const now = instruments.get(instrument.id)
  if (now === undefined || differenceOf(instrument, now) === '') return undefined
  return { to: pairAddress(pairId), event: { type: 'rulesChanged', instrument: now } as Message['event'] }
}

/** What differs, for people: `tick 0.01 -> 0.1, status online -> halted`; empty when nothing does. */
export const differenceOf = (before: Instrument, now: Instrument): string =>
  Object.entries(now)
    .filter(([name, value]) => before[name as keyof Instrument] !== value)
    .map(([name, value]) => `${name} ${before[name as keyof Instrument]} -> ${value}`)
    .join(', ')
