/**
 * Every reason for which the venue documents that it made no order, for a spot limit order sized in base
 * (coinbase-advanced-trade.md 6.1, 6.2; PREVIEW_ twins without their prefix). A reason that is not here proves nothing.
 */
import type { RefusalReason } from '../../domain/failure.ts'

const codes: Readonly<Record<RefusalReason, readonly string[]>> = {
  insufficientFunds: ['INSUFFICIENT_FUND', 'INSUFFICIENT_FUNDS', 'INVALID_LEDGER_BALANCE', 'INSUFFICIENT_LEDGER_BALANCE'],
  wouldCross: ['INVALID_LIMIT_PRICE_POST_ONLY'],
  badPrecision: ['INVALID_SIZE_PRECISION', 'INVALID_PRICE_PRECISION', 'INVALID_QUOTE_SIZE_PRECISION', 'INVALID_LIMIT_PRICE_PRECISION'],
  badSize: [
    'INVALID_BASE_SIZE_TOO_SMALL',
    'INVALID_BASE_SIZE_TOO_LARGE',
    'INVALID_QUOTE_SIZE_TOO_SMALL',
    'INVALID_QUOTE_SIZE_TOO_LARGE',
    'NON_NUMERIC_ORDER_SIZE',
    'FRACTIONAL_ORDERS_NOT_ALLOWED_FOR_PRODUCT',
    'QUOTE_ORDERS_NOT_ALLOWED_FOR_PRODUCT',
  ],
  badPrice: [
    'INVALID_LIMIT_PRICE',
    'INVALID_PRICE_TOO_LARGE',
    'BREACHED_PRICE_LIMIT',
    'LIMIT_PRICE_TOO_FAR_FROM_MARKET',
    'LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_BUY',
    'LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_SELL',
  ],
  instrumentUnavailable: [
    'ORDER_ENTRY_DISABLED',
    'UNTRADABLE_PRODUCT',
    'TRADING_DISABLED',
    'PRODUCT_TRADING_HALTED',
    'NOT_ALLOWED_BY_MARKET_STATE',
    'INVALID_PRODUCT_ID',
    'INVALID_UNSUPPORTED_INSTRUMENT',
    'INVALID_NO_LIQUIDITY',
    'MISSING_PRODUCT_PRICE_BOOK',
    'MISSING_MARKET_TRADE_DATA',
  ],
  // TOO_MANY_OPEN_ORDERS and RATE_LIMIT_EXCEEDED are said of an order that exists and failed (5.12), not of a create.
  tooManyOrders: [],
  rateLimited: [],
  notPermitted: [
    'GEOFENCING_RESTRICTION',
    'INELIGIBLE_PAIR',
    'COMPLIANCE_PURCHASE_LIMIT_EXCEEDED',
    'CLOSE_ONLY_FAILURE',
    'ASSET_BALANCE_INCREASE_REJECT',
    'MAX_DAILY_VOLUME_NOTIONAL_BREACHED',
  ],
  badRequest: ['UNSUPPORTED_ORDER_CONFIGURATION', 'INVALID_ORDER_CONFIG', 'INVALID_SIDE', 'INVALID_REQUEST', 'INVALID_SETTLEMENT_CURRENCY'],
  other: ['COMMANDER_REJECTED_NEW_ORDER', 'OPEN_BRACKET_ORDERS', 'BREACHED_RISK_LIMIT', 'IN_LIQUIDATION', 'MISSING_COMMISSION_RATE', 'INVALID_COMMISSION_CONFIGURATION'],
}

const isReason = (text: string): text is RefusalReason => Object.hasOwn(codes, text)

export const refusalReasons: ReadonlyMap<string, RefusalReason> = new Map(
  Object.keys(codes)
    .filter(isReason)
    .flatMap((reason) => codes[reason].map((code): [string, RefusalReason] => [code, reason])),
)
