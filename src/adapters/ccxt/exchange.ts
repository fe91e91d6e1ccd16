/**
 * What the adapter uses of a ccxt exchange object, and nothing more. Answers are `unknown`: what a stranger's library says
 * is read like any other payload. Amounts go out and come in as text.
 */

/** Options of the library that are set here; whatever else is in it stays as it is. */
export type ExchangeOptions = Record<string, unknown>

export interface CcxtExchange {
  /** The library's name of the exchange, such as `kraken`. */
  readonly id: string
  /** What the exchange can do: true, `emulated`, false or not told. */
  readonly has: Readonly<Record<string, unknown>>
  /** Lengths of candles, by the library's names. */
  readonly timeframes?: unknown
  /** What the exchange is known to do in more detail, such as the longest page of a list. */
  readonly features?: unknown
  /** How `precision` in a market is to be read: 2 decimal places, 3 significant digits, 4 tick size (ccxt `functions/number`). */
  readonly precisionMode: number
  /** Milliseconds between two requests of weight 1. */
  readonly rateLimit: number
  readonly options: ExchangeOptions
  /** What makes a number of a text. */
  number: (text: string) => unknown
  enableRateLimit: boolean
  /** How long one HTTP request may take, in milliseconds. */
  timeout: number

  loadMarkets(reload: boolean): Promise<unknown>
  priceToPrecision(symbol: string, price: string): unknown
  amountToPrecision(symbol: string, amount: string): unknown
  createOrder(symbol: string, type: 'limit', side: string, amount: string, price: string, params: Readonly<Record<string, unknown>>): Promise<unknown>
  cancelOrder(id: string, symbol: string): Promise<unknown>
  fetchOrder(id: string, symbol: string): Promise<unknown>
  fetchOrderWithClientOrderId(clientOrderId: string, symbol: string): Promise<unknown>
  fetchOpenOrders(symbol: string): Promise<unknown>
  fetchOrders: HistoryCall
  fetchClosedOrders: HistoryCall
  fetchCanceledOrders: HistoryCall
  fetchCanceledAndClosedOrders: HistoryCall
  fetchMyTrades: HistoryCall
  fetchOrderTrades(id: string, symbol: string): Promise<unknown>
  fetchBalance(): Promise<unknown>
  fetchTradingFee(symbol: string): Promise<unknown>
  fetchTradingFees(): Promise<unknown>
  fetchTime(): Promise<unknown>
  fetchBidsAsks(symbols: readonly string[]): Promise<unknown>
  fetchTickers(symbols: readonly string[]): Promise<unknown>
  fetchTicker(symbol: string): Promise<unknown>
  fetchOrderBook(symbol: string): Promise<unknown>
  fetchTrades(symbol: string, since: undefined, limit: number): Promise<unknown>
  fetchOHLCV(symbol: string, timeframe: string, since: number, limit: number): Promise<unknown>
}

/** A list of the account's past. */
export type HistoryCall = (symbol: string, since: number, limit: number, params: Readonly<Record<string, unknown>>) => Promise<unknown>

/** True when the exchange can do it, by itself or by the library's emulation. */
export const can = ({ has }: Pick<CcxtExchange, 'has'>, what: string): boolean => has[what] === true || has[what] === 'emulated'

const inside = (value: unknown, path: readonly string[]): unknown => path.reduce<unknown>((at, name) => (typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined), value)

/** What the library knows of one spot method, such as `limit` of `fetchOrders`. */
export const feature = ({ features }: Pick<CcxtExchange, 'features'>, ...path: readonly string[]): unknown => inside(features, ['spot', ...path])

/** The longest page of a list, where the library knows it. */
export const pageLimit = (exchange: Pick<CcxtExchange, 'features'>, method: string): number | undefined => {
  const limit = feature(exchange, method, 'limit')
  return typeof limit === 'number' && Number.isInteger(limit) && limit > 0 ? limit : undefined
}

/** True when the exchange is known to refuse a post-only order that would cross, instead of executing it. */
export const takesPostOnly = (exchange: Pick<CcxtExchange, 'has' | 'features'>): boolean => can(exchange, 'createPostOnlyOrder') || feature(exchange, 'createOrder', 'timeInForce', 'PO') === true
