import type { OrderTerms } from '../exchange/order.ts'
import type { Product } from '../exchange/products.ts'
import { errors } from './api-error.ts'
import { checkFilters, ticksOf } from './filters.ts'
import type { Parameters } from './parameters.ts'
import { needProduct } from './symbols.ts'
import type { Venue } from './venue.ts'

export type ResponseType = 'ACK' | 'RESULT' | 'FULL'

/** An order as it was asked for, checked as far as it can be without the engine. */
export interface NewOrder {
  readonly product: Product
  readonly terms: OrderTerms
  readonly responseType: ResponseType
}

/** The types that the sandbox's symbols take, and those that exist elsewhere with the name the refusal gives them (binance-spot.md 13). */
export const ORDER_TYPES = ['LIMIT', 'LIMIT_MAKER', 'MARKET'] as const
const UNSUPPORTED: Readonly<Record<string, string>> = {
  STOP_LOSS: 'Stop loss',
  STOP_LOSS_LIMIT: 'Stop loss limit',
  TAKE_PROFIT: 'Take profit',
  TAKE_PROFIT_LIMIT: 'Take profit limit',
}
export const SELF_TRADE_MODES = ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT'] as const
/** The mode of orders that name none (binance-spot.md 7.1). */
export const DEFAULT_SELF_TRADE_MODE = 'EXPIRE_MAKER'

type OrderType = (typeof ORDER_TYPES)[number]

/** Reads the parameters of a new order (binance-spot.md 5.3). Throws the refusal. */
export function readNewOrder(venue: Venue, parameters: Parameters): NewOrder {
  const product = needProduct(venue, parameters)
  parameters.need('side')
  const side = parameters.word('side', ['BUY', 'SELL'], errors.badSide()) ?? 'BUY'
  const type = readType(parameters)
  const clientOrderId = parameters.clientId('newClientOrderId') ?? venue.newClientId()
  const responseType = parameters.word('newOrderRespType', ['ACK', 'RESULT', 'FULL']) ?? (type === 'LIMIT_MAKER' ? 'ACK' : 'FULL')
  const mode = parameters.word('selfTradePreventionMode', ['NONE', ...SELF_TRADE_MODES, 'TRANSFER'])
  if (mode === 'TRANSFER') throw errors.selfTradeMode()
  parameters.ignore('strategyId', 'strategyType')
  parameters.forbid('stopPrice', 'trailingDelta')
  const shape = type === 'MARKET' ? readMarket(parameters) : readLimit(parameters, type, product)
  const terms: OrderTerms = { clientOrderId, productId: product.id, side, postOnly: type === 'LIMIT_MAKER', ...shape, ...(mode === undefined ? {} : { selfTradePrevention: mode }) }
  if (parameters.text('icebergQty') !== undefined) throw errors.refused('Iceberg orders are not supported for this symbol.')
  checkFilters(terms, { product, market: venue.exchange.marketOf(product), nowMs: venue.now() })
  return { product, terms, responseType }
}

function readType(parameters: Parameters): OrderType {
  const type = parameters.need('type')
  const other = UNSUPPORTED[type]
  if (other !== undefined) throw errors.refused(`${other} orders are not supported for this symbol.`)
  const known = ORDER_TYPES.find((one) => one === type)
  if (known === undefined) throw errors.badType()
  return known
}

type Shape = Pick<OrderTerms, 'timeInForce' | 'quantity' | 'quoteSize' | 'limitTicks'>

function readMarket(parameters: Parameters): Shape {
  parameters.forbid('timeInForce', 'price')
  const quantity = parameters.decimal('quantity')
  const quoteSize = parameters.decimal('quoteOrderQty')
  if (quantity !== undefined && quoteSize !== undefined) throw errors.badCombination()
  if (quantity !== undefined) return { timeInForce: 'IOC', quantity }
  if (quoteSize === undefined) throw errors.neither('quantity', 'quoteOrderQty')
  return { timeInForce: 'IOC', quoteSize }
}

function readLimit(parameters: Parameters, type: 'LIMIT' | 'LIMIT_MAKER', product: Product): Shape {
  parameters.forbid('quoteOrderQty', ...(type === 'LIMIT_MAKER' ? ['timeInForce'] : []))
  if (type === 'LIMIT') parameters.need('timeInForce')
  const timeInForce = type === 'LIMIT' ? parameters.word('timeInForce', ['GTC', 'IOC', 'FOK'], errors.badTimeInForce()) : undefined
  const quantity = parameters.needDecimal('quantity')
  const limitTicks = ticksOf(parameters.needDecimal('price'), product)
  return { timeInForce: timeInForce ?? 'GTC', quantity, limitTicks }
}
