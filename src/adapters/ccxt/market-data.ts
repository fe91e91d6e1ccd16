/** Books, trades and candles, as far as ccxt tells. */
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import { candleMs, type Book, type Candle, type CandleLength, type PublicTrade } from '../../domain/market-data.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketData } from '../../ports/venue.ts'
import { isRecord } from '../venue-kit/reading.ts'
import type { Calls } from './calls.ts'
import { can, pageLimit, type CcxtExchange } from './exchange.ts'
import { bookOf, candleOf, publicTradeOf, shallower } from './market-shapes.ts'
import type { Markets } from './markets.ts'
import { readList } from './wire.ts'

const mostTrades = 1_000
/** Where the library does not know the longest page. */
const usualCandles = 100
const mostRequests = 100

export interface MarketDataParts {
  readonly exchange: CcxtExchange
  readonly calls: Calls
  readonly markets: Markets
  readonly clock: Clock
}

export class CcxtMarketData implements MarketData {
  readonly #parts: MarketDataParts

  constructor(parts: MarketDataParts) {
    this.#parts = parts
  }

  /** As deep as the exchange shows it without being asked: the depths that may be asked for differ. */
  async book(instrument: string, depth: number): Promise<Result<Book>> {
    const { markets, calls, clock, exchange } = this.#parts
    if (!can(exchange, 'fetchOrderBook')) return unable(exchange, 'show a book')
    const market = await markets.of(instrument)
    if (!market.ok) return market
    const book = await calls.read({ what: 'the book', ask: (one) => one.fetchOrderBook(market.value.symbol), read: (answer) => bookOf(answer, instrument, clock.now()) })
    return book.ok ? ok(shallower(book.value, depth)) : book
  }

  async trades(instrument: string, limit: number): Promise<Result<readonly PublicTrade[]>> {
    const { markets, calls, exchange } = this.#parts
    if (!can(exchange, 'fetchTrades')) return unable(exchange, 'show its public trades')
    const market = await markets.of(instrument)
    if (!market.ok) return market
    const wanted = Math.min(limit, mostTrades)
    const read = await calls.read({ what: 'the tape', ask: (one) => one.fetchTrades(market.value.symbol, undefined, wanted), read: (answer) => everyOne(readList(answer)?.map((row) => publicTradeOf(row, instrument))) })
    return read.ok ? ok(read.value.toSorted((one, other) => other.at - one.at).slice(0, wanted)) : read
  }

  /** What an exchange no longer keeps is missing, as if nothing had been traded. */
  async candles(instrument: string, length: CandleLength, span: { readonly from: Millis; readonly to: Millis }): Promise<Result<readonly Candle[]>> {
    const { markets, exchange } = this.#parts
    if (!can(exchange, 'fetchOHLCV') || !isRecord(exchange.timeframes) || !(length in exchange.timeframes)) return unable(exchange, `show candles of ${length}`)
    const perPage = pageLimit(exchange, 'fetchOHLCV') ?? usualCandles
    if (span.to - span.from > mostRequests * perPage * candleMs[length]) return failed({ kind: 'badRequest', detail: `candles of ${length} from ${span.from} to ${span.to} would take more than ${mostRequests} requests: ask for a shorter span` })
    const market = await markets.of(instrument)
    return market.ok ? this.#candles({ symbol: market.value.symbol, length, perPage }, span) : market
  }

  /** Page after page, each beginning behind the last candle of the one before; an empty one is passed over. */
  async #candles({ symbol, length, perPage }: { readonly symbol: string; readonly length: CandleLength; readonly perPage: number }, { from, to }: { readonly from: Millis; readonly to: Millis }): Promise<Result<readonly Candle[]>> {
    const candles: Candle[] = []
    for (let next = from, pages = 0; next < to && pages < mostRequests; pages += 1) {
      const page = await this.#parts.calls.read({ what: 'the candles', ask: (one) => one.fetchOHLCV(symbol, length, next, perPage), read: (answer) => everyOne(readList(answer)?.map((row) => candleOf(row))) })
      if (!page.ok) return page
      const fresh = page.value.filter(({ opensAt }) => opensAt >= next && opensAt < to).toSorted((one, other) => one.opensAt - other.opensAt)
      candles.push(...fresh.filter(({ opensAt }, index) => opensAt !== fresh[index - 1]?.opensAt))
      const last = candles.at(-1)?.opensAt
      next = fresh.length === 0 || last === undefined ? next + perPage * candleMs[length] : last + candleMs[length]
    }
    return ok(candles)
  }
}

/** All of them, or none where one cannot be read. */
const everyOne = <T>(rows: readonly (T | undefined)[] | undefined): readonly T[] | undefined => (rows === undefined || rows.includes(undefined) ? undefined : rows.flatMap((row) => row ?? []))

const unable = ({ id }: CcxtExchange, what: string): { readonly ok: false; readonly failure: Failure } => failed({ kind: 'badRequest', detail: `through ccxt, ${id} cannot ${what}` })
