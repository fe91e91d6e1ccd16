/** What books, trades and candles mean in the desk's words. Pure; undefined means "cannot be read". */
import { compare, type Price } from '../../domain/decimal.ts'
import type { Book, Candle, Level, PublicTrade } from '../../domain/market-data.ts'
import { parseTimestamp, type Millis } from '../../domain/time.ts'
import { readPrice, readQuantity } from '../venue-kit/reading.ts'
import { readCandleRow, readTradeRow, type BookRow } from './wire.ts'

type Side = NonNullable<BookRow['bids']>

const levelsOf = (rows: Side): readonly Level[] | undefined => {
  const levels = rows.map(({ price, size }) => ({ price: readPrice(price), quantity: readQuantity(size) }))
  const read = levels.flatMap(({ price, quantity }) => (price === undefined || quantity === undefined ? [] : [{ price, quantity }]))
  return read.length < rows.length ? undefined : read
}

/** Sorted best first, whatever order it came in. */
export const bookOf = (row: BookRow, instrument: string, receivedAt: Millis): Book | undefined => {
  const bids = levelsOf(row.bids ?? [])
  const asks = levelsOf(row.asks ?? [])
  if (bids === undefined || asks === undefined) return undefined
  const at = row.time === undefined ? undefined : parseTimestamp(row.time)
  return { instrument, bids: bids.toSorted((one, other) => compare(other.price, one.price)), asks: asks.toSorted((one, other) => compare(one.price, other.price)), at: at ?? receivedAt }
}

/** `side` is the maker's: a resting sell was taken by a buyer (5.6). */
export const tradeOf = (value: unknown, instrument: string): PublicTrade | undefined => {
  const row = readTradeRow(value)
  const price = readPrice(row?.price)
  const quantity = readQuantity(row?.size)
  const at = parseTimestamp(row?.time ?? '')
  if (row === undefined || price === undefined || quantity === undefined || at === undefined) return undefined
  return { tradeId: row.trade_id, instrument, price, quantity, taker: row.side === 'SELL' ? 'buy' : 'sell', at }
}

export const candleOf = (value: unknown): Candle | undefined => {
  const row = readCandleRow(value)
  const opensAt = Number(row?.start ?? Number.NaN) * 1_000
  const [open, high, low, close] = [row?.open, row?.high, row?.low, row?.close].map((text) => readPrice(text))
  const volume = readQuantity(row?.volume)
  if (!Number.isSafeInteger(opensAt) || open === undefined || high === undefined || low === undefined || close === undefined || volume === undefined) return undefined
  return isWhole({ open, high, low, close }) ? { opensAt, open, high, low, close, volume } : undefined
}

/** A candle whose ends lie outside its range is none. */
const isWhole = ({ open, high, low, close }: { readonly open: Price; readonly high: Price; readonly low: Price; readonly close: Price }): boolean =>
  [open, close].every((end) => compare(end, high) <= 0 && compare(end, low) >= 0)
