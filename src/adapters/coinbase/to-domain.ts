/** What the venue's payloads mean in the desk's words. Pure; undefined means "cannot be read". */
import { dividedBy, isPositive, isZero, quantity, rounded, sum, zero, type Quantity } from '../../domain/decimal.ts'
import type { Instrument, InstrumentStatus } from '../../domain/instrument.ts'
import { isFinished, type Balance, type Fill, type Liquidity, type OrderReport, type Side, type VenueOrderStatus } from '../../domain/order.ts'
import type { Quote } from '../../domain/quote.ts'
import { parseTimestamp, type Millis } from '../../domain/time.ts'
import { present, readMoney, readPrice, readQuantity } from '../venue-kit/reading.ts'
import type { AccountRow, BookRow, FillRow, OrderRow, ProductRow, UserOrderRow } from './wire.ts'

/** coinbase-advanced-trade.md 5.12: an order whose cancel or edit is queued still works. */
const statuses: ReadonlyMap<string, VenueOrderStatus> = new Map(Object.entries({
  PENDING: 'pending',
  QUEUED: 'pending',
  OPEN: 'open',
  CANCEL_QUEUED: 'open',
  EDIT_QUEUED: 'open',
  FILLED: 'filled',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  FAILED: 'failed',
} as const))

export const orderStatus = (text: string | undefined): VenueOrderStatus => statuses.get(text ?? '') ?? 'unknown'

const sideOf = (text: 'BUY' | 'SELL'): Side => (text === 'BUY' ? 'buy' : 'sell')

/** True for rows of this product type; old rows name none. */
export const isSpot = (row: { readonly product_type?: string | undefined }): boolean => row.product_type === undefined || row.product_type === 'SPOT'

/** An order of the REST lists (5.12). Its size and limit price are inside its configuration. */
export const orderReport = (row: OrderRow): OrderReport | undefined => {
  const status = orderStatus(row.status)
  const executed = executedOf(row.filled_size, status)
  if (executed === undefined) return undefined
  const [terms] = Object.values(row.order_configuration ?? {})
  const optional = present<Pick<OrderReport, 'reason' | 'price' | 'quantity' | 'createdAt'>>({
    reason: isFinished(status) ? (row.reject_message ?? row.cancel_message ?? specified(row.reject_reason)) : undefined,
    price: readPrice(terms?.limit_price),
    quantity: readQuantity(terms?.base_size),
    createdAt: timeOf(row.created_time),
  })
  return { ...identity(row), side: sideOf(row.side), status, executed, ...optional }
}

/** An order of the user channel (9.7). Its total size is not told: the venue zeroes what is left when an order ends. */
export const userOrderReport = (row: UserOrderRow): OrderReport | undefined => {
  const status = orderStatus(row.status)
  const executed = executedOf(row.cumulative_quantity, status)
  if (executed === undefined) return undefined
  const optional = present<Pick<OrderReport, 'reason' | 'price' | 'createdAt'>>({
    reason: isFinished(status) ? (row.reject_reason ?? row.reject_Reason ?? row.cancel_reason) : undefined,
    price: readPrice(row.limit_price),
    createdAt: timeOf(row.creation_time),
  })
  return { ...identity(row), side: sideOf(row.order_side), status, executed, ...optional }
}

const identity = (row: OrderRow | UserOrderRow): Pick<OrderReport, 'venueOrderId' | 'clientOrderId' | 'instrument'> => ({
  venueOrderId: row.order_id,
  clientOrderId: row.client_order_id ?? '',
  instrument: row.product_id,
})

/** "" means none. A filled order without a size is unreadable: taken as zero, its fills would never be looked for. */
const executedOf = (text: string | undefined, status: VenueOrderStatus): Quantity | undefined => {
  const executed = text === undefined ? zero : readQuantity(text)
  return executed === undefined || (status === 'filled' && isZero(executed)) ? undefined : executed
}

const specified = (reason: string | undefined): string | undefined => (reason === 'REJECT_REASON_UNSPECIFIED' ? undefined : reason)

/** Go's zero time stands for "none" (9.7). */
const timeOf = (text: string | undefined): Millis | undefined => (text === undefined || text.startsWith('0001-') ? undefined : parseTimestamp(text))

const liquidities: ReadonlyMap<string, Liquidity> = new Map([['MAKER', 'maker'], ['TAKER', 'taker']])
/** Places of a base size computed from a quote size: the venue's own precision. */
const sizePlaces = 16

/** An execution (5.13). With `size_in_quote` its size is quote money, net of the fee. The fee is in quote currency (10). */
export const fillOf = (row: FillRow): Fill | undefined => {
  const price = readPrice(row.price)
  const size = readQuantity(row.size)
  const fee = row.commission === undefined ? zero : readMoney(row.commission)
  const at = parseTimestamp(row.trade_time)
  if (price === undefined || size === undefined || !isPositive(size) || fee === undefined || at === undefined) return undefined
  return {
    tradeId: row.entry_id,
    venueOrderId: row.order_id,
    instrument: row.product_id,
    side: sideOf(row.side),
    quantity: row.size_in_quote === true ? quantity(rounded(dividedBy(size, price), sizePlaces)) : size,
    price,
    fee,
    feeAsset: quoteAssetOf(row.product_id),
    liquidity: liquidities.get(row.liquidity_indicator ?? '') ?? 'unknown',
    at,
  }
}

const quoteAssetOf = (productId: string): string => productId.slice(productId.lastIndexOf('-') + 1)

/** A product (5.3). The tick is `price_increment`; the quote step stands in for it. */
export const instrumentOf = (row: ProductRow): Instrument | undefined => {
  const tick = readPrice(row.price_increment ?? row.quote_increment)
  const step = readQuantity(row.base_increment)
  const maxQuantity = readQuantity(row.base_max_size)
  if (tick === undefined || step === undefined || !isPositive(step) || maxQuantity === undefined) return undefined
  return {
    id: row.product_id,
    base: row.base_currency_id,
    quote: row.quote_currency_id,
    tick,
    step,
    minQuantity: readQuantity(row.base_min_size) ?? step,
    maxQuantity,
    minNotional: readMoney(row.quote_min_size) ?? zero,
    status: instrumentStatus(row),
  }
}

/** The strictest flag counts. An auction takes limit orders but does not match at once, like a book for limits only. */
const instrumentStatus = (row: ProductRow): InstrumentStatus => {
  if (row.status === 'delisted') return 'delisted'
  const offline = row.status !== undefined && row.status !== 'online'
  if (offline || row.is_disabled === true || row.trading_disabled === true || row.view_only === true) return 'halted'
  if (row.cancel_only === true) return 'cancelOnly'
  if (row.post_only === true) return 'postOnly'
  return row.limit_only === true || row.auction_mode === true ? 'limitOnly' : 'online'
}

/** Best bid and ask of a book; undefined while a side is empty (5.4). */
export const quoteOf = (row: BookRow, instrument: string, receivedAt: Millis): Quote | undefined => {
  const bid = readPrice(row.bids?.[0]?.price)
  const ask = readPrice(row.asks?.[0]?.price)
  if (bid === undefined || ask === undefined) return undefined
  const [bidQuantity, askQuantity] = [row.bids?.[0]?.size, row.asks?.[0]?.size].map((text) => readQuantity(text))
  return { instrument, bid, ask, bidQuantity, askQuantity, at: timeOf(row.time) ?? receivedAt, receivedAt, source: 'rest' }
}

const spotPlatforms: ReadonlySet<string> = new Set(['ACCOUNT_PLATFORM_CONSUMER', 'ACCOUNT_PLATFORM_UNSPECIFIED'])
const otherTypes: ReadonlySet<string> = new Set(['VAULT', 'PERP_FUTURES'])

/** Free and held per currency (5.2): spot accounts only, several of one currency added up. Undefined when one is unreadable. */
export const balancesOf = (rows: readonly AccountRow[]): readonly Balance[] | undefined => {
  // An account that moved between pages comes twice.
  const once = [...new Map(rows.map((row) => [row.uuid, row])).values()]
  const spot = once.filter((row) => spotPlatforms.has(row.platform ?? 'ACCOUNT_PLATFORM_CONSUMER') && !otherTypes.has((row.type ?? '').replace('ACCOUNT_TYPE_', '')))
  const read = spot.map((row) => ({ asset: row.currency, free: amountOf(row.available_balance), held: amountOf(row.hold) }))
  const known = read.flatMap(({ asset, free, held }) => (free === undefined || held === undefined ? [] : [{ asset, free, held }]))
  if (known.length < read.length) return undefined
  return [...new Set(known.map(({ asset }) => asset))].map((asset) => {
    const parts = known.filter((part) => part.asset === asset)
    return { asset, free: sum(parts.map(({ free }) => free)), held: sum(parts.map(({ held }) => held)) }
  })
}

const amountOf = (held: { readonly value: string | undefined } | null | undefined): Quantity | undefined =>
  held?.value === undefined ? zero : (readMoney(held.value) as Quantity | undefined)
