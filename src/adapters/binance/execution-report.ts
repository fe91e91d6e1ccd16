/** What an `executionReport` says of its order (binance-spot.md 6.3): its cumulative state. It never books a fill. */
import type { OrderReport } from '../../domain/order.ts'
import { present, readPrice, readQuantity } from '../venue-kit/reading.ts'
import { readExecution } from './frames.ts'
import { formatVenueName } from './names.ts'
import { executedOf, orderStatus, reasonOf, sideOf } from './to-domain.ts'

/**
 * The report of an event's data; undefined when it cannot be read, or is of a symbol that was never listed. On a cancel `c`
 * is the name of the cancel and `C` the order's own; otherwise `C` is empty.
 * @param instrumentOf the instrument of a symbol
 */
export const executionReport = (data: unknown, instrumentOf: (symbol: string) => string | undefined): OrderReport | undefined => {
  const row = readExecution(data)
  const instrument = row === undefined ? undefined : instrumentOf(row.s)
  if (row === undefined || instrument === undefined) return undefined
  const status = orderStatus(row.X)
  const executed = executedOf(row.z, status)
  if (executed === undefined) return undefined
  const optional = present<Pick<OrderReport, 'reason' | 'price' | 'quantity' | 'createdAt'>>({
    reason: reasonOf(status, row.r, row.eR),
    price: readPrice(row.p),
    quantity: readQuantity(row.q),
    createdAt: row.O,
  })
  return { venueOrderId: formatVenueName({ instrument, id: row.i }), clientOrderId: row.C ?? row.c ?? '', instrument, side: sideOf(row.S), status, executed, ...optional }
}
