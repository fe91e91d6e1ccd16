import { account, accountCommission, allOrders, myTrades, oneOrder, openOrders, orderRateLimits } from './account-methods.ts'
import { amendOrder } from './amending.ts'
import { cancelAllOrders, cancelOrder } from './cancelling.ts'
import { exchangeInfo, ping, time } from './general-methods.ts'
import { aggregateTrades, average, bookTicker, dayTicker, depth, historicalTrades, klines, priceTicker, trades } from './market-methods.ts'
import { method, type Method } from './method.ts'
import { placeOrder, testOrder } from './placing.ts'
import { cancelReplace } from './replacing.ts'

type Values = ReadonlyMap<string, string>

const READ = { signed: true }
const CREATE = { signed: true, kind: 'create', weight: 1, freeOnSuccess: true } as const
const CANCEL = { signed: true, kind: 'cancel', weight: 1, freeOnSuccess: true } as const

/** Everything the venue can be asked, with the weights of binance-spot.md 5. */
export const methods: readonly Method[] = [
  method('GET /ping | ping', { weight: 1 }, ping),
  method('GET /time | time', { weight: 1 }, time),
  method('GET /exchangeInfo | exchangeInfo', { weight: 20 }, exchangeInfo),
  method('GET /depth | depth', { weight: depthWeight }, depth),
  method('GET /trades | trades.recent', { weight: 25 }, trades),
  method('GET /historicalTrades | trades.historical', { weight: 25 }, historicalTrades),
  method('GET /aggTrades | trades.aggregate', { weight: 4 }, aggregateTrades),
  method('GET /klines | klines', { weight: 2 }, klines),
  method('GET /avgPrice | avgPrice', { weight: 2 }, average),
  method('GET /ticker/24hr | ticker.24hr', { weight: dayTickerWeight }, dayTicker),
  method('GET /ticker/price | ticker.price', { weight: tickerWeight }, priceTicker),
  method('GET /ticker/bookTicker | ticker.book', { weight: tickerWeight }, bookTicker),
  method('POST /order | order.place', CREATE, placeOrder),
  method('POST /order/test | order.test', { ...READ, weight: (values) => (values.get('computeCommissionRates') === 'true' ? 20 : 1) }, testOrder),
  method('GET /order | order.status', { ...READ, weight: 4 }, oneOrder),
  method('DELETE /order | order.cancel', CANCEL, cancelOrder),
  method('POST /order/cancelReplace | order.cancelReplace', CREATE, cancelReplace),
  method('PUT /order/amend/keepPriority | order.amend.keepPriority', { signed: true, kind: 'cancel', weight: 4 }, amendOrder),
  method('GET /openOrders | openOrders.status', { ...READ, weight: (values) => (values.has('symbol') ? 6 : 80) }, openOrders),
  method('DELETE /openOrders | openOrders.cancelAll', CANCEL, cancelAllOrders),
  method('GET /allOrders | allOrders', { ...READ, weight: 20 }, allOrders),
  method('GET /account | account.status', { ...READ, weight: 20 }, account),
  method('GET /myTrades | myTrades', { ...READ, weight: (values) => (values.has('orderId') ? 5 : 20) }, myTrades),
  method('GET /account/commission | account.commission', { ...READ, weight: 20 }, accountCommission),
  method('GET /rateLimit/order | account.rateLimits.orders', { ...READ, weight: 40 }, orderRateLimits),
]

function depthWeight(values: Values): number {
  const limit = Number(values.get('limit') ?? 100)
  if (limit <= 100) return 5
  if (limit <= 500) return 25
  return limit <= 1000 ? 50 : 250
}

function tickerWeight(values: Values): number {
  return values.has('symbol') ? 2 : 4
}

function dayTickerWeight(values: Values): number {
  if (values.has('symbol')) return 2
  const named = values.get('symbols')?.split(',').length ?? Infinity
  if (named <= 20) return 2
  return named <= 100 ? 40 : 80
}
