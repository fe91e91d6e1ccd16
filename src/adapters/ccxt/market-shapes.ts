/** What ccxt's structures of the market mean in the desk's words. Pure; undefined means "cannot be read". */
import { compare } from '../../domain/decimal.ts'
import type { Book, Candle, Level, PublicTrade } from '../../domain/market-data.ts'
import type { Quote } from '../../domain/quote.ts'
import type { Millis } from '../../domain/time.ts'
import { readPrice, readQuantity } from '../venue-kit/reading.ts'
import { readBook, readCandle, readPublicTrade, readTicker } from './wire.ts'

/**
 * Best bid and ask; undefined while a side is empty. Dated by its receipt: by exchange, the library's stamp of a ticker is
 * that of the answer, of the last change or of the last trade.
 */
export const quoteOf = (row: unknown, instrument: string, receivedAt: Millis): Quote | undefined => {
  const ticker = readTicker(row)
  return quoteBetween(ticker?.bid, ticker?.ask, instrument, receivedAt)
}

const quoteBetween = (low: string | undefined, high: string | undefined, instrument: string, receivedAt: Millis): Quote | undefined => {
  const [bid, ask] = [readPrice(low), readPrice(high)]
  return bid === undefined || ask === undefined ? undefined : { instrument, bid, ask, at: receivedAt, receivedAt, source: 'rest' }
}

export const quoteOfBook = ({ instrument, bids, asks }: Book, receivedAt: Millis): Quote | undefined => quoteBetween(bids[0]?.price, asks[0]?.price, instrument, receivedAt)

const levelOf = ([at, of]: readonly [string, string, ...unknown[]]): Level | undefined => {
  const [price, quantity] = [readPrice(at), readQuantity(of)]
  return price === undefined || quantity === undefined ? undefined : { price, quantity }
}

/** Sorted here: the library sorts prices that are text letter by letter. */
export const bookOf = (answer: unknown, instrument: string, receivedAt: Millis): Book | undefined => {
  const read = readBook(answer)
  const bids = read?.bids.map((row) => levelOf(row))
  const asks = read?.asks.map((row) => levelOf(row))
  if (read === undefined || bids === undefined || asks === undefined || [...bids, ...asks].includes(undefined)) return undefined
  const rising = (one: Level, other: Level): number => compare(one.price, other.price)
  const sorted = (levels: readonly (Level | undefined)[]): Level[] => levels.flatMap((level) => level ?? []).toSorted(rising)
  return { instrument, bids: sorted(bids).toReversed(), asks: sorted(asks), at: read.timestamp ?? receivedAt }
}

export const shallower = (book: Book, depth: number): Book => ({ ...book, bids: book.bids.slice(0, depth), asks: book.asks.slice(0, depth) })

export const publicTradeOf = (row: unknown, instrument: string): PublicTrade | undefined => {
  const read = readPublicTrade(row)
  const [price, quantity] = [readPrice(read?.price), readQuantity(read?.amount)]
  return read === undefined || price === undefined || quantity === undefined ? undefined : { tradeId: read.id, instrument, price, quantity, taker: read.side, at: read.timestamp }
}

export const candleOf = (row: unknown): Candle | undefined => {
  const [opensAt, ...figures] = readCandle(row) ?? []
  const [open, high, low, close] = figures.slice(0, 4).map((text) => readPrice(typeof text === 'string' ? text : undefined))
  const volume = readQuantity(typeof figures[4] === 'string' ? figures[4] : undefined)
  if (opensAt === undefined || open === undefined || high === undefined || low === undefined || close === undefined || volume === undefined || compare(low, high) > 0) return undefined
  return { opensAt, open, high, low, close, volume }
}
