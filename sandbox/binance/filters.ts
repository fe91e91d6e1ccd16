import { amount, divide, multiply } from '../exchange/amounts.ts'
import type { Market } from '../exchange/market.ts'
import type { OrderTerms } from '../exchange/order.ts'
import { priceAtoms, type Product } from '../exchange/products.ts'
import { errors } from './api-error.ts'
import { dec } from './decimals.ts'
import { MAX_NUM_ORDERS } from './rules.ts'

/** Bounds that all symbols share (binance-spot.md 7.2). */
const MAX_PRICE = amount('1000000')
const PERCENT = { up: amount('5'), down: amount('0.2') }
const AVERAGE_MINUTES = 5
/** A market order may be a hundredth of what a limit order may be. */
const MARKET_SHARE = 100n
export const MAX_AMENDMENTS = 10

/** A symbol's filters as `exchangeInfo` shows them. */
export function showFilters(product: Product): readonly Record<string, unknown>[] {
  const { baseMinSize, baseMaxSize, baseIncrement, priceIncrement, quoteMinSize, quoteMaxSize } = product
  return [
    { filterType: 'PRICE_FILTER', minPrice: dec(priceIncrement), maxPrice: dec(MAX_PRICE), tickSize: dec(priceIncrement) },
    { filterType: 'LOT_SIZE', minQty: dec(baseMinSize), maxQty: dec(baseMaxSize), stepSize: dec(baseIncrement) },
    { filterType: 'ICEBERG_PARTS', limit: 100 },
    { filterType: 'MARKET_LOT_SIZE', minQty: dec(0n), maxQty: dec(baseMaxSize / MARKET_SHARE), stepSize: dec(0n) },
    { filterType: 'TRAILING_DELTA', minTrailingAboveDelta: 10, maxTrailingAboveDelta: 2000, minTrailingBelowDelta: 10, maxTrailingBelowDelta: 2000 },
    { filterType: 'PERCENT_PRICE_BY_SIDE', bidMultiplierUp: '5', bidMultiplierDown: '0.2', askMultiplierUp: '5', askMultiplierDown: '0.2', avgPriceMins: AVERAGE_MINUTES },
    { filterType: 'NOTIONAL', minNotional: dec(quoteMinSize), applyMinToMarket: true, maxNotional: dec(quoteMaxSize), applyMaxToMarket: false, avgPriceMins: AVERAGE_MINUTES },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: MAX_NUM_ORDERS },
    { filterType: 'MAX_NUM_ORDER_LISTS', maxNumOrderLists: 20 },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 },
    { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: MAX_AMENDMENTS },
  ]
}

/** The average price of the last minutes by volume, the last price without trades; in quote atoms. */
export function averagePrice(product: Product, market: Market, nowMs: number): bigint {
  const second = Math.floor(nowMs / 1000)
  const recent = market.candles.between(second - AVERAGE_MINUTES * 60, second, 60)
  const volume = recent.reduce((sum, candle) => sum + candle.volume, 0n)
  const turnover = recent.reduce((sum, candle) => sum + candle.turnover, 0n)
  return volume === 0n ? priceAtoms(product, market.lastTicks) : divide((turnover * product.priceIncrement) / 10n ** 18n, volume, 8)
}

/** Holds an order against the symbol's filters, those before the engine. Throws -1013 `Filter failure: NAME`. */
export function checkFilters(terms: OrderTerms, { product, market, nowMs }: { readonly product: Product; readonly market: Market; readonly nowMs: number }): void {
  const reference = averagePrice(product, market, nowMs)
  const price = terms.limitTicks === undefined ? undefined : priceAtoms(product, terms.limitTicks)
  if (price !== undefined) checkPrice(price, reference)
  if (terms.quantity !== undefined) checkLot(terms.quantity, product, price === undefined)
  const notional = terms.quoteSize ?? multiply(price ?? reference, terms.quantity ?? 0n)
  if (notional < product.quoteMinSize || (price !== undefined && notional > product.quoteMaxSize)) throw errors.filter('NOTIONAL')
}

/** A price in whole ticks. Throws -1013 `Filter failure: PRICE_FILTER`. */
export function ticksOf(price: bigint, product: Product): number {
  if (price < product.priceIncrement || price > MAX_PRICE || price % product.priceIncrement !== 0n) throw errors.filter('PRICE_FILTER')
  return Number(price / product.priceIncrement)
}

/** The rules of LOT_SIZE and, for a market order, MARKET_LOT_SIZE. Throws -1013. */
export function checkLot(quantity: bigint, product: Product, isMarketOrder: boolean): void {
  if (quantity < product.baseMinSize || quantity > product.baseMaxSize || quantity % product.baseIncrement !== 0n) throw errors.filter('LOT_SIZE')
  if (isMarketOrder && quantity > product.baseMaxSize / MARKET_SHARE) throw errors.filter('MARKET_LOT_SIZE')
}

function checkPrice(price: bigint, reference: bigint): void {
  if (price > multiply(reference, PERCENT.up) || price < multiply(reference, PERCENT.down)) throw errors.filter('PERCENT_PRICE_BY_SIDE')
}
