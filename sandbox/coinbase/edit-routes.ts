import { formatAmount, multiply, parseAmount } from '../exchange/amounts.ts'
import { productOf } from '../exchange/ledger.ts'
import { isLive, type Order } from '../exchange/order.ts'
import { priceAtoms } from '../exchange/products.ts'
import { ok, type RestAnswer, type RestRequest } from './answers.ts'
import type { Venue } from './venue.ts'

interface Wish {
  readonly order: Order
  readonly limitTicks: number
  readonly quantity: bigint
}

/** POST /orders/edit (coinbase-advanced-trade.md 5.10): price and new total size; always 200, trouble in `errors`. */
export function editOrder(venue: Venue, { body }: RestRequest): RestAnswer {
  const wish = readWish(venue, body)
  if (typeof wish === 'string') return ok(failure(wish))
  const { order, ...terms } = wish
  const refused = venue.exchange.edit(order, terms)
  if (refused === undefined) return ok({ success: true, errors: [{ edit_failure_reason: 'UNKNOWN_EDIT_ORDER_FAILURE_REASON', preview_failure_reason: 'UNKNOWN_PREVIEW_FAILURE_REASON' }] })
  return ok(failure(refused === 'wouldCross' ? 'INVALID_EDITED_PRICE' : 'COMMANDER_REJECTED_EDIT_ORDER'))
}

/** POST /orders/edit_preview (coinbase-advanced-trade.md 5.10): what the edited order would come to. */
export function previewEdit(venue: Venue, { body }: RestRequest): RestAnswer {
  const wish = readWish(venue, body)
  if (typeof wish === 'string') return ok({ errors: failure(wish)['errors'], slippage: '0', order_total: '0', commission_total: '0', quote_size: '0', base_size: '0', best_bid: '', best_ask: '', average_filled_price: '0' })
  const product = productOf(wish.order)
  const value = multiply(wish.quantity, priceAtoms(product, wish.limitTicks))
  const commission = multiply(value, venue.exchange.rates.maker)
  const { quote } = venue.exchange.marketOf(product)
  const touch = (ticks: number | undefined): string => (ticks === undefined ? '' : formatAmount(priceAtoms(product, ticks)))
  return ok({
    errors: [],
    slippage: '0',
    order_total: formatAmount(wish.order.terms.side === 'BUY' ? value + commission : value - commission),
    commission_total: formatAmount(commission),
    quote_size: formatAmount(value),
    base_size: formatAmount(wish.quantity),
    best_bid: touch(quote?.bid),
    best_ask: touch(quote?.ask),
    average_filled_price: '0',
  })
}

/** The wish, or the venue's word for what is wrong with it. An omitted size counts as 0. */
function readWish(venue: Venue, body: Readonly<Record<string, unknown>>): Wish | string {
  const order = venue.exchange.ledger.orders.get(String(body['order_id']))
  if (!order) return 'ORDER_NOT_FOUND'
  if (order.terms.limitTicks === undefined || order.terms.timeInForce !== 'GTC') return 'ONLY_LIMIT_ORDER_EDITS_SUPPORTED'
  if (!isLive(order) || order.status !== 'OPEN') return 'ONLY_OPEN_ORDERS_CAN_BE_EDITED'
  const { baseIncrement, priceIncrement } = productOf(order)
  const quantity = amountIn(body['size']) ?? 0n
  const price = amountIn(body['price']) ?? 0n
  if (quantity % baseIncrement !== 0n) return 'INVALID_EDITED_SIZE'
  if (quantity <= order.filled) return 'CANNOT_EDIT_TO_BELOW_FILLED_SIZE'
  if (price === 0n || price % priceIncrement !== 0n) return 'INVALID_EDITED_PRICE'
  const limitTicks = Number(price / priceIncrement)
  return limitTicks === order.terms.limitTicks && quantity === order.terms.quantity ? 'EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST' : { order, limitTicks, quantity }
}

const amountIn = (value: unknown): bigint | undefined => (typeof value === 'string' ? parseAmount(value) : undefined)

function failure(reason: string): { success: false; errors: readonly Record<string, string>[] } {
  return { success: false, errors: [{ edit_failure_reason: reason, preview_failure_reason: 'UNKNOWN_PREVIEW_FAILURE_REASON' }] }
}
