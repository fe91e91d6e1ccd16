/**
 * The latest good quote of each instrument, and who waits for it.
 *
 * B1  A bad tick (zero, unreadable, crossed, implausible) stops here (I9).
 * B2  A slow reader sees the newest quote, never a queue: at most one quote waits per instrument.
 * B3  Age counts from when the quote was received, on the monotonic clock or the wall clock, whichever makes it older.
 */
import { Subject, type Observable } from 'rxjs'
import type { Price } from '../domain/decimal.ts'
import { quoteProblem, type Quote, type QuoteProblem } from '../domain/quote.ts'
import { ticksOf, tickScale, type TickScale } from '../domain/ticks.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { PriceInspection, PriceState } from '../ports/inspection.ts'
import { TriggerIndex, type Crossing } from './trigger-index.ts'

interface Entry {
  scale: TickScale
  triggers: TriggerIndex
  readonly quotes: Subject<Quote>
  quote: Quote | undefined
  bid: number
  ask: number
  seenAt: Millis
  /** The same by the wall clock, which goes on while the machine sleeps. */
  seenWallAt: Millis
  suspect: boolean
  announced: boolean
  rejected: number
  /** Implausible ticks in a row: the market may really have moved. */
  strange: number
  lastProblem: QuoteProblem | null
}

/** So many implausible ticks in a row are the market, not a mistake. */
const believedAfter = 5

/** By whichever clock makes it older: the monotonic one does not jump, the wall clock does not sleep. */
const ageAt = ({ seenAt, seenWallAt }: Entry, monotonic: Millis, now: Millis): Millis => Math.max(monotonic - seenAt, now - seenWallAt)

const problemOf = (entry: Entry, quote: Quote, { bid, ask, doubted }: { readonly bid: number; readonly ask: number; readonly doubted: boolean }): QuoteProblem | undefined => {
  const { quote: last } = entry
  // A poll's answer can be older than what the stream has said meanwhile.
  if (last !== undefined && quote.at < last.at && quote.source !== last.source) return 'outdated'
  const problem = quoteProblem(bid, ask, last && entry, doubted || entry.strange >= believedAfter)
  if (problem === 'implausible') entry.strange++
  return problem
}

/** A quote that may be decided on. */
export interface UsableQuote extends Pick<Quote, 'bid' | 'ask' | 'bidQuantity' | 'askQuantity'> {
  readonly ageMs: Millis
}

export class PriceBoard {
  readonly #entries = new Map<string, Entry>()
  readonly #clock: Clock
  readonly #staleAfterMs: Millis

  constructor(options: { clock: Clock; staleAfterMs: Millis; instruments: readonly { readonly id: string; readonly tick: Price }[] }) {
    this.#clock = options.clock
    this.#staleAfterMs = options.staleAfterMs
    for (const { id, tick } of options.instruments) {
      this.#entries.set(id, {
        scale: tickScale(tick),
        triggers: new TriggerIndex(),
        quotes: new Subject(),
        quote: undefined,
        bid: Number.NaN,
        ask: Number.NaN,
        seenAt: 0,
        seenWallAt: 0,
        suspect: false,
        announced: false,
        rejected: 0,
        strange: 0,
        lastProblem: null,
      })
    }
  }

  /** Takes one quote from a feed. False when it was stopped at the edge. */
  offer(quote: Quote): boolean {
    const entry = this.#entries.get(quote.instrument)
    if (entry === undefined) return false
    const bid = ticksOf(entry.scale, quote.bid)
    const ask = ticksOf(entry.scale, quote.ask)
    const monotonic = this.#clock.monotonic()
    const now = this.#clock.now()
    // A line that was armed while nobody could tell where the market was may be crossed by the very same price.
    const doubted = entry.suspect || ageAt(entry, monotonic, now) > this.#staleAfterMs
    const problem = problemOf(entry, quote, { bid, ask, doubted })
    if (problem !== undefined) {
      entry.rejected++
      entry.lastProblem = problem
      return false
    }
    entry.strange = 0
    entry.suspect = false
    entry.seenAt = monotonic
    entry.seenWallAt = now
    entry.quote = quote
    const moved = doubted || bid !== entry.bid || ask !== entry.ask
    entry.bid = bid
    entry.ask = ask
    if (moved) entry.triggers.move(bid)
    this.#announce(entry)
    return true
  }

  #isStale(entry: Entry): boolean {
    return this.#ageOf(entry) > this.#staleAfterMs
  }

  #ageOf(entry: Entry): Millis {
    return ageAt(entry, this.#clock.monotonic(), this.#clock.now())
  }

  #announce(entry: Entry): void {
    if (entry.announced || !entry.quotes.observed) return
    entry.announced = true
    this.#clock.soon(() => {
      entry.announced = false
      if (entry.quote !== undefined) entry.quotes.next(entry.quote)
    })
  }

  /** The instrument's quotes, newest first of each moment; shared by all who watch (B2). */
  watch(instrument: string): Observable<Quote> {
    return this.#require(instrument).quotes
  }

  /** After a gap nothing said before it may be decided on. */
  suspect(): void {
    for (const entry of this.#entries.values()) entry.suspect = entry.quote !== undefined
  }

  /** The venue counts this instrument's prices in other steps now: what was armed is forgotten, and armed again by who waits. */
  retick(instrument: string, tick: Price): void {
    const entry = this.#require(instrument)
    entry.scale = tickScale(tick)
    entry.triggers = new TriggerIndex()
    entry.suspect = entry.quote !== undefined
  }

  /** Wakes somebody once when the bid crosses a line. */
  arm(instrument: string, trigger: { readonly id: string; readonly crossing: Crossing; readonly at: Price; readonly wake: () => void }): void {
    const { triggers, scale } = this.#require(instrument)
    const ticks = ticksOf(scale, trigger.at)
    if (Number.isNaN(ticks)) throw new Error(`${trigger.at} is not a whole number of ticks of ${instrument}`)
    triggers.arm({ id: trigger.id, crossing: trigger.crossing, ticks, wake: trigger.wake })
  }

  disarm(instrument: string, id: string): void {
    this.#entries.get(instrument)?.triggers.disarm(id)
  }

  view(instrument: string): PriceInspection {
    const entry = this.#require(instrument)
    const { quote } = entry
    return {
      instrument,
      bid: quote?.bid ?? null,
      ask: quote?.ask ?? null,
      at: quote?.at ?? null,
      ageMs: quote === undefined ? null : Math.round(this.#ageOf(entry)),
      source: quote?.source ?? null,
      state: this.#state(entry),
      rejected: entry.rejected,
      lastProblem: entry.lastProblem,
    }
  }

  /** The newest quote, when it may be decided on. */
  usable(instrument: string): UsableQuote | undefined {
    const entry = this.#require(instrument)
    const { quote } = entry
    if (quote === undefined || this.#state(entry) !== 'live') return undefined
    const { bid, ask, bidQuantity, askQuantity } = quote
    return { bid, ask, bidQuantity, askQuantity, ageMs: Math.round(this.#ageOf(entry)) }
  }

  views(): readonly PriceInspection[] {
    return [...this.#entries.keys()].map((instrument) => this.view(instrument))
  }

  #state(entry: Entry): PriceState {
    if (entry.quote === undefined) return 'none'
    if (entry.suspect) return 'suspect'
    return this.#isStale(entry) ? 'stale' : 'live'
  }

  #require(instrument: string): Entry {
    const entry = this.#entries.get(instrument)
    if (entry === undefined) throw new Error(`the board has no ${instrument}`)
    return entry
  }
}
