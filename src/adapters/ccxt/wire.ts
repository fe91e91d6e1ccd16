/** The shapes of ccxt's unified structures, as far as they are used: unknown fields ignored, unknown words kept as text. */
import { z } from 'zod'
import { reader } from '../venue-kit/reading.ts'
import { plainText } from './figures.ts'

/** Longer than any name or amount; a longer text is nonsense. */
const longestText = 200

const text = z.string().max(longestText)
const name = text.min(1)
const optional = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? undefined)
/** X1: an amount that is no text has been a binary number. */
const amount = optional(text)
/** The library has no text of some figures: they are of the market, and never of an order. */
const figure = z.union([text, z.number().transform((value) => plainText(value) ?? '')])
const moment = z.number().int().min(1).max(8_640_000_000_000_000)
const side = z.enum(['buy', 'sell'])

const range = optional(z.object({ min: amount, max: amount }))

const market = z.object({
  symbol: name,
  base: name,
  quote: name,
  spot: z.unknown(),
  active: z.unknown(),
  precision: optional(z.object({ price: optional(z.union([text, z.number().int()])), amount: optional(z.union([text, z.number().int()])) })),
  limits: optional(z.object({ amount: range, cost: range })),
})

const order = z.object({ id: name, clientOrderId: optional(text), symbol: name, side, status: optional(text), price: amount, amount, filled: amount, timestamp: optional(moment) })

const fee = z.object({ cost: text, currency: name })

const ownTrade = z.object({ id: name, order: name, symbol: name, side, price: text, amount: text, timestamp: moment, takerOrMaker: optional(text), fee: optional(z.unknown()), fees: optional(z.array(z.unknown()).max(100)), info: z.unknown() })

const placed = z.object({ id: name, clientOrderId: optional(text), symbol: optional(text) })

const ticker = z.object({ symbol: name, bid: text, ask: text })

const level = z.tuple([figure, figure], z.unknown())
const book = z.object({ bids: z.array(level), asks: z.array(level), timestamp: optional(moment) })

const publicTrade = z.object({ id: name, side, price: text, amount: text, timestamp: moment })

const candle = z.tuple([moment, text, text, text, text, text], z.unknown())

const rates = z.object({ maker: figure, taker: figure })

const amounts = z.record(z.string(), z.unknown())
const balance = z.object({ free: amounts, used: amounts })

export type MarketRow = z.output<typeof market>
export type OrderRow = z.output<typeof order>
export type OwnTradeRow = z.output<typeof ownTrade>

export const readMarket = reader(market)
export const readOrder = reader(order)
export const readFee = reader(fee)
export const readOwnTrade = reader(ownTrade)
export const readPlaced = reader(placed)
export const readTicker = reader(ticker)
export const readBook = reader(book)
export const readPublicTrade = reader(publicTrade)
export const readCandle = reader(candle)
export const readRates = reader(rates)
export const readBalance = reader(balance)
export const readMoment = reader(moment)
export const readList = reader(z.array(z.unknown()).max(100_000))
export const readRecord = reader(z.record(z.string(), z.unknown()))

/** Reads what may be anything, even something that throws when it is looked at: undefined then. */
export const quietly = <T>(read: () => T | undefined): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** A field of a row that may be anything. */
export const fieldOf = (row: unknown, field: string): unknown => quietly<unknown>(() => (typeof row === 'object' && row !== null ? Reflect.get(row, field) : undefined))

/** The same, where it is a name. */
export const nameIn = (row: unknown, field: string): string | undefined => {
  const value = fieldOf(row, field)
  return typeof value === 'string' && value !== '' && value.length <= longestText ? value : undefined
}

/** The same, where it is a moment. */
export const momentIn = (row: unknown, field: string): number | undefined => readMoment(fieldOf(row, field))
