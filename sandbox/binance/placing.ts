import type { Refusal } from '../exchange/admission.ts'
import type { Order } from '../exchange/order.ts'
import { errors, type ApiError } from './api-error.ts'
import type { Prepare } from './method.ts'
import { readNewOrder, type NewOrder } from './new-order.ts'
import { showPlaced } from './order-shapes.ts'
import { commissionOf } from './commission.ts'
import { statusNow } from './symbols.ts'
import type { Venue } from './venue.ts'

/** `POST /order`. Only what the engine takes counts (binance-spot.md 10); it is counted first, since an execution may give back at once. */
export const placeOrder: Prepare = (venue, parameters) => {
  const wish = readNewOrder(venue, parameters)
  return () => {
    venue.orderLimit.take()
    try {
      return showPlaced(venue, place(venue, wish), wish.responseType)
    } catch (cause) {
      venue.orderLimit.release()
      throw cause
    }
  }
}

/** `POST /order/test`: validates without the engine, so neither balance nor a repeated id is looked at (binance-spot.md 5.3). */
export const testOrder: Prepare = (venue, parameters) => {
  readNewOrder(venue, parameters)
  const wantsRates = parameters.flag('computeCommissionRates') ?? false
  return () => {
    if (statusNow(venue) !== 'TRADING') throw errors.closed()
    return wantsRates ? commissionForOrder(venue) : {}
  }
}

/** Places the order. Throws the engine's refusal. */
export function place(venue: Venue, { terms }: NewOrder): Order {
  const { exchange, faults } = venue
  if (statusNow(venue) !== 'TRADING') throw errors.closed()
  const spite = faults.take('refuseOrders', 'all')
  if (spite) {
    if (spite.variant === 'created') exchange.place(terms)
    throw errors.refused(spite.reason === 'INSUFFICIENT_FUND' ? INSUFFICIENT : spite.reason)
  }
  const placed = exchange.place(terms)
  if (placed.kind === 'known') throw errors.refused('Duplicate order sent.')
  if (placed.kind === 'refused') throw refusalOf(placed.reason)
  return placed.order
}

const INSUFFICIENT = 'Account has insufficient balance for requested action.'

/** The engine's words (binance-spot.md 13). */
function refusalOf(reason: Refusal): ApiError {
  switch (reason) {
    case 'insufficientFunds':
      return errors.refused(INSUFFICIENT)
    case 'wouldCross':
      return errors.refused('Order would immediately match and take.')
    case 'tooManyOrders':
      return errors.refused('Filter failure: MAX_NUM_ORDERS')
    case 'baseTooSmall':
      return errors.refused('Order book liquidity is less than LOT_SIZE filter minimum quantity.')
    case 'noLiquidity':
      return errors.noOrdersOnBook()
    case 'closed':
      return errors.closed()
    default:
      throw new Error(`${reason} cannot come from this exchange`)
  }
}

function commissionForOrder(venue: Venue): Record<string, unknown> {
  const { standardCommission, specialCommission, taxCommission, discount } = commissionOf(venue)
  const sides = ({ maker, taker }: typeof standardCommission): Record<string, string> => ({ maker, taker })
  return { standardCommissionForOrder: sides(standardCommission), specialCommissionForOrder: sides(specialCommission), taxCommissionForOrder: sides(taxCommission), discount }
}
