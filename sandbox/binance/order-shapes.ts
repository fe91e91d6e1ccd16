import { productOf } from '../exchange/ledger.ts'
import { isLive, type Fill, type Order } from '../exchange/order.ts'
import { priceAtoms } from '../exchange/products.ts'
import { dec } from './decimals.ts'
import { DEFAULT_SELF_TRADE_MODE, type ResponseType } from './new-order.ts'
import { numberOf } from './numbers.ts'
import { symbolOf } from './symbols.ts'
import type { Venue } from './venue.ts'

/** The client order id an order answers to now: a cancel may have replaced it (binance-spot.md 8). */
export function currentId(venue: Venue, { terms, cancelId }: Order): string {
  return venue.settings.cancelledKeepId ? terms.clientOrderId : (cancelId ?? terms.clientOrderId)
}

export function statusOf(order: Order): string {
  if (isLive(order)) return order.filled > 0n ? 'PARTIALLY_FILLED' : 'NEW'
  if (order.status === 'FILLED') return 'FILLED'
  return order.status === 'CANCELLED' ? 'CANCELED' : 'EXPIRED'
}

/** Why an order expired: by its own rules, or by the venue's will (binance-spot.md 6.3, `eR`). */
export function expiryReasonOf({ endMessage }: Pick<Order, 'endMessage'>): string {
  return /^[A-Z_]+$/.test(endMessage) ? endMessage : 'EXCHANGE_CANCELED'
}

export function typeOf({ limitTicks, postOnly }: Order['terms']): string {
  if (limitTicks === undefined) return 'MARKET'
  return postOnly ? 'LIMIT_MAKER' : 'LIMIT'
}

/** `GTC` even on market orders (binance-spot.md 5.3). */
export function timeInForceOf({ limitTicks, timeInForce }: Order['terms']): string {
  return limitTicks === undefined ? 'GTC' : timeInForce
}

export function priceOf(order: Order): bigint {
  return priceAtoms(productOf(order), order.terms.limitTicks ?? 0)
}

export function selfTradeModeOf({ selfTradePrevention }: Order['terms']): string {
  return selfTradePrevention ?? DEFAULT_SELF_TRADE_MODE
}

/** An order sized in quote has the quantity it got. */
export function quantityOf(order: Order): bigint {
  return order.terms.quantity ?? order.filled
}

function showNames(venue: Venue, order: Order): Record<string, unknown> {
  return { symbol: symbolOf(productOf(order)), orderId: numberOf(order.orderId), orderListId: -1, clientOrderId: currentId(venue, order) }
}

function showFigures(order: Order): Record<string, unknown> {
  const { terms } = order
  return {
    price: dec(priceOf(order)),
    origQty: dec(quantityOf(order)),
    executedQty: dec(order.filled),
    origQuoteOrderQty: dec(terms.quoteSize ?? 0n),
    cummulativeQuoteQty: dec(order.filledValue),
    status: statusOf(order),
    timeInForce: timeInForceOf(terms),
    type: typeOf(terms),
    side: terms.side,
    workingTime: order.createdAt,
    selfTradePreventionMode: selfTradeModeOf(terms),
    ...(order.status === 'EXPIRED' || order.status === 'FAILED' ? { expiryReason: expiryReasonOf(order) } : {}),
  }
}

/** The answer to a new order (binance-spot.md 5.3), given in the moment of placing: the ledger's newest fills are its own. */
export function showPlaced(venue: Venue, order: Order, responseType: ResponseType): Record<string, unknown> {
  const names = { ...showNames(venue, order), transactTime: order.createdAt }
  if (responseType === 'ACK') return names
  const result = { ...names, ...showFigures(order) }
  if (responseType === 'RESULT') return result
  const own = order.fillCount === 0 ? [] : venue.exchange.ledger.fills.slice(-order.fillCount)
  return { ...result, fills: own.map((fill) => showPlacedFill(fill)) }
}

function showPlacedFill({ price, quantity, fee, feeAsset, tradeId }: Fill): Record<string, unknown> {
  return { price: dec(price), qty: dec(quantity), commission: dec(fee), commissionAsset: feeAsset, tradeId: Number(tradeId) }
}

/** The answer to a cancel: `clientOrderId` is the cancel's own id (binance-spot.md 5.3). */
export function showCancelled(venue: Venue, order: Order): Record<string, unknown> {
  return { ...showNames(venue, order), origClientOrderId: order.terms.clientOrderId, clientOrderId: order.cancelId, transactTime: order.updatedAt, ...showFigures(order) }
}

/** An order as queries show it (binance-spot.md 5.4). */
export function showOrder(venue: Venue, order: Order): Record<string, unknown> {
  const isWorking = order.terms.limitTicks !== undefined
  return { ...showNames(venue, order), ...showFigures(order), stopPrice: dec(0n), icebergQty: dec(0n), time: order.createdAt, updateTime: order.updatedAt, isWorking }
}

/** The answer to an amend, with its own field names (binance-spot.md 5.3). */
export function showAmended(order: Order, origClientOrderId: string, executionId: number): Record<string, unknown> {
  const { terms } = order
  return {
    transactTime: order.updatedAt,
    executionId,
    amendedOrder: {
      symbol: symbolOf(productOf(order)),
      orderId: numberOf(order.orderId),
      orderListId: -1,
      origClientOrderId,
      clientOrderId: terms.clientOrderId,
      price: dec(priceOf(order)),
      qty: dec(quantityOf(order)),
      executedQty: dec(order.filled),
      preventedQty: dec(0n),
      quoteOrderQty: dec(0n),
      cumulativeQuoteQty: dec(order.filledValue),
      status: statusOf(order),
      timeInForce: timeInForceOf(terms),
      type: typeOf(terms),
      side: terms.side,
      workingTime: order.createdAt,
      selfTradePreventionMode: selfTradeModeOf(terms),
    },
  }
}

/** An execution as `myTrades` lists it (binance-spot.md 5.4). */
export function showTrade(fill: Fill, symbol: string): Record<string, unknown> {
  const isBuyer = fill.side === 'BUY'
  return {
    symbol,
    id: Number(fill.tradeId),
    orderId: numberOf(fill.orderId),
    orderListId: -1,
    price: dec(fill.price),
    qty: dec(fill.quantity),
    quoteQty: dec(fill.value),
    commission: dec(fill.fee),
    commissionAsset: fill.feeAsset,
    time: fill.at,
    isBuyer,
    isMaker: fill.liquidity === 'MAKER',
    isBestMatch: true,
  }
}
