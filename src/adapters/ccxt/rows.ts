/** Rows of the account's lists, together with the market they were asked for. */
import { compare } from '../../domain/decimal.ts'
import { failed, ok, type Result } from '../../domain/failure.ts'
import { isFinished, type Fill, type OrderReport } from '../../domain/order.ts'
import type { AccountFills, AccountOrders } from '../../ports/venue.ts'
import type { Market } from './markets.ts'
import { formatOrderName } from './names.ts'
import { fillOf, orderReport } from './to-domain.ts'
import { nameIn, quietly, readOrder, readOwnTrade } from './wire.ts'

export interface Listed {
  readonly row: unknown
  readonly market: Market
}

/** The word on an order of a market; one on another market's is none. */
export const reportOf = ({ row, market }: Listed): OrderReport | undefined => {
  const read = quietly(() => readOrder(row))
  return read === undefined || read.symbol !== market.symbol ? undefined : orderReport(read, market.instrument)
}

/** Reads of one order may disagree, since each may lag: the word that is further on counts. */
export const furthest = (reports: readonly OrderReport[]): readonly OrderReport[] => {
  const best = new Map<string, OrderReport>()
  for (const report of reports) {
    const known = best.get(report.venueOrderId)
    if (known === undefined || isFurther(report, known)) best.set(report.venueOrderId, report)
  }
  return [...best.values()]
}

const isFurther = (one: OrderReport, other: OrderReport): boolean =>
  isFinished(one.status) === isFinished(other.status) ? compare(one.executed, other.executed) >= 0 : isFinished(one.status)

export const accountOrders = (listed: readonly Listed[]): AccountOrders => {
  const orders: OrderReport[] = []
  const unread: AccountOrders['unread'][number][] = []
  for (const one of listed) {
    const report = reportOf(one)
    if (report === undefined) unread.push({ venueOrderId: idIn(one, 'id'), clientOrderId: nameIn(one.row, 'clientOrderId') })
    else orders.push(report)
  }
  return { orders: furthest(orders), unread }
}

const idIn = ({ row, market: { instrument } }: Listed, field: string): string | undefined => {
  const id = nameIn(row, field)
  return id === undefined ? undefined : formatOrderName({ instrument, id })
}

const ownFill = ({ row, market }: Listed, executionId: string | undefined): Fill | undefined => {
  const read = quietly(() => readOwnTrade(row))
  return read === undefined || read.symbol !== market.symbol ? undefined : quietly(() => fillOf(read, market.instrument, executionId))
}

/** The library tells corrections and reversals apart from executions nowhere, so none are called odd. */
export const accountFills = (listed: readonly Listed[], executionId: string | undefined): AccountFills => {
  const fills = new Map<string, Fill>()
  const unread: AccountFills['unread'][number][] = []
  for (const one of listed) {
    const fill = ownFill(one, executionId)
    if (fill === undefined) unread.push({ tradeId: nameIn(one.row, 'id'), venueOrderId: idIn(one, 'order') })
    else fills.set(`${fill.venueOrderId} ${fill.tradeId}`, fill)
  }
  return { fills: [...fills.values()], odd: [], unread }
}

/** The executions of one order; a row that cannot be read might be of it. */
export const fillsOfOrder = (listed: readonly Listed[], venueOrderId: string, executionId: string | undefined): Result<readonly Fill[]> => {
  const { fills, unread } = accountFills(listed, executionId)
  if (unread.some((row) => row.venueOrderId === undefined || row.venueOrderId === venueOrderId)) return failed({ kind: 'malformed', detail: 'an execution in the answer cannot be read (its fee may be missing)' })
  return ok(fills.filter((fill) => fill.venueOrderId === venueOrderId))
}
