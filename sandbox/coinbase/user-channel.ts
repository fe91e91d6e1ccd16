import { formatAmount } from '../exchange/amounts.ts'
import { isLive, remaining, type Order } from '../exchange/order.ts'
import type { FeedConnection } from './feed-connection.ts'
import { uuidOf } from './identity.ts'
import { averagePrice, completion, limitPriceOf, TIME_IN_FORCE, valueAfterFees } from './shapes.ts'
import { rfc3339 } from './times.ts'
import type { Venue } from './venue.ts'

const CHUNK = 50
const NO_TIME = '0001-01-01T00:00:00Z'
const POSITIONS = { perpetual_futures_positions: [], expiring_futures_positions: [] }

/** The open orders in chunks of 50: one snapshot, then updates; a chunk of fewer than 50 is the last (coinbase-advanced-trade.md 9.7). */
export function sendUserSnapshot(venue: Venue, connection: FeedConnection, products: ReadonlySet<string>): void {
  const orders = [...venue.exchange.ledger.live.values()].filter((order) => covers(products, order)).map((order) => showUserOrder(order))
  for (let start = 0; start <= orders.length; start += CHUNK) {
    connection.send('user', [{ type: start === 0 ? 'snapshot' : 'update', orders: orders.slice(start, start + CHUNK), positions: POSITIONS }])
  }
}

/** Sends the cumulative state of an order that changed; a fresh one is PENDING for a message first. */
export function sendUserUpdate(connection: FeedConnection, products: ReadonlySet<string>, order: Order): void {
  if (!covers(products, order)) return
  const shown = showUserOrder(order)
  const fresh = order.fillCount === 0 && order.status === 'OPEN'
  if (fresh) connection.send('user', [{ type: 'update', orders: [{ ...shown, status: 'PENDING' }], positions: POSITIONS }])
  connection.send('user', [{ type: 'update', orders: [shown], positions: POSITIONS }])
}

function covers(products: ReadonlySet<string>, order: Order): boolean {
  return products.size === 0 || products.has(order.terms.productId)
}

/** The user channel's order: cumulative figures, `post_only` as text, `reject_Reason` as production spells it. */
function showUserOrder(order: Order): Record<string, unknown> {
  const { terms } = order
  return {
    avg_price: averagePrice(order),
    cancel_reason: order.status === 'CANCELLED' ? order.endMessage : '',
    client_order_id: terms.clientOrderId,
    completion_percentage: order.status === 'FILLED' ? '100.00' : completion(order),
    contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
    cumulative_quantity: formatAmount(order.filled),
    filled_value: formatAmount(order.filledValue),
    leaves_quantity: isLive(order) ? formatAmount(remaining(order)) : '0',
    limit_price: limitPriceOf(order),
    number_of_fills: String(order.fillCount),
    order_id: order.orderId,
    order_side: terms.side,
    order_type: terms.limitTicks === undefined ? 'Market' : 'Limit',
    outstanding_hold_amount: formatAmount(order.hold),
    post_only: String(terms.postOnly),
    product_id: terms.productId,
    product_type: 'SPOT',
    reject_Reason: '',
    retail_portfolio_id: uuidOf('portfolio'),
    risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
    status: order.status,
    stop_price: '',
    time_in_force: TIME_IN_FORCE[terms.timeInForce],
    total_fees: formatAmount(order.fees),
    total_value_after_fees: formatAmount(valueAfterFees(order)),
    trigger_status: 'INVALID_ORDER_TYPE',
    creation_time: rfc3339(order.createdAt),
    end_time: terms.endAtMs === undefined ? NO_TIME : rfc3339(terms.endAtMs),
    start_time: NO_TIME,
  }
}
