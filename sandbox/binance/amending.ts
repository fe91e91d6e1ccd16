import { isLive } from '../exchange/order.ts'
import { errors } from './api-error.ts'
import { checkLot, MAX_AMENDMENTS } from './filters.ts'
import { findOrder, readOrderName } from './finding.ts'
import type { Prepare } from './method.ts'
import { quantityOf, showAmended } from './order-shapes.ts'

/** `PUT /order/amend/keepPriority`: reductions only; without `newClientOrderId` the order gets an invented one (binance-spot.md 5.3). */
export const amendOrder: Prepare = (venue, parameters) => {
  const name = readOrderName(venue, parameters)
  const quantity = parameters.needDecimal('newQty')
  const clientOrderId = parameters.clientId('newClientOrderId') ?? venue.newClientId()
  checkLot(quantity, name.product, false)
  return () => {
    const order = findOrder(venue, name)
    if (!order || !isLive(order)) throw errors.notAmended('Unknown order sent.')
    if ((order.amendments ?? 0) >= MAX_AMENDMENTS) throw errors.notAmended('Filter failure: MAX_NUM_ORDER_AMENDS')
    if (quantity === quantityOf(order)) throw errors.notAmended('The requested action would change no state; rejecting')
    if (quantity > quantityOf(order)) throw errors.notAmended('Order amend (quantity increase) is not supported.')
    if (quantity <= order.filled) throw errors.filter('LOT_SIZE')
    const before = order.terms.clientOrderId
    venue.exchange.amend(order, quantity, clientOrderId)
    return showAmended(order, before, venue.reports.executionId)
  }
}
