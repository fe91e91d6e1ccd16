import { isLive, type Order } from '../exchange/order.ts'
import { errors } from './api-error.ts'
import { findOrder, readOrderName, type OrderName } from './finding.ts'
import type { Prepare } from './method.ts'
import { showCancelled } from './order-shapes.ts'
import type { Parameters } from './parameters.ts'
import { needProduct } from './symbols.ts'
import type { Venue } from './venue.ts'

/** A cancel as it was asked for; `cancelId` names the request itself. */
export interface Cancel {
  readonly name: OrderName
  readonly cancelId: string
  readonly only: 'ONLY_NEW' | 'ONLY_PARTIALLY_FILLED' | undefined
}

/** `DELETE /order`. */
export const cancelOrder: Prepare = (venue, parameters) => {
  const wish: Cancel = { name: readOrderName(venue, parameters), cancelId: parameters.clientId('newClientOrderId') ?? venue.newClientId(), only: readRestrictions(parameters) }
  return () => showCancelled(venue, cancel(venue, wish))
}

/** `DELETE /openOrders`: nothing open is an error too (binance-spot.md 5.3). */
export const cancelAllOrders: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  return () => {
    const open = [...venue.exchange.ledger.live.values()].filter(({ terms }) => terms.productId === product.id)
    if (open.length === 0) throw errors.notCancelled()
    return open.map((order) => {
      venue.exchange.cancelNow(order.orderId, venue.newClientId())
      return showCancelled(venue, order)
    })
  }
}

export function readRestrictions(parameters: Parameters): Cancel['only'] {
  return parameters.word('cancelRestrictions', ['ONLY_NEW', 'ONLY_PARTIALLY_FILLED'], errors.badRestrictions())
}

/** Cancels the order at once. Throws -2011 or -2039. The engine knows every order: nothing is hidden from it. */
export function cancel(venue: Venue, { name, cancelId, only }: Cancel): Order {
  const order = findOrder(venue, name)
  if (!order || !isLive(order)) throw errors.notCancelled()
  const isNew = order.filled === 0n
  if ((only === 'ONLY_NEW' && !isNew) || (only === 'ONLY_PARTIALLY_FILLED' && isNew)) throw errors.notCancelled('Order was not canceled due to cancel restrictions.')
  venue.exchange.cancelNow(order.orderId, cancelId)
  return order
}
