/**
 * What is weaker through ccxt than through an adapter of the exchange's own, in sentences for the person who has to decide
 * (docs/ccxt.md). Some of it is what polling REST through a library is, the rest is what the exchange's class lacks.
 */
import type { Millis } from '../../domain/time.ts'
import { can, takesPostOnly, type CcxtExchange } from './exchange.ts'
import { quirksOf } from './quirks.ts'

export interface Weakness {
  readonly what: string
  readonly because: string
}

type Described = Pick<CcxtExchange, 'id' | 'has' | 'features' | 'timeframes' | 'precisionMode'>

const weakness = (what: string, because: string): Weakness => ({ what, because })

/** True of every exchange. */
const ofTheWay = (pollMs: Millis): readonly Weakness[] => [
  weakness('a create that was written late is not turned away by the exchange', 'the library dates requests itself, so none carries the time of its claim; absence is believed only after long margins'),
  weakness('a refused order may be called unknown, and its leg waits for the proof of absence', 'the library has one error class for many answers, and only a class that is of the order itself counts as a refusal'),
  weakness(`prices and orders are seen up to ${pollMs} ms late, and more where the exchange allows few requests`, 'both streams are polled by REST; a price that came and went in between is never seen'),
  weakness('amounts beyond 15 significant digits are refused, and such amounts are read inexactly where the exchange writes them as JSON numbers', 'the library, or a class of it, passes through binary numbers'),
  weakness('an exchange whose class was never tried may show wrong figures', 'the library is made to work with text, which it offers and few use: a class that adds or compares numbers by itself would go wrong; watch and trade on paper first'),
  weakness('a list that is 100 open orders long, or whose pages cannot be told apart, counts as failed', 'the library does not tell whether a list was cut off'),
  weakness('rows without a time are dropped from lists before they are seen', 'the library filters every list by time'),
  weakness('corrections and reversals of fills are not told apart from fills', 'the unified trade structure has no word for them'),
  weakness('orders are not amended and not previewed', 'the unified API has nothing for either that would hold for all exchanges'),
  weakness('what the key may do is not known, above all whether it may withdraw', 'no unified method tells; make a key that cannot'),
  weakness('the limits of the exchange are kept by one flat rate', 'what a request weighs is known to the library only inside its own queue, in which a cancel would wait behind every poll'),
]

/** What an exchange would have to have, and what its lack means. */
const needs: readonly (readonly [has: readonly string[], what: string, because: string])[] = [
  [['createOrder'], 'no orders can be placed', 'it has no createOrder'],
  [['cancelOrder'], 'no order can be cancelled', 'it has no cancelOrder'],
  [['fetchOrder'], 'an order cannot be looked up by its id', 'it has no fetchOrder'],
  [['fetchOrderWithClientOrderId'], 'an order is looked up by its client order id in lists only', 'it has no fetchOrderWithClientOrderId'],
  [['fetchOpenOrders'], 'working orders cannot be listed: no reconciliation, no account stream, no proof of absence', 'it has no fetchOpenOrders'],
  [['fetchOrders', 'fetchCanceledAndClosedOrders', 'fetchClosedOrders'], 'orders that have ended cannot be listed: no proof of absence', 'it has none of fetchOrders, fetchClosedOrders and fetchCanceledAndClosedOrders'],
  [['fetchOrders', 'fetchCanceledAndClosedOrders', 'fetchCanceledOrders'], 'cancelled orders may be in no list: no proof of absence, so a create without an answer waits for a person', 'it has none of fetchOrders, fetchCanceledOrders and fetchCanceledAndClosedOrders'],
  [['fetchMyTrades'], 'fills cannot be listed: nothing can be booked', 'it has no fetchMyTrades'],
  [['fetchBalance'], 'balances cannot be compared', 'it has no fetchBalance'],
  [['fetchTradingFee', 'fetchTradingFees'], 'the fee rates are those of the list of markets, not of the account', 'it has neither fetchTradingFee nor fetchTradingFees'],
  [['fetchTime'], 'the exchange’s clock is taken to be ours', 'it has no fetchTime'],
  [['fetchBidsAsks', 'fetchTickers'], 'prices are asked for one instrument at a time', 'it has neither fetchBidsAsks nor fetchTickers'],
  [['fetchOrderBook'], 'no book is shown', 'it has no fetchOrderBook'],
  [['fetchTrades'], 'no public trades are shown', 'it has no fetchTrades'],
  [['fetchOHLCV'], 'no candles are shown', 'it has no fetchOHLCV'],
]

const ofTheExchange = (exchange: Described): readonly Weakness[] => {
  const lacks = needs.filter(([has]) => !has.some((one) => can(exchange, one))).map(([, what, because]) => weakness(what, because))
  const rest = [
    !takesPostOnly(exchange) && weakness('post-only orders are refused before they are sent', 'it is not known to take them, and might execute one'),
    !quirksOf(exchange).showsClientOrderIds && weakness('a missing order proves nothing until the exchange has shown one of the desk’s names', 'whether this class carries a client order id of 36 characters has not been tried'),
    exchange.precisionMode === 3 && weakness('no instrument can be traded', 'its precision is in significant digits, which are no fixed steps'),
  ]
  return [...lacks, ...rest.filter((one) => one !== false)]
}

/** @param pollMs the time between two polls of a stream */
export const weaknesses = (exchange: Described, pollMs: Millis = 1_000): readonly Weakness[] => [...ofTheExchange(exchange), ...ofTheWay(pollMs)]
