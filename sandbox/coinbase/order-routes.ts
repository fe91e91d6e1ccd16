import type { Fill, Order } from '../exchange/order.ts'
import { invalid, notFound, ok, type RestAnswer, type RestRequest } from './answers.ts'
import { limitOf, newestFirst } from './paging.ts'
import { showFill, showOrder, TIME_IN_FORCE } from './shapes.ts'
import { millisOf } from './times.ts'
import type { Venue } from './venue.ts'

const OPEN_LIMIT = 1000
const CANCEL_LIMIT = 100

/**
 * GET /orders/historical/batch: repeated keys filter, singular ones are ignored, OPEN stands alone and ignores dates
 * (coinbase-advanced-trade.md 3, 5.11). Newest first.
 */
export function listOrders(venue: Venue, { query }: RestRequest): RestAnswer {
  const statuses = query.getAll('order_status')
  if (statuses.includes('OPEN') && statuses.length > 1) return invalid('OPEN cannot be combined with other order statuses')
  const open = statuses[0] === 'OPEN'
  const page = newestFirst<Order>({
    list: open ? [...venue.exchange.ledger.live.values()] : venue.exchange.ledger.orderList,
    cursor: query.get('cursor') ?? '',
    limit: limitOf(query.get('limit'), OPEN_LIMIT, OPEN_LIMIT),
    wanted: orderFilter(venue, query, open),
  })
  if (!page) return invalid('invalid cursor')
  return ok({ orders: page.items.map((order) => showOrder(order)), sequence: '0', has_next: page.cursor !== '', cursor: page.cursor })
}

function orderFilter(venue: Venue, query: URLSearchParams, open: boolean): (order: Order) => boolean {
  const ids = anyOf(query.getAll('order_ids'))
  const productIds = anyOf(query.getAll('product_ids'))
  const statuses = anyOf(query.getAll('order_status'))
  const types = anyOf(query.getAll('order_types'))
  const forces = anyOf(query.getAll('time_in_forces'))
  const side = anyOf(query.getAll('order_side').filter((value) => value !== 'UNKNOWN_ORDER_SIDE'))
  const from = open ? undefined : millisOf(query.get('start_date') ?? '')
  const to = open ? undefined : millisOf(query.get('end_date') ?? '')
  return (order) =>
    visible(venue, order) &&
    ids(order.orderId) &&
    productIds(order.terms.productId) &&
    statuses(order.status) &&
    types(order.terms.limitTicks === undefined ? 'MARKET' : 'LIMIT') &&
    forces(TIME_IN_FORCE[order.terms.timeInForce]) &&
    side(order.terms.side) &&
    within(order.createdAt, from, to)
}

/** GET /orders/historical/{order_id}: 404 for an unknown order and, for a moment, for a new one (coinbase-advanced-trade.md 5.12). */
export function oneOrder(venue: Venue, { params }: RestRequest): RestAnswer {
  const order = venue.exchange.ledger.orders.get(params[0] ?? '')
  return order && visible(venue, order) ? ok({ order: showOrder(order) }) : notFound('order with this orderID was not found')
}

/** GET /orders/historical/fills: newest first, no has_next (coinbase-advanced-trade.md 5.13). */
export function listFills(venue: Venue, { query }: RestRequest): RestAnswer {
  const orderIds = anyOf(query.getAll('order_ids'))
  const tradeIds = anyOf(query.getAll('trade_ids'))
  const productIds = anyOf(query.getAll('product_ids'))
  const from = millisOf(query.get('start_sequence_timestamp') ?? '')
  const to = millisOf(query.get('end_sequence_timestamp') ?? '')
  const shownBefore = Math.min(venue.now() - venue.settings.fillVisibleAfterMs, venue.faults.active('hideFills', 'all')?.since ?? Infinity)
  const page = newestFirst<Fill>({
    list: venue.exchange.ledger.fills,
    cursor: query.get('cursor') ?? '',
    limit: limitOf(query.get('limit'), 100, 3000),
    wanted: (fill) => fill.at <= shownBefore && orderIds(fill.orderId) && tradeIds(fill.tradeId) && productIds(fill.productId) && within(fill.at, from, to),
  })
  return page ? ok({ fills: page.items.map((fill) => showFill(fill)), cursor: page.cursor }) : invalid('invalid cursor')
}

/** POST /orders/batch_cancel: success is only the request's (coinbase-advanced-trade.md 5.9). */
export function batchCancel(venue: Venue, { body }: RestRequest): RestAnswer {
  const ids = body['order_ids']
  if (!Array.isArray(ids) || ids.length === 0) return invalid('order_ids is required')
  if (ids.length > CANCEL_LIMIT) return { status: 400, body: { error: 'InvalidArgument', message: `Too many orderIDs entered, limit is ${CANCEL_LIMIT}`, error_details: '' } }
  return ok({ results: ids.map((id) => cancelOne(venue, String(id))) })
}

const CANCEL_REASONS = {
  requested: 'UNKNOWN_CANCEL_FAILURE_REASON',
  'already requested': 'DUPLICATE_CANCEL_REQUEST',
  filled: 'ORDER_IS_FULLY_FILLED',
  unknown: 'UNKNOWN_CANCEL_ORDER',
} as const

function cancelOne(venue: Venue, orderId: string): Record<string, unknown> {
  const answer = venue.exchange.requestCancel(orderId)
  return { success: answer === 'requested', failure_reason: CANCEL_REASONS[answer], order_id: orderId }
}

function visible(venue: Venue, order: Order): boolean {
  const hiddenSince = venue.faults.active('hideOrders', 'all')?.since ?? Infinity
  return order.createdAt <= hiddenSince && venue.now() - order.createdAt >= venue.settings.orderVisibleAfterMs
}

function anyOf(values: readonly string[]): (value: string) => boolean {
  const wanted = new Set(values)
  return (value) => wanted.size === 0 || wanted.has(value)
}

function within(at: number, from: number | undefined, to: number | undefined): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to)
}
