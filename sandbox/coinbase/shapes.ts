import { divide, formatAmount } from '../exchange/amounts.ts'
import type { Balance } from '../exchange/accounts.ts'
import { productOf } from '../exchange/ledger.ts'
import type { Market } from '../exchange/market.ts'
import type { Fill, Order, TimeInForce } from '../exchange/order.ts'
import { priceAtoms, products, type Product } from '../exchange/products.ts'
import { uuidOf } from './identity.ts'
import { showConfiguration } from './order-configuration.ts'
import { rfc3339 } from './times.ts'

/** The venue's names for the times in force (coinbase-advanced-trade.md 5.12). */
export const TIME_IN_FORCE: Readonly<Record<TimeInForce, string>> = {
  GTC: 'GOOD_UNTIL_CANCELLED',
  GTD: 'GOOD_UNTIL_DATE_TIME',
  IOC: 'IMMEDIATE_OR_CANCEL',
  FOK: 'FILL_OR_KILL',
}

export function averagePrice(order: Order): string {
  return formatAmount(divide(order.filledValue, order.filled, 16))
}

/** "0" to "100", of the base quantity, or of the quote amount for an order sized in quote. */
export function completion(order: Order): string {
  if (order.status === 'FILLED') return '100'
  const whole = order.terms.quantity ?? 0n
  return whole === 0n ? '0' : formatAmount(divide(order.filled * 100n, whole, 4))
}

export function valueAfterFees(order: Order): bigint {
  return order.terms.side === 'BUY' ? order.filledValue + order.fees : order.filledValue - order.fees
}

/** An order as REST shows it (coinbase-advanced-trade.md 5.12). */
export function showOrder(order: Order): Record<string, unknown> {
  const { terms } = order
  return {
    order_id: order.orderId,
    product_id: terms.productId,
    user_id: uuidOf('user'),
    order_configuration: showConfiguration(terms),
    side: terms.side,
    client_order_id: terms.clientOrderId,
    status: order.status,
    time_in_force: TIME_IN_FORCE[terms.timeInForce],
    created_time: rfc3339(order.createdAt),
    ...showProgress(order),
    pending_cancel: order.status === 'CANCEL_QUEUED',
    size_in_quote: terms.quoteSize !== undefined,
    size_inclusive_of_fees: terms.quoteSize !== undefined,
    trigger_status: 'INVALID_ORDER_TYPE',
    order_type: terms.limitTicks === undefined ? 'MARKET' : 'LIMIT',
    reject_reason: 'REJECT_REASON_UNSPECIFIED',
    reject_message: '',
    settled: order.status === 'FILLED',
    product_type: 'SPOT',
    cancel_message: order.status === 'CANCELLED' ? order.endMessage : '',
    order_placement_source: 'RETAIL_ADVANCED',
    is_liquidation: false,
    edit_history: [],
    leverage: '',
    margin_type: 'UNKNOWN_MARGIN_TYPE',
    retail_portfolio_id: uuidOf('portfolio'),
    originating_order_id: '',
    attached_order_id: '',
  }
}

function showProgress(order: Order): Record<string, unknown> {
  return {
    completion_percentage: completion(order),
    filled_size: formatAmount(order.filled),
    average_filled_price: averagePrice(order),
    fee: '',
    number_of_fills: String(order.fillCount),
    filled_value: formatAmount(order.filledValue),
    total_fees: formatAmount(order.fees),
    total_value_after_fees: formatAmount(valueAfterFees(order)),
    outstanding_hold_amount: formatAmount(order.hold),
    last_fill_time: order.lastFillAt === undefined ? null : rfc3339(order.lastFillAt),
    last_update_time: rfc3339(order.updatedAt),
  }
}

/** A fill as REST lists it (coinbase-advanced-trade.md 5.13); `size` is in quote when the order was. */
export function showFill(fill: Fill): Record<string, unknown> {
  return {
    entry_id: fill.entryId,
    trade_id: fill.tradeId,
    order_id: fill.orderId,
    trade_time: rfc3339(fill.at),
    trade_type: 'FILL',
    price: formatAmount(fill.price),
    size: formatAmount(fill.sizeInQuote ? fill.value : fill.quantity),
    commission: formatAmount(fill.fee),
    product_id: fill.productId,
    sequence_timestamp: rfc3339(fill.at),
    liquidity_indicator: fill.liquidity,
    size_in_quote: fill.sizeInQuote,
    user_id: uuidOf('user'),
    side: fill.side,
    retail_portfolio_id: uuidOf('portfolio'),
  }
}

/** An account row (coinbase-advanced-trade.md 5.2). */
export function showAccount(asset: string, balance: Balance, nowMs: number): Record<string, unknown> {
  const fiat = asset === 'USD'
  return {
    uuid: uuidOf(`account ${asset}`),
    name: fiat ? 'Cash (USD)' : `${asset} Wallet`,
    currency: asset,
    available_balance: { value: formatAmount(balance.free), currency: asset },
    default: true,
    active: true,
    created_at: '2024-01-01T00:00:00Z',
    updated_at: rfc3339(nowMs),
    deleted_at: null,
    type: fiat ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
    ready: true,
    hold: { value: formatAmount(balance.held), currency: asset },
    retail_portfolio_id: uuidOf('portfolio'),
    platform: 'ACCOUNT_PLATFORM_CONSUMER',
  }
}

/** A product (coinbase-advanced-trade.md 5.3). */
export function showProduct(product: Product, market: Market, isClosed: boolean): Record<string, unknown> {
  return {
    product_id: product.id,
    price: formatAmount(priceAtoms(product, market.lastTicks)),
    price_percentage_change_24h: '0',
    volume_24h: '',
    volume_percentage_change_24h: '',
    base_increment: formatAmount(product.baseIncrement),
    quote_increment: formatAmount(product.priceIncrement),
    price_increment: formatAmount(product.priceIncrement),
    base_min_size: formatAmount(product.baseMinSize),
    base_max_size: formatAmount(product.baseMaxSize),
    quote_min_size: formatAmount(product.quoteMinSize),
    quote_max_size: formatAmount(product.quoteMaxSize),
    base_name: product.base,
    quote_name: product.quote,
    base_currency_id: product.base,
    quote_currency_id: product.quote,
    base_display_symbol: product.base,
    quote_display_symbol: product.quote,
    display_name: product.id,
    ...showTradability(product, isClosed),
    product_type: 'SPOT',
    product_venue: 'CBE',
    alias: product.market === product.id ? '' : product.market,
    alias_to: [...products.values()].filter((other) => other.market === product.id && other.id !== product.id).map((other) => other.id),
    mid_market_price: '',
    fcm_trading_session_details: null,
  }
}

function showTradability(product: Product, isClosed: boolean): Record<string, unknown> {
  return {
    watched: false,
    new: false,
    status: 'online',
    is_disabled: false,
    trading_disabled: false,
    cancel_only: product.cancelOnly || isClosed,
    limit_only: product.limitOnly,
    post_only: false,
    auction_mode: false,
    view_only: false,
  }
}

/** Both sides of a market, at most `limit` levels each, under the product's name (coinbase-advanced-trade.md 5.4). */
export function showBook(product: Product, market: Market, limit: number, nowMs: number): Record<string, unknown> {
  const side = (name: 'BUY' | 'SELL') =>
    market.depth(name).slice(0, limit).map((level) => ({ price: formatAmount(priceAtoms(product, level.price)), size: formatAmount(level.size) }))
  return { product_id: product.id, bids: side('BUY'), asks: side('SELL'), time: rfc3339(nowMs) }
}

/** The figures beside a book: last, mid and spread. */
export function showBookSummary(product: Product, market: Market): Record<string, string> {
  const { quote } = market
  if (!quote) return {}
  const spread = priceAtoms(product, quote.ask - quote.bid)
  const middle = priceAtoms(product, quote.ask + quote.bid) / 2n
  return {
    last: formatAmount(priceAtoms(product, market.lastTicks)),
    mid_market: formatAmount(middle),
    spread_bps: formatAmount(divide(spread * 10_000n, middle, 4)),
    spread_absolute: formatAmount(spread),
  }
}

/** The limit price, "0" for a market order. */
export function limitPriceOf(order: Order): string {
  return order.terms.limitTicks === undefined ? '0' : formatAmount(priceAtoms(productOf(order), order.terms.limitTicks))
}
