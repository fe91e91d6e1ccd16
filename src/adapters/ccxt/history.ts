/** The account's lists: which methods tell what has ended, and each read to its end. */
import { failed, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Calls } from './calls.ts'
import { can, pageLimit, type CcxtExchange } from './exchange.ts'
import { wholeList } from './pages.ts'
import { readList } from './wire.ts'

export type HistoryMethod = 'fetchOrders' | 'fetchClosedOrders' | 'fetchCanceledOrders' | 'fetchCanceledAndClosedOrders' | 'fetchMyTrades'

const listCost = 2
/** The library has no way to ask for more open orders: a list of so many may have been cut off. */
const mostOpen = 100

/** The methods that together list every order whatever its state; undefined where the exchange has none. */
export const ordersHistory = (exchange: CcxtExchange): readonly HistoryMethod[] | undefined => {
  if (can(exchange, 'fetchOrders')) return ['fetchOrders']
  if (can(exchange, 'fetchCanceledAndClosedOrders')) return ['fetchCanceledAndClosedOrders']
  if (!can(exchange, 'fetchClosedOrders')) return undefined
  return can(exchange, 'fetchCanceledOrders') ? ['fetchClosedOrders', 'fetchCanceledOrders'] : ['fetchClosedOrders']
}

/** False where a cancelled order may be in none of those lists. */
export const listsCancelled = (exchange: CcxtExchange): boolean => (['fetchOrders', 'fetchCanceledAndClosedOrders', 'fetchCanceledOrders'] as const).some((method) => can(exchange, method))

export const fillsHistory = (exchange: CcxtExchange): readonly HistoryMethod[] | undefined => (can(exchange, 'fetchMyTrades') ? ['fetchMyTrades'] : undefined)

export interface HistoryParts {
  readonly calls: Calls
  readonly exchange: CcxtExchange
  readonly method: HistoryMethod
  readonly symbol: string
}

/** Every row since then. */
export const readHistory = ({ calls, exchange, method, symbol }: HistoryParts, since: Millis): Promise<Result<readonly unknown[]>> =>
  wholeList(
    ({ since: from, limit, until }) =>
      calls.read({ what: method, lane: 'reconcile', cost: listCost, ask: (one) => one[method](symbol, from, limit, until === undefined ? {} : { until }), read: readList }),
    since,
    pageLimit(exchange, method),
  )

/** The open orders of one market. */
export const readOpen = async (calls: Calls, symbol: string): Promise<Result<readonly unknown[]>> => {
  const rows = await calls.read({ what: 'fetchOpenOrders', lane: 'reconcile', cost: listCost, ask: (exchange) => exchange.fetchOpenOrders(symbol), read: readList })
  return rows.ok && rows.value.length >= mostOpen ? failed({ kind: 'malformed', detail: `${rows.value.length} open orders of ${symbol}: through ccxt such a list may have been cut off` }) : rows
}
