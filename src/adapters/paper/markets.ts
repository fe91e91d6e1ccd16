/**
 * The markets that paper orders rest in, fed by whatever passes on its way to the desk.
 *
 * K1  The book of an instrument is looked at for resting orders only when a quote says that one may be met, one look at a time,
 *     at most every `lookEveryMs`. What a look would have shown in between is lost: it fills nothing.
 * K2  An order whose instrument nobody has told of yet rests nowhere, and fills by nothing.
 */
import type { Result } from '../../domain/failure.ts'
import { ok } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { PublicTrade } from '../../domain/market-data.ts'
import type { Quote } from '../../domain/quote.ts'
import type { Millis } from '../../domain/time.ts'
import type { PaperOrder } from '../../ports/paper-ledger.ts'
import type { PaperAccount } from './account.ts'
import { fillEvents } from './fill-events.ts'
import { PaperMarket, type Executed } from './paper-market.ts'
import type { Settings } from './options.ts'
import { nothing, type Decision, type Turns } from './turns.ts'

/** An instrument's status is believed for so long. */
const rulesMaxAgeMs = 60_000

interface Place {
  readonly rules: Instrument
  readonly market: PaperMarket
  looking: boolean
  lookedAt: Millis
}

export class Markets {
  readonly #settings: Settings
  readonly #turns: Pick<Turns, 'hear'>
  readonly #places = new Map<string, Place>()
  /** Every working order, by the venue's id. */
  readonly #working = new Map<string, PaperOrder>()
  #rules = new Map<string, Instrument>()
  #rulesAt: Millis = -Infinity

  constructor(settings: Settings, turns: Pick<Turns, 'hear'>) {
    this.#settings = settings
    this.#turns = turns
  }

  /** Takes what the venue says of its instruments now. */
  learn(instruments: readonly Instrument[]): void {
    this.#rules = new Map(instruments.map((instrument) => [instrument.id, instrument]))
    this.#rulesAt = this.#settings.clock.monotonic()
    this.#open()
  }

  /** The rules of an instrument, asked for anew when they are old; undefined when the venue has no such instrument. */
  async rules(id: string): Promise<Result<Instrument | undefined>> {
    const { clock, market } = this.#settings
    if (clock.monotonic() - this.#rulesAt > rulesMaxAgeMs) {
      const read = await market.instruments()
      if (!read.ok) return read
      this.learn(read.value)
    }
    return ok(this.#rules.get(id))
  }

  /** The market of an instrument; undefined before it was told of. Another tick or step is another market. */
  of(id: string): PaperMarket | undefined {
    const rules = this.#rules.get(id)
    const place = this.#places.get(id)
    if (rules === undefined || (place !== undefined && place.rules.tick === rules.tick && place.rules.step === rules.step)) return place?.market
    const market = new PaperMarket(rules, this.#settings)
    this.#places.set(id, { rules, market, looking: false, lookedAt: -Infinity })
    market.restAnew(this.#restingOn(id), this.#settings.market.now())
    return market
  }

  quote(quote: Quote): void {
    this.#turns.hear(() => {
      const place = this.#places.get(quote.instrument)
      if (place?.market.hear(quote) === true) void this.#look(quote.instrument, place)
      return nothing
    })
  }

  trade(trade: PublicTrade): void {
    this.#turns.hear((account) => this.#executed(account, this.#places.get(trade.instrument)?.market.trade(trade) ?? []))
  }

  /** An order has changed, durably. */
  changed(order: PaperOrder): void {
    const { venueOrderId, status, instrument } = order
    if (status === 'open') this.#working.set(venueOrderId, order)
    else {
      this.#working.delete(venueOrderId)
      this.#places.get(instrument)?.market.leave(venueOrderId)
    }
  }

  /** All working orders as the ledger has them: whoever had a place in a queue has lost it. */
  reread(account: PaperAccount): void {
    this.#working.clear()
    for (const order of account.working) this.#working.set(order.venueOrderId, order)
    for (const [id, { market }] of this.#places) market.restAnew(this.#restingOn(id), this.#settings.market.now())
    this.#open()
  }

  /** The markets of all working orders, as far as they were told of. */
  #open(): void {
    for (const id of new Set([...this.#working.values()].map(({ instrument }) => instrument))) this.of(id)
  }

  async #look(id: string, place: Place): Promise<void> {
    const { clock, market, depth, lookEveryMs } = this.#settings
    const now = clock.monotonic()
    if (place.looking || now - place.lookedAt < lookEveryMs) return
    place.looking = true
    place.lookedAt = now
    const book = await market.book(id, depth)
    place.looking = false
    if (!book.ok) return
    // Another tick may have made another market of it meanwhile.
    this.#turns.hear((account) => (this.#places.get(id) === place && place.market.see(book.value) ? this.#executed(account, place.market.match()) : nothing))
  }

  #executed(account: PaperAccount, executed: readonly Executed[]): Decision<undefined> {
    const at = this.#settings.market.now()
    const events = executed.flatMap(({ venueOrderId, quantity }, index) => {
      const order = account.order(venueOrderId)
      if (order === undefined) return []
      return fillEvents(order, [{ price: order.price, quantity, liquidity: 'maker' }], { at, tradeId: () => `${account.id}-${account.position + 1 + index}` })
    })
    return { events, answer: undefined }
  }

  #restingOn(id: string): readonly PaperOrder[] {
    return [...this.#working.values()].filter(({ instrument }) => instrument === id)
  }
}
