/**
 * What the rows expect, against what the venue says: pure, so the same reports twice give the same findings.
 *
 * R1  A missing list entry is never evidence of an end: it only asks for a look-up by id (I7, FS-20).
 * R2  An order with our mark that works, or has executed, and is not among the live rows is asked about in the rows;
 *     one that no row knows is reported, never adopted by guess (FS-15).
 */
import { parseClientOrderId } from './client-order-id.ts'
import { compare, isPositive } from './decimal.ts'
import { isFinished, type OrderReport } from './order.ts'
import type { OrderRecord } from './records.ts'

export type Finding =
  /** The venue knows something newer about one of our orders. */
  | { readonly kind: 'news'; readonly clientOrderId: string; readonly report: OrderReport }
  /** One of our working orders is not in the venue's list: ask for it by its id. */
  | { readonly kind: 'missing'; readonly clientOrderId: string; readonly venueOrderId: string }
  /** The venue works, or has executed, an order with our mark that is not live in the rows. */
  | { readonly kind: 'orphan'; readonly report: OrderReport }

/** The part of a live order that matters here. */
export type ExpectedOrder = Pick<OrderRecord, 'clientOrderId' | 'venueOrderId' | 'filled'> & { readonly state: string }

const tellsMore = (expected: ExpectedOrder, report: OrderReport): boolean =>
  expected.venueOrderId === null ||
  expected.state === 'submitting' ||
  expected.state === 'resolving' ||
  isFinished(report.status) ||
  compare(report.executed, expected.filled) > 0

/**
 * Compares the live orders of the rows with the venue's list of working (and recent) orders.
 * @param install the mark of this install's client order ids
 */
export const reconcileOrders = (
  expected: readonly ExpectedOrder[],
  listed: readonly OrderReport[],
  install: string,
): readonly Finding[] => {
  const reports = new Map(listed.map((report) => [report.clientOrderId, report]))
  const known = new Set(expected.map((order) => order.clientOrderId))
  const own = expected.flatMap((order): readonly Finding[] => {
    const report = reports.get(order.clientOrderId)
    if (report !== undefined) return tellsMore(order, report) ? [{ kind: 'news', clientOrderId: order.clientOrderId, report }] : []
    return order.venueOrderId === null
      ? []
      : [{ kind: 'missing', clientOrderId: order.clientOrderId, venueOrderId: order.venueOrderId }]
  })
  const orphans = listed.filter(
    (report) => (!isFinished(report.status) || isPositive(report.executed)) && !known.has(report.clientOrderId) && parseClientOrderId(report.clientOrderId)?.install === install,
  )
  return [...own, ...orphans.map((report) => ({ kind: 'orphan', report }) as const)]
}
