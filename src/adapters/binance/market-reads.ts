/** Instruments, prices, books and time by REST (binance-spot.md 5.1, 5.2). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Quote } from '../../domain/quote.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketReads } from '../../ports/venue.ts'
import type { ClockSync } from './clock-sync.ts'
import type { Reads } from './reads.ts'
import type { Symbols } from './symbols.ts'
import { instrumentOf, quoteOf } from './to-domain.ts'
import { readTicker } from './wire.ts'

/** Symbols in one URL: short enough for any proxy. */
const symbolsPerRequest = 100
const tickersWeight = 4

export interface MarketReadsParts {
  readonly reads: Reads
  readonly symbols: Symbols
  readonly sync: ClockSync
  readonly clock: Clock
}

export class BinanceMarketReads implements MarketReads {
  readonly #parts: MarketReadsParts

  constructor(parts: MarketReadsParts) {
    this.#parts = parts
  }

  /** Unreadable symbols are left out. */
  async instruments(): Promise<Result<readonly Instrument[]>> {
    const symbols = await this.#parts.symbols.read()
    if (!symbols.ok) return symbols
    const instruments = symbols.value.flatMap((row) => instrumentOf(row) ?? [])
    return instruments.length === 0 ? failed({ kind: 'malformed', detail: 'no symbol in the list has readable filters' }) : ok(instruments)
  }

  /** One unknown symbol would fail the whole call (5.2): only listed ones are asked for. */
  async quotes(instruments: readonly string[]): Promise<Result<readonly Quote[]>> {
    const { symbols } = this.#parts
    const markets = await symbols.listed(instruments)
    if (!markets.ok) return markets
    const quotes: Quote[] = []
    for (let start = 0; start < markets.value.length; start += symbolsPerRequest) {
      const part = await this.#quotes(markets.value.slice(start, start + symbolsPerRequest).map(({ symbol }) => symbol))
      if (!part.ok) return part
      quotes.push(...part.value)
    }
    return ok(quotes.filter(({ instrument }) => instruments.includes(instrument)))
  }

  /** Also dates the signatures from now on. */
  clockOffset(): Promise<Result<Millis>> {
    return this.#parts.sync.measure()
  }

  async #quotes(asked: readonly string[]): Promise<Result<readonly Quote[]>> {
    const { reads, symbols, clock } = this.#parts
    const read = await reads.read('tickers', { path: '/ticker/bookTicker', params: [['symbols', JSON.stringify(asked)]], weight: tickersWeight, access: 'public' })
    if (!read.ok) return read
    const receivedAt = clock.now()
    return ok(
      read.value.flatMap((row) => {
        const ticker = readTicker(row)
        const instrument = ticker === undefined ? undefined : symbols.instrumentOf(ticker.symbol)
        return ticker === undefined || instrument === undefined ? [] : (quoteOf(ticker, instrument, receivedAt) ?? [])
      }),
    )
  }
}
