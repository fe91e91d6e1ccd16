import { amount, formatAmount } from '../exchange/amounts.ts'
import { isLive, type Fill, type Order } from '../exchange/order.ts'
import { errors } from './api-error.ts'
import { commissionOf } from './commission.ts'
import { dec } from './decimals.ts'
import { findOrder, isVisible, readOrderName } from './finding.ts'
import type { Prepare } from './method.ts'
import { numberOf } from './numbers.ts'
import { showOrder, showTrade } from './order-shapes.ts'
import { readSpan, spanned } from './span.ts'
import { needProduct, productOfSymbol, symbolOf } from './symbols.ts'
import type { Venue } from './venue.ts'

const DAY_HOURS = 24
const IDS: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER]

/** `GET /order`: a new order is not found for a moment (binance-spot.md 12). */
export const oneOrder: Prepare = (venue, parameters) => {
  const name = readOrderName(venue, parameters)
  return () => {
    const order = findOrder(venue, name)
    if (!order || !isVisible(venue, order)) throw errors.noOrder()
    return showOrder(venue, order)
  }
}

/** `GET /openOrders`, oldest first. */
export const openOrders: Prepare = (venue, parameters) => {
  const symbol = parameters.text('symbol')
  const product = symbol === undefined ? undefined : productOfSymbol(venue, symbol)
  if (symbol !== undefined && !product) throw errors.badSymbol()
  return () => {
    const chosen = openNow(venue).filter(({ terms }) => product === undefined || terms.productId === product.id)
    return chosen.map((order) => ({ ...showOrder(venue, order), ...(isLive(order) ? {} : { status: 'NEW' }) }))
  }
}

/** The visible open orders; while the list is stale, those that were open when it began (binance-spot.md 12). */
function openNow(venue: Venue): readonly Order[] {
  const { ledger } = venue.exchange
  const stale = venue.faults.active('staleOpenOrders', 'all')
  if (!stale) return [...ledger.live.values()].filter((order) => isVisible(venue, order))
  return ledger.orderList.filter((order) => order.createdAt <= stale.since && (isLive(order) || order.updatedAt > stale.since))
}

/** `GET /allOrders`: from an order id on, or in a span of at most a day. */
export const allOrders: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  const fromId = parameters.whole('orderId', IDS)
  const span = readSpan(parameters, DAY_HOURS)
  const limit = parameters.limit(500, 1000)
  return () => {
    const isWanted = (order: Order): boolean => order.terms.productId === product.id && isVisible(venue, order) && numberOf(order.orderId) >= (fromId ?? 0)
    const own = venue.exchange.ledger.orderList.filter((order) => isWanted(order))
    return spanned(own, { span, limit, at: ({ createdAt }) => createdAt, fromStart: fromId !== undefined }).map((order) => showOrder(venue, order))
  }
}

/** `GET /myTrades`: the documented combinations only (binance-spot.md 5.4). */
export const myTrades: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  const orderId = parameters.whole('orderId', IDS)
  const fromId = parameters.whole('fromId', IDS)
  const span = readSpan(parameters, DAY_HOURS)
  const limit = parameters.limit(500, 1000)
  if ((span.from !== undefined || span.to !== undefined) && (orderId !== undefined || fromId !== undefined)) throw errors.badCombination()
  return () => {
    const shownBefore = Math.min(venue.now() - venue.settings.fillVisibleAfterMs, venue.faults.active('hideFills', 'all')?.since ?? Infinity)
    const isOfOrder = (fill: Fill): boolean => orderId === undefined || numberOf(fill.orderId) === orderId
    const isWanted = (fill: Fill): boolean => fill.productId === product.id && fill.at <= shownBefore && isOfOrder(fill) && Number(fill.tradeId) >= (fromId ?? 0)
    const own = venue.exchange.ledger.fills.filter((fill) => isWanted(fill))
    return spanned(own, { span, limit, at: ({ at }) => at, fromStart: fromId !== undefined }).map((fill) => showTrade(fill, symbolOf(product)))
  }
}

/** Basis points of a rate as the account shows them. */
function bipsOf(rate: bigint): number {
  return Number(formatAmount((rate * amount('10000')) / amount('1')))
}

/** `GET /account`. */
export const account: Prepare = (venue, parameters) => {
  const omitZero = parameters.flag('omitZeroBalances') ?? false
  return () => {
    const { ledger, rates } = venue.exchange
    const { standardCommission } = commissionOf(venue)
    const balances = ledger.accounts.assets().map((asset) => ({ asset, ...ledger.accounts.of(asset) }))
    return {
      makerCommission: bipsOf(rates.maker),
      takerCommission: bipsOf(rates.taker),
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: standardCommission,
      canTrade: true,
      canWithdraw: false,
      canDeposit: false,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: venue.reports.accountChangedAt,
      accountType: 'SPOT',
      balances: balances.filter(({ free, held }) => !omitZero || free + held > 0n).map(({ asset, free, held }) => ({ asset, free: dec(free), locked: dec(held) })),
      permissions: ['SPOT'],
      uid: 1,
    }
  }
}

/** `GET /account/commission`. */
export const accountCommission: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  return () => ({ symbol: symbolOf(product), ...commissionOf(venue) })
}

/** `GET /rateLimit/order`. */
export const orderRateLimits: Prepare = (venue) => () => venue.orderLimit.usage
