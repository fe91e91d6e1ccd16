import type { Product } from '../exchange/products.ts'
import { showFilters } from './filters.ts'
import type { Prepare } from './method.ts'
import { DEFAULT_SELF_TRADE_MODE, ORDER_TYPES, SELF_TRADE_MODES } from './new-order.ts'
import { chosenProducts, statusNow, symbolOf, type SymbolStatus } from './symbols.ts'
import type { Venue } from './venue.ts'

export const ping: Prepare = () => () => ({})

export const time: Prepare = (venue) => () => ({ serverTime: Math.floor(venue.now()) })

/** `GET /exchangeInfo` (binance-spot.md 5.2). */
export const exchangeInfo: Prepare = (venue, parameters) => {
  const { chosen } = chosenProducts(venue, parameters)
  parameters.ignore('permissions', 'showPermissionSets')
  return () => ({
    timezone: 'UTC',
    serverTime: Math.floor(venue.now()),
    rateLimits: showLimits(venue),
    exchangeFilters: [],
    symbols: chosen.map((product) => showSymbol(product, statusNow(venue))),
  })
}

function showLimits(venue: Venue): readonly Record<string, unknown>[] {
  const counted = [...venue.weight.usage, ...venue.orderLimit.usage].filter(({ limit }) => limit > 0)
  return counted.map(({ rateLimitType, interval, intervalNum, limit }) => ({ rateLimitType, interval, intervalNum, limit }))
}

function showSymbol(product: Product, status: SymbolStatus): Record<string, unknown> {
  return {
    symbol: symbolOf(product),
    status,
    baseAsset: product.base,
    baseAssetPrecision: 8,
    quoteAsset: product.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ORDER_TYPES,
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: showFilters(product),
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: DEFAULT_SELF_TRADE_MODE,
    allowedSelfTradePreventionModes: ['NONE', ...SELF_TRADE_MODES],
  }
}
