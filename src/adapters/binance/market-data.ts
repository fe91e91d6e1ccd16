/** Books, trades and candles by REST (binance-spot.md 5.1). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import { candleMs, type Book, type Candle, type CandleLength, type PublicTrade } from '../../domain/market-data.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData } from '../../ports/venue.ts'
import { bookOf, candleOf, tradeOf } from './market-shapes.ts'
import type { ReadCall, Reads } from './reads.ts'
import type { Symbols } from './symbols.ts'
import type { Payloads } from './wire.ts'

const mostLevels = 5_000
const mostTrades = 1_000
const tradesWeight = 25
const candlesPerRequest = 1_000
const candlesWeight = 2
const mostRequests = 100

/** What a book of so many levels costs (5.1). */
const depthWeight = (limit: number): number => (limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1_000 ? 50 : 250)

export interface MarketDataParts {
  readonly reads: Reads
  readonly symbols: Symbols
  readonly clock: Clock
}

export class BinanceMarketData implements MarketData {
  readonly #parts: MarketDataParts

  constructor(parts: MarketDataParts) {
    this.#parts = parts
  }

  async book(instrument: string, depth: number): Promise<Result<Book>> {
    const limit = Math.min(depth, mostLevels)
    const read = await this.#read('depth', instrument, { path: '/depth', params: [['limit', String(limit)]], weight: depthWeight(limit) })
    if (!read.ok) return read
    const book = bookOf(read.value, instrument, this.#parts.clock.now())
    return book === undefined ? malformed('book') : ok(book)
  }

  /** The venue tells them oldest first. */
  async trades(instrument: string, limit: number): Promise<Result<readonly PublicTrade[]>> {
    const read = await this.#read('tape', instrument, { path: '/trades', params: [['limit', String(Math.min(limit, mostTrades))]], weight: tradesWeight })
    if (!read.ok) return read
    const trades = read.value.map((row) => tradeOf(row, instrument))
    return trades.includes(undefined) ? malformed('trade') : ok(trades.flatMap((trade) => trade ?? []).toReversed())
  }

  async candles(instrument: string, length: CandleLength, { from, to }: { readonly from: Millis; readonly to: Millis }): Promise<Result<readonly Candle[]>> {
    const spanMs = candlesPerRequest * candleMs[length]
    if (to - from > mostRequests * spanMs) return failed({ kind: 'badRequest', detail: `candles of ${length} from ${from} to ${to} would take more than ${mostRequests} requests: ask for a shorter span` })
    const candles: Candle[] = []
    for (let start = from; start < to; start += spanMs) {
      const params = [['interval', length], ['startTime', String(start)], ['endTime', String(Math.min(start + spanMs, to) - 1)], ['limit', String(candlesPerRequest)]] as const
      const read = await this.#read('candles', instrument, { path: '/klines', params, weight: candlesWeight })
      if (!read.ok) return read
      const part = read.value.map((row) => candleOf(row))
      if (part.includes(undefined)) return malformed('candle')
      candles.push(...part.flatMap((candle) => candle ?? []))
    }
    return ok(candles)
  }

  async #read<K extends keyof Payloads>(kind: K, instrument: string, { params = [], ...call }: ReadCall): Promise<Result<Payloads[K]>> {
    const { symbols, reads } = this.#parts
    const symbol = await symbols.symbolOf(instrument)
    return symbol.ok ? reads.read(kind, { ...call, params: [['symbol', symbol.value], ...params], access: 'public' }) : symbol
  }
}

const malformed = (what: string) => failed({ kind: 'malformed', detail: `a ${what} in the answer cannot be read` })
