/** Changes and snapshots of a book as they are told (binance-spot.md 5.1, 6.2). Pure; undefined means "cannot be read". */
import { isPositive } from '../../domain/decimal.ts'
import { readPrice, readQuantity } from '../venue-kit/reading.ts'
import type { Level } from '../venue-kit/book-side.ts'
import { readDiff, type DiffRow } from './frames.ts'
import type { BookDiff, BookSnapshot } from './order-book.ts'
import type { DepthSnapshot } from './wire.ts'

type LevelRows = DiffRow['b']

/** The change in an event's data; undefined when any part of it cannot be read. */
export const diffOf = (data: unknown): BookDiff | undefined => {
  const row = readDiff(data)
  if (row === undefined) return undefined
  const { U: firstId, u: lastId, b, a } = row
  const bids = levelsOf(b)
  const asks = levelsOf(a)
  return bids === undefined || asks === undefined || lastId < firstId ? undefined : { firstId, lastId, bids, asks }
}

/** A snapshot; undefined when a level of it cannot be read. */
export const snapshotOf = ({ lastUpdateId: lastId, bids, asks }: DepthSnapshot): BookSnapshot | undefined => {
  const sides = { bids: levelsOf(bids), asks: levelsOf(asks) }
  return sides.bids === undefined || sides.asks === undefined ? undefined : { lastId, bids: sides.bids, asks: sides.asks }
}

/** Undefined when one level cannot be read: a book with a hole is none. */
const levelsOf = (rows: LevelRows): readonly Level[] | undefined => {
  const levels = rows.flatMap(([priceText, quantityText]): Level[] => {
    const price = readPrice(priceText)
    const quantity = readQuantity(quantityText)
    return price === undefined || quantity === undefined || (quantity !== '0' && !isPositive(quantity)) ? [] : [[price, quantity]]
  })
  return levels.length === rows.length ? levels : undefined
}
