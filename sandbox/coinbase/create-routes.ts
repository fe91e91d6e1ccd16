import { divide, formatAmount, multiply } from '../exchange/amounts.ts'
import type { Admission } from '../exchange/admission.ts'
import type { Order, OrderTerms } from '../exchange/order.ts'
import { priceAtoms, products } from '../exchange/products.ts'
import { invalid, ok, type RestAnswer, type RestRequest } from './answers.ts'
import { readTerms } from './order-configuration.ts'
import { errorResponse, plainSpelling, spellingOf } from './refusals.ts'
import type { Venue } from './venue.ts'

const CLIENT_ID_LENGTH = 128

/** POST /orders (coinbase-advanced-trade.md 5.7): 200 for refusals too; 400 for a malformed body. */
export function createOrder(venue: Venue, { body }: RestRequest): RestAnswer {
  const id = body['client_order_id']
  if (typeof id !== 'string' || id === '') return invalid('client_order_id is required')
  if (id.length > CLIENT_ID_LENGTH) return refusedBody(venue, id, `client_order_id must be at most ${CLIENT_ID_LENGTH} characters`)
  if (typeof body['order_configuration'] !== 'object' || typeof body['product_id'] !== 'string') return refusedBody(venue, id, 'product_id and order_configuration are required')
  const terms = readTerms(body)
  if ('failure' in terms) {
    venue.exchange.noteRefusal(id, terms.failure)
    return refused(body, plainSpelling(terms.failure))
  }
  const spite = venue.faults.take('refuseOrders', 'all')
  if (spite) {
    if (spite.variant === 'created') venue.exchange.place(terms)
    else venue.exchange.noteRefusal(id, spite.reason)
    return refused(body, plainSpelling(spite.reason))
  }
  const placed = venue.exchange.place(terms)
  if (placed.kind === 'refused') return refused(body, spellingOf(placed.reason))
  if (placed.kind === 'known' && venue.settings.duplicates === 'refuse') return refused(body, plainSpelling('DUPLICATE_CLIENT_ORDER_ID'))
  return ok(accepted(placed.order, body))
}

/** POST /orders/preview (coinbase-advanced-trade.md 5.10): always 200, trouble in `errs`. */
export function previewOrder(venue: Venue, { body }: RestRequest): RestAnswer {
  const terms = readTerms(body)
  if ('failure' in terms) return ok(previewTrouble(terms.failure))
  const admission = venue.exchange.consider(terms)
  return ok(typeof admission === 'string' ? previewTrouble(spellingOf(admission).reason) : previewFigures(venue, terms, admission))
}

function refusedBody(venue: Venue, id: string, message: string): RestAnswer {
  venue.exchange.noteRefusal(id, message)
  return invalid(message)
}

function accepted(order: Order, body: Readonly<Record<string, unknown>>): object {
  const { terms, orderId } = order
  return {
    success: true,
    failure_reason: 'UNKNOWN_FAILURE_REASON',
    order_id: orderId,
    success_response: { order_id: orderId, product_id: terms.productId, side: terms.side, client_order_id: terms.clientOrderId, attached_order_id: '' },
    order_configuration: body['order_configuration'],
  }
}

function refused(body: Readonly<Record<string, unknown>>, spelling: Parameters<typeof errorResponse>[0]): RestAnswer {
  return ok({ success: false, failure_reason: 'UNKNOWN_FAILURE_REASON', order_id: '', error_response: errorResponse(spelling), order_configuration: body['order_configuration'] })
}

function previewTrouble(reason: string): object {
  return { order_total: '0', commission_total: '0', errs: [`PREVIEW_${reason}`], warning: [], quote_size: '0', base_size: '0', best_bid: '', best_ask: '', is_max: false }
}

function previewFigures(venue: Venue, terms: OrderTerms, admission: Admission): object {
  const product = products.get(terms.productId)
  if (!product) return previewTrouble('INVALID_PRODUCT_ID')
  const { quote } = venue.exchange.marketOf(product)
  const base = terms.quantity ?? admission.taken.reduce((sum, bite) => sum + bite.quantity, 0n)
  const taken = admission.taken.reduce((sum, bite) => sum + multiply(bite.quantity, priceAtoms(product, bite.price)), 0n)
  const value = terms.limitTicks === undefined ? taken : multiply(base, priceAtoms(product, terms.limitTicks))
  const commission = multiply(value, admission.taken.length > 0 ? venue.exchange.rates.taker : venue.exchange.rates.maker)
  return {
    order_total: formatAmount(terms.side === 'BUY' ? value + commission : value - commission),
    commission_total: formatAmount(commission),
    errs: [],
    warning: ['UNKNOWN'],
    quote_size: formatAmount(value),
    base_size: formatAmount(base),
    best_bid: quote ? formatAmount(priceAtoms(product, quote.bid)) : '',
    best_ask: quote ? formatAmount(priceAtoms(product, quote.ask)) : '',
    is_max: false,
    slippage: '0',
    est_average_filled_price: formatAmount(divide(value, base, 8)),
    preview_id: '',
  }
}
