/**
 * The venue's payloads and how they are read. Lenient, as its shapes vary between versions: absent, null and "" all
 * mean "none", unknown fields are ignored, unknown enum members stay texts (coinbase-advanced-trade.md 3).
 */
import { z } from 'zod'
import type { Money, Price } from '../../domain/decimal.ts'
import { isRecord, parseJson, present, reader, readMoney, readPrice, textOf } from '../venue-kit/reading.ts'

export { present, readMoney, readPrice, readQuantity, readRate } from '../venue-kit/reading.ts'

/** An optional text or decimal; a few fields are JSON numbers in some versions. */
const maybe = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined))
const maybeFlag = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined))
/** A name, which is a text and nothing else. */
const maybeName = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && value !== '' ? value : undefined))
const required = z.string().min(1)
const side = z.enum(['BUY', 'SELL'])
const rows = z.array(z.unknown())
const amount = z.object({ value: maybe }).nullish().catch(undefined)
const configuration = z.record(z.string(), z.object({ base_size: maybe, limit_price: maybe }).catch({ base_size: undefined, limit_price: undefined }))

const orderSchema = z.object({
  order_id: required,
  client_order_id: maybe,
  product_id: required,
  product_type: maybe,
  side,
  status: maybe,
  filled_size: maybe,
  order_configuration: configuration.nullish().catch(undefined),
  created_time: maybe,
  reject_reason: maybe,
  reject_message: maybe,
  cancel_message: maybe,
})
export type OrderRow = z.infer<typeof orderSchema>

/** An order of the user channel; `reject_Reason` is production's spelling (9.7). */
const userOrderSchema = z.object({
  order_id: required,
  client_order_id: maybe,
  product_id: required,
  product_type: maybe,
  order_side: side,
  status: maybe,
  cumulative_quantity: maybe,
  limit_price: maybe,
  creation_time: maybe,
  cancel_reason: maybe,
  reject_reason: maybe,
  reject_Reason: maybe,
})
export type UserOrderRow = z.infer<typeof userOrderSchema>

const fillSchema = z.object({
  entry_id: required,
  order_id: required,
  product_id: required,
  side,
  trade_type: maybe,
  price: required,
  size: required,
  commission: maybe,
  size_in_quote: maybeFlag,
  liquidity_indicator: maybe,
  trade_time: required,
})
export type FillRow = z.infer<typeof fillSchema>

const productSchema = z.object({
  product_id: required,
  product_type: maybe,
  base_currency_id: required,
  quote_currency_id: required,
  base_increment: required,
  quote_increment: maybe,
  price_increment: maybe,
  base_min_size: maybe,
  base_max_size: maybe,
  quote_min_size: maybe,
  status: maybe,
  is_disabled: maybeFlag,
  trading_disabled: maybeFlag,
  view_only: maybeFlag,
  cancel_only: maybeFlag,
  post_only: maybeFlag,
  limit_only: maybeFlag,
  auction_mode: maybeFlag,
  alias: maybe,
})
export type ProductRow = z.infer<typeof productSchema>

const accountSchema = z.object({
  uuid: required,
  currency: required,
  available_balance: amount,
  hold: amount,
  type: maybe,
  platform: maybe,
})
export type AccountRow = z.infer<typeof accountSchema>

const level = z.array(z.object({ price: maybe, size: maybe })).nullish()
const bookSchema = z.object({ product_id: required, bids: level, asks: level, time: maybe })
export type BookRow = z.infer<typeof bookSchema>

const tradeSchema = z.object({ trade_id: required, price: required, size: required, time: required, side })
const candleSchema = z.object({ start: required, open: required, high: required, low: required, close: required, volume: required })

const schemas = {
  time: z.object({ iso: maybe, epochMillis: maybe }),
  order: z.object({ order: z.unknown() }),
  orders: z.object({ orders: rows, has_next: maybeFlag, cursor: maybe }),
  fills: z.object({ fills: rows, cursor: maybe }),
  accounts: z.object({ accounts: rows, has_next: maybeFlag, cursor: maybe }),
  products: z.object({ products: rows }),
  books: z.object({ pricebooks: rows }),
  book: z.object({ pricebook: z.unknown() }),
  trades: z.object({ trades: rows }),
  candles: z.object({ candles: rows }),
  fees: z.object({ fee_tier: z.object({ maker_fee_rate: maybe, taker_fee_rate: maybe }) }),
  permissions: z.object({ can_view: maybeFlag, can_trade: maybeFlag, can_transfer: maybeFlag, portfolio_uuid: maybe }),
} as const

/** An answer of each kind as it is read. */
export type Payloads = { readonly [K in keyof typeof schemas]: z.infer<(typeof schemas)[K]> }

/** Reads a whole answer; undefined when it is not what the endpoint documents. */
export const readPayload = <K extends keyof Payloads>(kind: K, text: string): Payloads[K] | undefined => {
  const read = schemas[kind].safeParse(parseJson(text))
  return read.success ? (read.data as Payloads[K]) : undefined
}

export const readOrder = reader(orderSchema)
export const readUserOrder = reader(userOrderSchema)
export const readFill = reader(fillSchema)
export const readProduct = reader(productSchema)
export const readAccount = reader(accountSchema)
export const readBook = reader(bookSchema)
export const readTradeRow = reader(tradeSchema)
export const readCandleRow = reader(candleSchema)

/** A name in a row that need not be readable otherwise; "" when it has none, undefined when that cannot be told. */
export const nameIn = (row: unknown, field: 'client_order_id' | 'order_id' | 'entry_id'): string | undefined => {
  const name = isRecord(row) ? (row[field] ?? '') : undefined
  return typeof name === 'string' ? name : undefined
}

export const clientOrderIdOf = (row: unknown): string | undefined => nameIn(row, 'client_order_id')

/** The answer to a create, both shapes of it (5.7). */
export interface CreateAnswer {
  readonly success: boolean
  readonly orderId: string | undefined
  readonly clientOrderId: string | undefined
  /** The three places of the reason, in the order in which they count. */
  readonly reasons: readonly (string | undefined)[]
  readonly message: string | undefined
}

const createSchema = z.object({
  success: z.boolean(),
  order_id: maybeName,
  // An echo that is no text makes the whole answer unreadable: it may be about another order.
  success_response: z.object({ order_id: maybeName, client_order_id: z.string().nullish() }).nullish(),
  error_response: z
    .object({ error: maybe, message: maybe, error_details: maybe, preview_failure_reason: maybe, new_order_failure_reason: maybe })
    .nullish(),
})

export const readCreateAnswer = (text: string): CreateAnswer | undefined => {
  const read = createSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  const { success, success_response: good, error_response: bad, order_id: legacyId } = read.data
  return {
    success,
    // The top-level order id is a legacy field: it never makes a success, but in a refusal it is a contradiction.
    orderId: success ? good?.order_id : (legacyId ?? good?.order_id),
    clientOrderId: good?.client_order_id || undefined,
    reasons: [bad?.new_order_failure_reason, bad?.error, bad?.preview_failure_reason],
    message: bad?.message ?? bad?.error_details,
  }
}

export interface CancelResult {
  readonly success: boolean
  readonly orderId: string
  readonly reason: string | undefined
}

const cancelSchema = z.object({ results: z.array(z.object({ success: z.boolean(), failure_reason: maybe, order_id: z.string() })) })

export const readCancelResults = (text: string): readonly CancelResult[] | undefined => {
  const read = cancelSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  return read.data.results.map(({ success, failure_reason: reason, order_id: orderId }) => ({ success, orderId, reason }))
}

/** The answer to an edit, every shape of it that was seen (5.10). */
export interface EditAnswer {
  readonly success: boolean
  readonly reason: string | undefined
}

const editError = z.object({ edit_failure_reason: maybe, preview_failure_reason: maybe })
const editSchema = z.object({
  success: z.boolean(),
  errors: z.union([z.array(editError), editError]).nullish().catch(undefined),
  error_response: z.object({ error_details: maybe, edit_order_failure_reason: maybe }).nullish().catch(undefined),
})

export const readEditAnswer = (text: string): EditAnswer | undefined => {
  const read = editSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  const { success, errors, error_response: other } = read.data
  const [first] = Array.isArray(errors) ? errors : [errors]
  return { success, reason: first?.edit_failure_reason ?? first?.preview_failure_reason ?? other?.edit_order_failure_reason ?? other?.error_details }
}

/** The answer to a preview (5.10). */
export interface PreviewAnswer {
  readonly errors: readonly string[]
  readonly total: Money | undefined
  readonly fee: Money | undefined
}

const previewSchema = z.object({ errs: z.array(z.string()).nullish(), order_total: maybe, commission_total: maybe })

export const readPreviewAnswer = (text: string): PreviewAnswer | undefined => {
  const read = previewSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  const { errs, order_total: total, commission_total: fee } = read.data
  return { errors: errs ?? [], total: readMoney(total), fee: readMoney(fee) }
}

/** What an error body of any shape says (8). */
export interface ErrorBody {
  readonly code?: string
  readonly message?: string
  /** A refusal reason in a 4xx. */
  readonly reason?: string
}

export const readErrorBody = (text: string): ErrorBody => {
  const body = parseJson(text)
  if (!isRecord(body)) return {}
  const first: unknown = Array.isArray(body['errors']) ? body['errors'][0] : undefined
  const inner = isRecord(first) ? first : {}
  return present<ErrorBody>({
    code: textOf(body['error']) ?? textOf(inner['id']),
    message: textOf(body['message']) ?? textOf(body['error_details']) ?? textOf(body['error_description']) ?? textOf(inner['message']),
    reason: textOf(body['preview_failure_reason']),
  })
}

/** One message of a feed: an error, or an envelope (9.1, 9.2). */
export type Frame =
  | { readonly error: string }
  | { readonly channel: string; readonly timestamp: string; readonly sequence: number | undefined; readonly events: readonly unknown[] }

/** Reads field by field rather than by schema: every tick of the market comes through here. */
export const readFrame = (text: string): Frame | undefined => {
  const body = parseJson(text)
  if (!isRecord(body)) return undefined
  const { type, message, channel, timestamp, sequence_num: sequence, events } = body
  if (type === 'error') return { error: typeof message === 'string' ? message : 'unnamed error' }
  if (typeof channel !== 'string' || !Array.isArray(events)) return undefined
  return { channel, timestamp: typeof timestamp === 'string' ? timestamp : '', sequence: typeof sequence === 'number' ? sequence : undefined, events }
}

/** A ticker row with both sides; rows whose fields are all "" occur and are skipped (9.4). */
export interface Ticker {
  readonly productId: string
  readonly bid: Price
  readonly ask: Price
}

export const readTickers = (event: unknown): readonly Ticker[] => {
  const tickers: unknown = isRecord(event) ? event['tickers'] : undefined
  return Array.isArray(tickers) ? tickers.flatMap((row: unknown) => readTicker(row) ?? []) : []
}

const readTicker = (row: unknown): Ticker | undefined => {
  if (!isRecord(row)) return undefined
  const { product_id: productId, best_bid: bidText, best_ask: askText } = row
  const bid = readPrice(textOf(bidText))
  const ask = readPrice(textOf(askText))
  return typeof productId !== 'string' || bid === undefined || ask === undefined ? undefined : { productId, bid, ask }
}

/** The counter of a heartbeat: a number in production, a text in the documentation (9.3). */
export const readHeartbeat = (event: unknown): number | undefined => {
  const counter = isRecord(event) ? Number(event['heartbeat_counter']) : Number.NaN
  return Number.isSafeInteger(counter) ? counter : undefined
}

/** The orders of a `user` event, unread. */
export const userEvent = (event: unknown): { readonly snapshot: boolean; readonly orders: readonly unknown[] } => {
  const body = isRecord(event) ? event : {}
  return { snapshot: body['type'] === 'snapshot', orders: Array.isArray(body['orders']) ? body['orders'] : [] }
}
