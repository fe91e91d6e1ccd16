/** Instruments, prices and the exchange's time, as far as ccxt tells. */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Quote } from '../../domain/quote.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketReads } from '../../ports/venue.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import type { Calls } from './calls.ts'
import { can, type CcxtExchange } from './exchange.ts'
import { bookOf, quoteOf, quoteOfBook } from './market-shapes.ts'
import type { Market, Markets } from './markets.ts'
import { fieldOf, quietly, readMoment, readRecord } from './wire.ts'

export interface MarketReadsParts {
  readonly exchange: CcxtExchange
  readonly calls: Calls
  readonly markets: Markets
  readonly clock: Clock
  readonly venueClock: VenueClock
}

const second: Millis = 1_000

export class CcxtMarketReads implements MarketReads {
  readonly #parts: MarketReadsParts

  constructor(parts: MarketReadsParts) {
    this.#parts = parts
  }

  instruments(): Promise<Result<readonly Instrument[]>> {
    return this.#parts.markets.instruments()
  }

  /** By one list of best prices where there is one; what it does not quote is read from its book. */
  async quotes(instruments: readonly string[]): Promise<Result<readonly Quote[]>> {
    const markets = await this.#parts.markets.listed(instruments)
    if (!markets.ok) return markets
    const listed = await this.#listedQuotes(markets.value)
    if (!listed.ok) return listed
    const quoted = new Set(listed.value.map(({ instrument }) => instrument))
    const quotes = [...listed.value]
    for (const market of markets.value) {
      if (quoted.has(market.instrument)) continue
      const own = await this.#quote(market)
      if (!own.ok) return own
      if (own.value.quote !== undefined) quotes.push(own.value.quote)
    }
    return ok(quotes)
  }

  /**
   * Where the exchange does not tell its time, ours stands for it. A time in whole seconds is taken to be of the middle of
   * its second: half a second wrong at most, which the proof's skew holds.
   */
  async clockOffset(): Promise<Result<Millis>> {
    const { exchange, calls, clock, venueClock } = this.#parts
    if (!can(exchange, 'fetchTime')) return ok(0)
    return venueClock.measure(async () => {
      const began = clock.monotonic()
      const read = await calls.read({ what: 'the time', requests: 1, ask: (one) => one.fetchTime(), read: readMoment })
      return read.ok ? ok({ at: read.value % second === 0 ? read.value + second / 2 : read.value, tookMs: clock.monotonic() - began }) : read
    })
  }

  async #listedQuotes(markets: readonly Market[]): Promise<Result<readonly Quote[]>> {
    const { exchange, calls, clock } = this.#parts
    const method = listMethodOf(exchange)
    if (method === undefined || markets.length === 0) return ok([])
    const symbols = markets.map(({ symbol }) => symbol)
    const read = await calls.read({ what: method, ask: (one) => one[method](symbols), read: readRecord })
    if (!read.ok) return read
    const receivedAt = clock.now()
    return ok(markets.flatMap(({ symbol, instrument }) => quietly(() => quoteOf(fieldOf(read.value, symbol), instrument, receivedAt)) ?? []))
  }

  /** Of one market; no quote while a side of it is empty. */
  async #quote({ symbol, instrument }: Market): Promise<Result<{ readonly quote: Quote | undefined }>> {
    const { exchange, calls, clock } = this.#parts
    if (can(exchange, 'fetchOrderBook')) {
      const book = await calls.read({ what: 'the book', ask: (one) => one.fetchOrderBook(symbol), read: (answer) => bookOf(answer, instrument, clock.now()) })
      return book.ok ? ok({ quote: quoteOfBook(book.value, clock.now()) }) : book
    }
    if (can(exchange, 'fetchTicker')) return calls.read({ what: 'the ticker', ask: (one) => one.fetchTicker(symbol), read: (answer) => ({ quote: quoteOf(answer, instrument, clock.now()) }) })
    return listMethodOf(exchange) === undefined ? failed({ kind: 'badRequest', detail: `through ccxt, ${exchange.id} tells no prices` }) : ok({ quote: undefined })
  }
}

const listMethodOf = (exchange: CcxtExchange): 'fetchBidsAsks' | 'fetchTickers' | undefined => (['fetchBidsAsks', 'fetchTickers'] as const).find((one) => can(exchange, one))
