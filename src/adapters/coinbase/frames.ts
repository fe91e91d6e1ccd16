/** The frames of the venue's feeds (coinbase-advanced-trade.md 9). */
import type { Price, Quantity } from '../../domain/decimal.ts'
import { isRecord, parseJson, readPrice, readQuantity, textOf } from '../venue-kit/reading.ts'

/** One message of a feed: an error, or an envelope (9.1, 9.2). */
export type Frame =
  | { readonly error: string }
  | { readonly channel: string; readonly timestamp: string; readonly sequence: number | undefined; readonly events: readonly unknown[] }

const field = String.raw`"(?!product_id")[a-z0-9_]+":"[^"\\\u0000-\u001f]*",`

/** The update of one product on `ticker` to the letter (9.4); the user's host names a client, the market's does not. */
const update = new RegExp(
  String.raw`^\{"channel":"ticker",(?:"client_id":"",)?"timestamp":"([\dT:.Z-]+)","sequence_num":(0|[1-9]\d{0,14}),"events":\[\{"type":"update","tickers":\[\{"type":"ticker","product_id":"([A-Z0-9-]+)",` +
    String.raw`(?:${field}){0,40}?"best_bid":"([\d.]+)","best_bid_quantity":"([\d.]+)","best_ask":"([\d.]+)","best_ask_quantity":"([\d.]+)"\}\]\}\]\}$`,
)

/** Nearly every frame of a market is such an update. Matching costs a quarter of parsing, and what does not match is parsed. */
const matchUpdate = (text: string): Frame | undefined => {
  const match = update.exec(text)
  if (match === null) return undefined
  const row = { product_id: match[3], best_bid: match[4], best_bid_quantity: match[5], best_ask: match[6], best_ask_quantity: match[7] }
  return { channel: 'ticker', timestamp: match[1] ?? '', sequence: Number(match[2]), events: [{ type: 'update', tickers: [row] }] }
}

/** Reads field by field rather than by schema: every tick of the market comes through here. */
export const readFrame = (text: string): Frame | undefined => matchUpdate(text) ?? parseFrame(text)

const parseFrame = (text: string): Frame | undefined => {
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
  readonly bidQuantity: Quantity | undefined
  readonly askQuantity: Quantity | undefined
}

export const readTickers = (event: unknown): readonly Ticker[] => {
  const rows: unknown = isRecord(event) ? event['tickers'] : undefined
  const tickers: Ticker[] = []
  if (Array.isArray(rows)) {
    for (const row of rows) {
      const ticker = readTicker(row)
      if (ticker !== undefined) tickers.push(ticker)
    }
  }
  return tickers
}

const readTicker = (row: unknown): Ticker | undefined => {
  if (!isRecord(row)) return undefined
  const { product_id: productId, best_bid: bidText, best_ask: askText, best_bid_quantity: bidOf, best_ask_quantity: askOf } = row
  const bid = readPrice(textOf(bidText))
  const ask = readPrice(textOf(askText))
  if (typeof productId !== 'string' || bid === undefined || ask === undefined) return undefined
  return { productId, bid, ask, bidQuantity: readQuantity(textOf(bidOf)), askQuantity: readQuantity(textOf(askOf)) }
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
