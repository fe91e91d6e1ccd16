/** Books, trades and candles by REST (coinbase-advanced-trade.md 5.4 to 5.6); without a key, or where the key is refused, by the public twins. */
import { failed, ok, type Result } from '../../domain/failure.ts'
import { candleMs, type Book, type Candle, type CandleLength, type PublicTrade } from '../../domain/market-data.ts'
import type { Millis } from '../../domain/time.ts'
import type { MarketData } from '../../ports/venue.ts'
import { bookOf, candleOf, tradeOf } from './market-shapes.ts'
import type { Settings } from './options.ts'
import type { Query, Rest } from './rest.ts'
import { readBook, type Payloads } from './wire.ts'

/** One below the least documented limit: whether a range counts both its ends is uncertain (5.5). */
const candlesPerRequest = 299
const mostRequests = 100
const mostTrades = 1_000

const granularities: Readonly<Record<CandleLength, string>> = {
  '1m': 'ONE_MINUTE',
  '5m': 'FIVE_MINUTE',
  '15m': 'FIFTEEN_MINUTE',
  '30m': 'THIRTY_MINUTE',
  '1h': 'ONE_HOUR',
  '6h': 'SIX_HOUR',
  '1d': 'ONE_DAY',
}

/** Answers to a key, where the same question without it may still be answered. */
const publicHelps: ReadonlySet<string> = new Set(['unauthorised', 'forbidden', 'notFound'])

export class CoinbaseMarketData implements MarketData {
  readonly #rest: Rest
  readonly #settings: Settings

  constructor(rest: Rest, settings: Settings) {
    this.#rest = rest
    this.#settings = settings
  }

  async book(instrument: string, depth: number): Promise<Result<Book>> {
    const read = await this.#read('book', '/product_book', [['product_id', instrument], ['limit', String(depth)]])
    if (!read.ok) return read
    const row = readBook(read.value.pricebook)
    const book = row === undefined ? undefined : bookOf(row, instrument, this.#settings.clock.now())
    return book === undefined ? malformed('book') : ok(book)
  }

  async trades(instrument: string, limit: number): Promise<Result<readonly PublicTrade[]>> {
    const read = await this.#read('trades', `${productPath(instrument)}/ticker`, [['limit', String(Math.min(limit, mostTrades))]])
    if (!read.ok) return read
    const trades = read.value.trades.map((row) => tradeOf(row, instrument))
    return trades.includes(undefined) ? malformed('trade') : ok(trades.flatMap((trade) => trade ?? []))
  }

  async candles(instrument: string, length: CandleLength, { from, to }: { readonly from: Millis; readonly to: Millis }): Promise<Result<readonly Candle[]>> {
    const spanMs = candlesPerRequest * candleMs[length]
    if (to - from > mostRequests * spanMs) return failed({ kind: 'badRequest', detail: `candles of ${length} from ${from} to ${to} would take more than ${mostRequests} requests: ask for a shorter span` })
    const byStart = new Map<Millis, Candle>()
    for (let start = from; start < to; start += spanMs) {
      const part = await this.#candles(instrument, length, { from: start, to: Math.min(start + spanMs, to) })
      if (!part.ok) return part
      for (const candle of part.value) if (candle.opensAt >= from && candle.opensAt < to) byStart.set(candle.opensAt, candle)
    }
    return ok([...byStart.values()].toSorted((one, other) => one.opensAt - other.opensAt))
  }

  async #candles(instrument: string, length: CandleLength, { from, to }: { readonly from: Millis; readonly to: Millis }): Promise<Result<readonly Candle[]>> {
    const query: Query = [['start', seconds(from)], ['end', seconds(to)], ['granularity', granularities[length]]]
    const read = await this.#read('candles', `${productPath(instrument)}/candles`, query)
    if (!read.ok) return read
    const candles = read.value.candles.map((row) => candleOf(row))
    return candles.includes(undefined) ? malformed('candle') : ok(candles.flatMap((candle) => candle ?? []))
  }

  async #read<K extends keyof Payloads>(kind: K, path: string, query: Query): Promise<Result<Payloads[K]>> {
    if (this.#rest.hasKey) {
      const own = await this.#rest.read(kind, { path, query, lane: 'data' })
      if (own.ok || !publicHelps.has(own.failure.kind)) return own
    }
    return this.#rest.read(kind, { path: `/market${path}`, query, access: 'public' })
  }
}

const productPath = (instrument: string): string => `/products/${encodeURIComponent(instrument)}`

const seconds = (at: Millis): string => String(Math.floor(at / 1_000))

const malformed = (what: string) => failed({ kind: 'malformed', detail: `a ${what} in the answer cannot be read` })
