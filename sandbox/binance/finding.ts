import type { Order } from '../exchange/order.ts'
import type { Product } from '../exchange/products.ts'
import { errors } from './api-error.ts'
import { currentId } from './order-shapes.ts'
import type { Parameters } from './parameters.ts'
import { needProduct } from './symbols.ts'
import type { Venue } from './venue.ts'

/** Which order a request speaks of. */
export interface OrderName {
  readonly product: Product
  readonly orderId: number | undefined
  readonly clientOrderId: string | undefined
}

const IDS: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER]

/** Reads `symbol` and the two ids under the names the request gives them. Throws -1102 when neither was sent. */
export function readOrderName(venue: Venue, parameters: Parameters, idName = 'orderId', clientIdName = 'origClientOrderId'): OrderName {
  const product = needProduct(venue, parameters)
  const orderId = parameters.whole(idName, IDS)
  const clientOrderId = parameters.text(clientIdName)
  if (orderId === undefined && clientOrderId === undefined) throw errors.neither(clientIdName, idName)
  return { product, orderId, clientOrderId }
}

/**
 * The order of that name: by its number, whose client id must then match (-2039); by client id alone the newest. Undefined: there is none. Both
 * readings of binance-spot.md 8 for cancelled orders are played, as the venue was started.
 */
export function findOrder(venue: Venue, { product, orderId, clientOrderId }: OrderName): Order | undefined {
  const { ledger } = venue.exchange
  if (orderId !== undefined) {
    const order = ledger.orders.get(`${product.id}:${orderId}`)
    if (order && clientOrderId !== undefined && clientOrderId !== currentId(venue, order)) throw errors.otherOrder()
    return order
  }
  const order = ledger.orders.get(ledger.clientIds.get(clientOrderId ?? '')?.orderId ?? '')
  return order?.terms.productId === product.id && currentId(venue, order) === clientOrderId ? order : undefined
}

/** Whether look-ups and lists show the order yet (binance-spot.md 12). */
export function isVisible(venue: Venue, order: Order): boolean {
  const hiddenSince = venue.faults.active('hideOrders', 'all')?.since ?? Infinity
  return order.createdAt <= hiddenSince && venue.now() - order.createdAt >= venue.settings.orderVisibleAfterMs
}
