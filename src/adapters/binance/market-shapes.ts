/** What books, trades and candles mean in the desk's words (binance-spot.md 5.1). Pure; undefined means "cannot be read". */
import { compare } from '../../domain/decimal.ts'
import type { Book, Candle, Level, PublicTrade } from '../../domain/market-data.ts'
import type { Millis } from '../../domain/time.ts'
import { isRecord, readPrice, readQuantity, textOf } from '../venue-kit/reading.ts'
import { snapshotOf } from './book-rows.ts'
import type { Level as Step } from '../venue-kit/book-side.ts'
import { readCandle, readTapeTrade, type DepthSnapshot } from './wire.ts'

const levelOf = ([price, quantity]: Step): Level => ({ price, quantity })

/** The snapshot carries no time: when it was received counts. */
export const bookOf = (row: DepthSnapshot, instrument: string, receivedAt: Millis): Book | undefined => {
  const snapshot = snapshotOf(row)
  return snapshot && { instrument, bids: snapshot.bids.map(levelOf), asks: snapshot.asks.map(levelOf), at: receivedAt }
}

/** `isBuyerMaker`: a resting buy was taken by a seller. */
export const tradeOf = (value: unknown, instrument: string): PublicTrade | undefined => {
  const row = readTapeTrade(value)
  const price = readPrice(row?.price)
  const quantity = readQuantity(row?.qty)
  if (row === undefined || price === undefined || quantity === undefined) return undefined
  return { tradeId: row.id, instrument, price, quantity, taker: row.isBuyerMaker ? 'sell' : 'buy', at: row.time }
}

/** A `trade` event; `m`: the buyer was the maker (6.2). */
export const readStreamTrade = ({ t: id, p, q, T: at, m: isBuyerMaker }: Readonly<Record<string, unknown>>, instrument: string): PublicTrade | undefined => {
  const price = readPrice(textOf(p))
  const quantity = readQuantity(textOf(q))
  if (typeof id !== 'number' || typeof at !== 'number' || typeof isBuyerMaker !== 'boolean' || price === undefined || quantity === undefined) return undefined
  return { tradeId: String(id), instrument, price, quantity, taker: isBuyerMaker ? 'sell' : 'buy', at }
}

/** A candle and when the venue told it. */
export interface Kline {
  readonly candle: Candle
  readonly toldAt: Millis
}

/** A `kline` event (6.2). */
export const readKline = ({ E: toldAt, k }: Readonly<Record<string, unknown>>): Kline | undefined => {
  const candle = isRecord(k) ? candleOf([k['t'], k['o'], k['h'], k['l'], k['c'], k['v']]) : undefined
  return candle === undefined || typeof toldAt !== 'number' ? undefined : { candle, toldAt }
}

/** Twelve places, of which the first six count. */
export const candleOf = (value: unknown): Candle | undefined => {
  const row = readCandle(value)
  if (row === undefined) return undefined
  const [opensAt] = row
  const [open, high, low, close] = row.slice(1, 5).map((text) => readPrice(String(text)))
  const volume = readQuantity(row[5])
  if (open === undefined || high === undefined || low === undefined || close === undefined || volume === undefined) return undefined
  const isWhole = [open, close].every((end) => compare(end, high) <= 0 && compare(end, low) >= 0)
  return isWhole ? { opensAt, open, high, low, close, volume } : undefined
}
