/**
 * The venue's rows and lists and how they are read. Lenient, as its shapes vary between versions: absent, null and "" all
 * mean "none", unknown fields are ignored, unknown enum members stay texts (coinbase-advanced-trade.md 3).
 */
import { z } from 'zod'
import { isRecord, parseJson, reader } from '../venue-kit/reading.ts'
import { maybe, maybeFlag, required, side } from './fields.ts'

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
