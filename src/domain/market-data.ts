/** What a market showed and did: books, trades and candles. */
import type { Price, Quantity } from './decimal.ts'
import type { Side } from './order.ts'
import type { Millis } from './time.ts'

/** So much is offered, or wanted, at a price. */
export interface Level {
  readonly price: Price
  readonly quantity: Quantity
}

/** A book at a moment, best levels first. */
export interface Book {
  readonly instrument: string
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  /** The venue's own stamp, where it gives one; else when it was received. */
  readonly at: Millis
}

/** One trade of the public tape. */
export interface PublicTrade {
  readonly tradeId: string
  readonly instrument: string
  readonly price: Price
  readonly quantity: Quantity
  /** The side that came to the book and took. */
  readonly taker: Side
  readonly at: Millis
}

/** Lengths of candles that every venue offers. */
export type CandleLength = '1m' | '5m' | '15m' | '30m' | '1h' | '6h' | '1d'

export const candleMs: Readonly<Record<CandleLength, Millis>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '1d': 86_400_000,
}

export interface Candle {
  readonly opensAt: Millis
  readonly open: Price
  readonly high: Price
  readonly low: Price
  readonly close: Price
  /** In base currency. */
  readonly volume: Quantity
}
