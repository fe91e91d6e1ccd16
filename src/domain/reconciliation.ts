/**
 * What the rows expect, against what the venue says: pure, so the same words twice give the same findings.
 *
 * R1  A missing list entry is never evidence of an end: it only asks for a look-up by id (I7, FS-20).
 * R2  An order with our mark that works, or has executed, and is not among the live rows is asked about in the rows;
 *     one that no row knows is reported, never adopted by guess (FS-15).
 * R3  An order of somebody else is told apart; what becomes of it is a policy, not a finding.
 */
import { parseClientOrderId } from './client-order-id.ts'
import { compare, isPositive } from './decimal.ts'
import { isFinished, type Fill, type OrderReport } from './order.ts'
import type { Difference, OrderRecord } from './records.ts'

export type Finding =
  /** The venue knows something newer about one of our orders. */
  | { readonly kind: 'news'; readonly expected: ExpectedOrder; readonly report: OrderReport }
  /** One of our working orders is not in the venue's list: ask for it by its id. */
  | { readonly kind: 'missing'; readonly expected: ExpectedOrder; readonly venueOrderId: string }
  /** The venue works, or has executed, an order with our mark that is not live in the rows. */
  | { readonly kind: 'orphan'; readonly report: OrderReport }
  /** The venue works an order that is not ours. */
  | { readonly kind: 'foreign'; readonly report: OrderReport }

/** The part of a live order that matters here. */
export type ExpectedOrder = Pick<OrderRecord, 'clientOrderId' | 'venueOrderId' | 'filled' | 'quantity'> & {
  readonly state: string
  /** Something about it does not add up yet: every word about it is news. */
  readonly inDoubt?: boolean
}

/** What is done with an order that somebody else placed on the account. */
export type ForeignPolicy = 'report' | 'adopt' | 'ignore'

/** True when the report says more than the row knows. */
export const tellsMore = (expected: ExpectedOrder, report: OrderReport): boolean =>
  expected.venueOrderId === null ||
  expected.state === 'submitting' ||
  expected.state === 'resolving' ||
  (expected.inDoubt === true && expected.state !== 'cancelling') ||
  isFinished(report.status) ||
  compare(report.executed, expected.filled) > 0

/**
 * Compares the live orders of the rows with the venue's list of working (and recent) orders.
 * @param install the mark of this install's client order ids
 */
export const reconcileOrders = (expected: readonly ExpectedOrder[], listed: readonly OrderReport[], install: string): readonly Finding[] => {
  const reports = new Map(listed.map((report) => [report.venueOrderId, report]))
  const byClient = new Map([...reports.values()].map((report) => [report.clientOrderId, report]))
  const known = new Set(expected.map((order) => order.clientOrderId))
  const own = expected.flatMap((order): readonly Finding[] => {
    const report = (order.venueOrderId === null ? undefined : reports.get(order.venueOrderId)) ?? byClient.get(order.clientOrderId)
    if (report !== undefined) return tellsMore(order, report) ? [{ kind: 'news', expected: order, report }] : []
    return order.venueOrderId === null ? [] : [{ kind: 'missing', expected: order, venueOrderId: order.venueOrderId }]
  })
  const others = [...reports.values()].filter((report) => !known.has(report.clientOrderId))
  return [...own, ...others.flatMap((report): readonly Finding[] => strangerOf(report, install))]
}

const strangerOf = (report: OrderReport, install: string): readonly Finding[] => {
  if (parseClientOrderId(report.clientOrderId)?.install === install) {
    return !isFinished(report.status) || isPositive(report.executed) ? [{ kind: 'orphan', report }] : []
  }
  return isFinished(report.status) ? [] : [{ kind: 'foreign', report }]
}

/** What the venue says of an order, for people. */
export const inWords = ({ status, executed, quantity, venueOrderId }: OrderReport): string =>
  `${status} at the venue as ${venueOrderId}, ${executed}${quantity === undefined ? '' : ` of ${quantity}`} executed`

const known = ({ state, filled, quantity }: ExpectedOrder): string => `${state}, ${filled} of ${quantity} booked`

/** The differences as a person reads them. */
export const difference = {
  news: (expected: ExpectedOrder, report: OrderReport): Difference => ({
    kind: 'order',
    about: expected.clientOrderId,
    expected: known(expected),
    found: inWords(report),
    done: compare(report.executed, expected.filled) > 0 ? 'the order was told and reads its fills' : 'the order was told',
  }),
  vanished: (expected: ExpectedOrder): Difference => ({
    kind: 'vanished',
    about: expected.clientOrderId,
    expected: known(expected),
    found: `the venue does not know ${expected.venueOrderId ?? 'it'}`,
    done: 'it stays live and is asked about again; if it stays unknown its pair is held',
  }),
  lost: (report: OrderReport, done: string): Difference => ({ kind: 'lostOrder', about: report.clientOrderId, expected: 'no live order', found: inWords(report), done }),
  foreign: (report: OrderReport, done: string): Difference => ({
    kind: 'foreignOrder',
    about: report.clientOrderId === '' ? report.venueOrderId : report.clientOrderId,
    expected: 'no order of somebody else',
    found: `${report.side} ${report.instrument}${report.price === undefined ? '' : ` at ${report.price}`}: ${inWords(report)}`,
    done,
  }),
  fill: (fill: Fill, clientOrderId: string): Difference => ({
    kind: 'fill',
    about: `${fill.tradeId} of ${clientOrderId}`,
    expected: 'not booked',
    found: `${fill.side} ${fill.quantity} at ${fill.price}`,
    done: 'the order was given it to book',
  }),
  oddFill: (tradeId: string, detail: string, done: string): Difference => ({ kind: 'oddFill', about: tradeId, expected: 'plain executions only', found: detail, done }),
  unread: (kind: 'foreignOrder' | 'oddFill', about: string): Difference => ({ kind, about, expected: 'rows that can be read', found: "a row of somebody else's that cannot", done: 'left out; a person was told' }),
  balance: (asset: string, expected: string, found: string, done: string): Difference => ({ kind: 'balance', about: asset, expected, found, done }),
} as const
