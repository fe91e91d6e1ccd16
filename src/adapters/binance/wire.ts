/**
 * The venue's REST payloads and how they are read (binance-spot.md 5). Lenient: unknown fields are ignored, unknown enum
 * members stay texts, what the desk does not need may be absent.
 */
import { z } from 'zod'
import { isRecord, reader } from '../venue-kit/reading.ts'
import { parseExactly } from './json.ts'

/** An optional text; bare numbers are tolerated. */
const maybe = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined))
const maybeFlag = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'boolean' ? value : undefined))
const required = z.string().min(1)
const isId = (value: unknown): boolean => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) || (typeof value === 'string' && /^\d{1,19}$/.test(value))
/** An id, as its digits. */
export const id = z.unknown().refine(isId).transform(String)
/** Milliseconds since 1970; -1 stands for "none" (12). */
const moment = z.number().int().positive()
const maybeMoment = moment.optional().catch(undefined)
const rows = z.array(z.unknown())
const lenientRows = rows.optional().catch(undefined)

const orderSchema = z.object({
  symbol: required,
  orderId: id,
  clientOrderId: maybe,
  side: z.enum(['BUY', 'SELL']),
  status: maybe,
  price: maybe,
  origQty: maybe,
  executedQty: required,
  expiryReason: maybe,
  time: maybeMoment,
})
export type OrderRow = z.infer<typeof orderSchema>
export const readOrder = reader(orderSchema)

const tradeSchema = z.object({
  symbol: required,
  id,
  orderId: id,
  price: required,
  qty: required,
  commission: required,
  commissionAsset: required,
  time: moment,
  isBuyer: z.boolean(),
  isMaker: maybeFlag,
})
export type TradeRow = z.infer<typeof tradeSchema>
export const readTrade = reader(tradeSchema)

const symbolSchema = z.object({
  symbol: required,
  status: maybe,
  baseAsset: required,
  quoteAsset: required,
  baseAssetPrecision: z.number().int().min(0).max(18).optional().catch(undefined),
  quoteAssetPrecision: z.number().int().min(0).max(18).optional().catch(undefined),
  isSpotTradingAllowed: maybeFlag,
  filters: lenientRows,
})
export type SymbolRow = z.infer<typeof symbolSchema>
export const readSymbol = reader(symbolSchema)

const filterSchema = z.object({ filterType: required, tickSize: maybe, stepSize: maybe, minQty: maybe, maxQty: maybe, minNotional: maybe })
export type FilterRow = z.infer<typeof filterSchema>
export const readFilter = reader(filterSchema)

const limitSchema = z.object({ rateLimitType: required, interval: required, intervalNum: z.number().int().positive(), limit: z.number().int().positive() })
export type LimitRow = z.infer<typeof limitSchema>
export const readLimit = reader(limitSchema)

const tickerSchema = z.object({ symbol: required, bidPrice: maybe, bidQty: maybe, askPrice: maybe, askQty: maybe })
export type TickerRow = z.infer<typeof tickerSchema>
export const readTicker = reader(tickerSchema)

const balanceSchema = z.object({ asset: required, free: required, locked: required })
export type BalanceRow = z.infer<typeof balanceSchema>
export const readBalance = reader(balanceSchema)

const ratesSchema = z.object({ maker: required, taker: required, buyer: required, seller: required })
export type RatesRow = z.infer<typeof ratesSchema>

const levels = z.array(z.tuple([required, required], z.unknown()))
const depthSchema = z.object({ lastUpdateId: z.number().int().nonnegative(), bids: levels, asks: levels })
export type DepthSnapshot = z.infer<typeof depthSchema>

const tapeTradeSchema = z.object({ id, price: required, qty: required, time: moment, isBuyerMaker: z.boolean() })
export const readTapeTrade = reader(tapeTradeSchema)

const candleSchema = z.tuple([moment, required, required, required, required, required], z.unknown())
export const readCandle = reader(candleSchema)

const schemas = {
  time: z.object({ serverTime: moment }),
  exchangeInfo: z.object({ symbols: rows, rateLimits: lenientRows }),
  tickers: rows,
  order: z.unknown(),
  orders: rows,
  trades: rows,
  account: z.object({ uid: id, balances: rows, canTrade: maybeFlag }),
  commission: z.object({ standardCommission: ratesSchema, specialCommission: ratesSchema.optional(), taxCommission: ratesSchema.optional() }),
  depth: depthSchema,
  tape: rows,
  candles: rows,
} as const

/** An answer of each kind as it is read. */
export type Payloads = { readonly [K in keyof typeof schemas]: z.infer<(typeof schemas)[K]> }

/** Reads a whole answer; undefined when it is not what the endpoint documents. */
export const readPayload = <K extends keyof Payloads>(kind: K, text: string): Payloads[K] | undefined => {
  const read = schemas[kind].safeParse(parseExactly(text))
  return read.success ? (read.data as Payloads[K]) : undefined
}

/** What an order placement answers with `newOrderRespType=RESULT`, as far as it proves something (5.3). */
const placedSchema = z.object({ symbol: required, orderId: id, clientOrderId: required })
export type Placed = z.infer<typeof placedSchema>
export const readPlaced = (text: string): Placed | undefined => reader(placedSchema)(parseExactly(text))

/** What a cancel answers; the client order ids in it are the cancel's and the order's (5.3). */
const cancelledSchema = z.object({ symbol: required, orderId: id })
export const readCancelled = (text: string): z.infer<typeof cancelledSchema> | undefined => reader(cancelledSchema)(parseExactly(text))

/** What an error body says (13); nothing where it is HTML, empty or something else. */
export interface ErrorBody {
  readonly code?: number
  readonly message?: string
}

export const readErrorBody = (text: string): ErrorBody => errorOf(parseExactly(text))

/** The same of a body that is parsed already. */
export const errorOf = (body: unknown): ErrorBody => {
  if (!isRecord(body)) return {}
  const { code, msg } = body
  return { ...(typeof code === 'number' && Number.isInteger(code) && { code }), ...(typeof msg === 'string' && { message: msg }) }
}

/** A name in a row that need not be readable otherwise: "" when it has none, undefined when that cannot be told. */
export const clientOrderIdOf = (row: unknown): string | undefined => {
  const name = isRecord(row) ? (row['clientOrderId'] ?? '') : undefined
  return typeof name === 'string' ? name : undefined
}

/** An id in such a row. */
export const idIn = (row: unknown, field: 'orderId' | 'id'): string | undefined => (isRecord(row) && isId(row[field]) ? String(row[field]) : undefined)

/** The symbol of such a row. */
export const symbolIn = (row: unknown): string | undefined => (isRecord(row) && typeof row['symbol'] === 'string' ? row['symbol'] : undefined)
