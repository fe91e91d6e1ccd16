/** Fields and words of the venue's rows as its documents know them (binance-spot.md 5.2 to 5.4, 6.3). */
import { vocabulary, type Novelties, type Vocabulary } from '../venue-kit/novelties.ts'
import { isRecord } from '../venue-kit/reading.ts'
import type { Payloads } from './wire.ts'

const statuses = 'NEW PENDING_NEW PARTIALLY_FILLED FILLED CANCELED PENDING_CANCEL REJECTED EXPIRED EXPIRED_IN_MATCH'

const order = vocabulary(
  `symbol orderId orderListId clientOrderId price origQty executedQty origQuoteOrderQty cummulativeQuoteQty status timeInForce type side stopPrice icebergQty
  time updateTime isWorking workingTime selfTradePreventionMode expiryReason preventedMatchId preventedQuantity strategyId strategyType trailingDelta trailingTime
  usedSor workingFloor pegPriceType pegOffsetType pegOffsetValue peggedPrice transactTime`,
  { side: 'BUY SELL', status: statuses },
)

const trade = vocabulary('symbol id orderId orderListId price qty quoteQty commission commissionAsset time isBuyer isMaker isBestMatch')

const symbol = vocabulary(
  `symbol status baseAsset baseAssetPrecision quoteAsset quotePrecision quoteAssetPrecision baseCommissionPrecision quoteCommissionPrecision orderTypes
  icebergAllowed ocoAllowed otoAllowed opoAllowed quoteOrderQtyMarketAllowed allowTrailingStop cancelReplaceAllowed amendAllowed pegInstructionsAllowed
  isSpotTradingAllowed isMarginTradingAllowed filters permissions permissionSets defaultSelfTradePreventionMode allowedSelfTradePreventionModes`,
  { status: 'TRADING END_OF_DAY HALT BREAK CANCEL_ONLY' },
)

/** An `executionReport`: its fields are single letters, and case counts. */
export const execution = vocabulary(
  `e E s c S o f q p P F g C x X r i l z L n N T t I w m M O Z Y Q W V d D j J v A B u U Cs pl pL pY b a k uS gP gOT gOV gp eR`,
  {
    S: 'BUY SELL',
    x: 'NEW CANCELED REPLACED REJECTED TRADE EXPIRED TRADE_PREVENTION',
    X: statuses,
    eR: 'NONE REJECTED EXCHANGE_CANCELED OCO_TRIGGER OTO_PHASE_ONE_EXPIRED UNFILLED_IOC_QUANTITY_EXPIRED UNFILLED_FOK_ORDER_EXPIRED INSUFFICIENT_LIQUIDITY EXECUTION_RULE_PRICE_RANGE_EXCEEDED',
  },
)

/** The rows of each answer that are looked at; a list without a field is the answer itself. */
const rows: { readonly [K in keyof Payloads]?: readonly [kind: string, known: Vocabulary, field?: string] } = {
  order: ['order', order],
  orders: ['order', order],
  trades: ['trade', trade],
  exchangeInfo: ['symbol', symbol, 'symbols'],
}

/** Counts what is new in an answer. */
export const noteNovelties = (novelties: Novelties, kind: keyof Payloads, payload: unknown): void => {
  const look = rows[kind]
  if (look === undefined) return
  const [name, known, field] = look
  const found: unknown = field === undefined ? payload : isRecord(payload) ? payload[field] : undefined
  for (const row of Array.isArray(found) ? found : [found]) novelties.row(name, row, known)
}
