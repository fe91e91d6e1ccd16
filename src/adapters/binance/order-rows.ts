/** Rows of the venue's lists as orders and fills of the account. Pure; what cannot be read is told, never thrown. */
import { compare } from '../../domain/decimal.ts'
import { failed, ok, type Result } from '../../domain/failure.ts'
import { isFinished, type Fill, type OrderReport } from '../../domain/order.ts'
import type { AccountFills, AccountOrders } from '../../ports/venue.ts'
import { formatVenueName } from './names.ts'
import { fillOf, orderReport } from './to-domain.ts'
import { clientOrderIdOf, idIn, readOrder, readTrade, symbolIn } from './wire.ts'

/** A row, and the instrument whose list it was in. */
export interface Listed {
  readonly row: unknown
  readonly instrument: string
}

/** Ids are of one symbol: where a filter was ignored, another's rows must not be taken for this one's. */
export const rowsOf = (rows: readonly unknown[], symbol: string): readonly unknown[] => rows.filter((row) => (symbolIn(row) ?? symbol) === symbol)

/** @param symbol where the row must be of this one */
export const reportOf = (row: unknown, instrument: string, symbol?: string): Result<OrderReport> => {
  const order = readOrder(row)
  const report = order === undefined || (symbol !== undefined && order.symbol !== symbol) ? undefined : orderReport(order, instrument)
  return report === undefined ? failed({ kind: 'malformed', detail: 'an order in the answer cannot be read' }) : ok(report)
}

export const fillResult = (row: unknown, instrument: string): Result<Fill> => {
  const trade = readTrade(row)
  const fill = trade === undefined ? undefined : fillOf(trade, instrument)
  return fill === undefined ? failed({ kind: 'malformed', detail: 'a fill in the answer cannot be read' }) : ok(fill)
}

/** Each order once, by the word that is further on. */
export const accountOrders = (rows: readonly Listed[]): AccountOrders => {
  const orders = new Map<string, OrderReport>()
  const unread: AccountOrders['unread'][number][] = []
  for (const { row, instrument } of rows) {
    const report = reportOf(row, instrument)
    if (report.ok) orders.set(report.value.venueOrderId, furtherOn(orders.get(report.value.venueOrderId), report.value))
    else unread.push({ venueOrderId: nameIn(row, 'orderId', instrument), clientOrderId: clientOrderIdOf(row) })
  }
  return { orders: [...orders.values()], unread }
}

export const accountFills = (rows: readonly Listed[]): AccountFills => {
  const fills: Fill[] = []
  const unread: AccountFills['unread'][number][] = []
  for (const { row, instrument } of rows) {
    const fill = fillResult(row, instrument)
    if (fill.ok) fills.push(fill.value)
    else unread.push({ tradeId: nameIn(row, 'id', instrument), venueOrderId: nameIn(row, 'orderId', instrument) })
  }
  return { fills: latestFills(fills), odd: [], unread }
}

/** Each execution once. Where our own orders meet, both have one trade id: the order tells them apart. */
export const latestFills = (fills: readonly Fill[]): readonly Fill[] => [...new Map(fills.map((fill) => [`${fill.tradeId} ${fill.venueOrderId}`, fill])).values()]

/** An ended order does not live again, and what was executed stays so: the other read lags. */
const furtherOn = (a: OrderReport | undefined, b: OrderReport): OrderReport => {
  if (a === undefined) return b
  if (isFinished(a.status) !== isFinished(b.status)) return isFinished(a.status) ? a : b
  return compare(a.executed, b.executed) > 0 ? a : b
}

const nameIn = (row: unknown, field: 'orderId' | 'id', instrument: string): string | undefined => {
  const id = idIn(row, field)
  return id === undefined ? undefined : formatVenueName({ instrument, id })
}
