/** Messages of the venue's sockets: market streams and the WebSocket API (binance-spot.md 4.1, 6.1, 6.3). */
import { z } from 'zod'
import type { Price, Quantity } from '../../domain/decimal.ts'
import { isRecord, reader, readPrice, readQuantity, textOf } from '../venue-kit/reading.ts'
import { parseExactly } from './json.ts'
import { errorOf, id, type ErrorBody } from './wire.ts'

/** The answer to a request of ours; `id` is undefined where it names none. */
export interface AnswerFrame {
  readonly kind: 'answer'
  readonly id: number | undefined
  /** HTTP-like, where it is told (4.1). */
  readonly status: number | undefined
  /** Undefined when the venue did what was asked. */
  readonly error: ErrorBody | undefined
  readonly result: unknown
  /** Venue time until which it wants silence (4.1). */
  readonly retryAt: number | undefined
}

export interface EventFrame {
  readonly kind: 'event'
  /** The event's type; undefined where it has none, as on `bookTicker` (6.2). */
  readonly type: string | undefined
  /** The combined stream's name. */
  readonly stream: string | undefined
  readonly data: Readonly<Record<string, unknown>>
}

export type Frame = AnswerFrame | EventFrame

/** The combined stream's `bookTicker` to the letter (6.2). Numbers of up to 15 digits are whole in JavaScript. */
const bookTicker = /^\{"stream":"([a-z0-9]+@bookTicker)","data":\{"u":(0|[1-9]\d{0,14}),"s":"([A-Z0-9]+)","b":"([\d.]+)","B":"([\d.]+)","a":"([\d.]+)","A":"([\d.]+)"\}\}$/

/** Nearly every frame of a market is such a ticker. Matching costs less than half of parsing, and what does not match is parsed. */
const matchTicker = (text: string): EventFrame | undefined => {
  const match = bookTicker.exec(text)
  return match === null ? undefined : { kind: 'event', type: undefined, stream: match[1], data: { u: Number(match[2]), s: match[3], b: match[4], B: match[5], a: match[6], A: match[7] } }
}

/** Reads field by field rather than by schema: every tick of the market comes through here. */
export const readFrame = (text: string): Frame | undefined => matchTicker(text) ?? parseFrame(text)

const parseFrame = (text: string): Frame | undefined => {
  const body = parseExactly(text)
  if (!isRecord(body) || Array.isArray(body)) return undefined
  if (isRecord(body['data']) && typeof body['stream'] === 'string') return eventOf(body['data'], body['stream'])
  if (isRecord(body['event'])) return eventOf(body['event'], undefined)
  return isAnswer(body) ? answerOf(body) : eventOf(body, undefined)
}

const eventOf = (data: Record<string, unknown>, stream: string | undefined): EventFrame => ({ kind: 'event', type: textOf(data['e']), stream, data })

/** Errors come wrapped, bare, with an id or without (6.1). */
const isAnswer = (body: Record<string, unknown>): boolean => isRecord(body['error']) || ('id' in body && ('result' in body || 'status' in body || 'code' in body)) || ('code' in body && 'msg' in body)

const answerOf = (body: Record<string, unknown>): AnswerFrame => {
  const { id, status, result } = body
  const error = isRecord(body['error']) ? body['error'] : 'code' in body && 'msg' in body ? body : undefined
  const data = error?.['data']
  const retryAt = isRecord(data) ? data['retryAfter'] : undefined
  const failed = error !== undefined || (typeof status === 'number' && status !== 200)
  return {
    kind: 'answer',
    id: typeof id === 'number' ? id : undefined,
    status: typeof status === 'number' ? status : undefined,
    error: failed ? errorOf(error) : undefined,
    result,
    retryAt: typeof retryAt === 'number' ? retryAt : undefined,
  }
}

/** The best prices of a symbol (6.2). */
export interface BookTicker {
  readonly symbol: string
  /** Rises with every change of the book. */
  readonly updateId: number
  readonly bid: Price
  readonly ask: Price
  readonly bidQuantity: Quantity | undefined
  readonly askQuantity: Quantity | undefined
}

export const readBookTicker = ({ u: updateId, s: symbol, b, B, a, A }: EventFrame['data']): BookTicker | undefined => {
  const bid = readPrice(textOf(b))
  const ask = readPrice(textOf(a))
  if (typeof symbol !== 'string' || typeof updateId !== 'number' || bid === undefined || ask === undefined) return undefined
  return { symbol, updateId, bid, ask, bidQuantity: readQuantity(textOf(B)), askQuantity: readQuantity(textOf(A)) }
}

const maybe = z
  .unknown()
  .optional()
  .transform((value) => textOf(value))

/** An `executionReport`, as far as it speaks of the order and not of one execution (6.3). */
const executionSchema = z.object({
  s: z.string().min(1),
  i: id,
  c: maybe,
  C: maybe,
  S: z.enum(['BUY', 'SELL']),
  X: maybe,
  z: z.string().min(1),
  p: maybe,
  q: maybe,
  r: maybe,
  eR: maybe,
  O: z.number().int().positive().optional().catch(undefined),
})
export const readExecution = reader(executionSchema)

const level = z.tuple([z.string(), z.string()], z.unknown())
const diffSchema = z.object({ s: z.string().min(1), U: z.number().int().nonnegative(), u: z.number().int().nonnegative(), b: z.array(level), a: z.array(level) })

/** A change of a book, before its levels are read (6.2). */
export type DiffRow = z.infer<typeof diffSchema>
export const readDiff = reader(diffSchema)
