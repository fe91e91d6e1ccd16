/**
 * Long lists of one symbol. They are found by time, in windows of at most 24 h, and read on by id, which rises with time
 * (binance-spot.md 5.4): a page that ends in the middle of a millisecond loses nothing.
 */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Reads } from './reads.ts'
import type { Params } from './signed-request.ts'
import { idIn } from './wire.ts'

/** Longest distance of `startTime` and `endTime`. */
const windowMs: Millis = 86_400_000
const pageRows = 1_000
/** Beyond it a list counts as failed, never as complete. */
const mostPages = 400

/** One of the venue's lists. */
export interface HistoryList {
  readonly kind: 'orders' | 'trades'
  readonly path: string
  readonly weight: number
  /** The parameter that asks for this id and those after it, and the field of the id. */
  readonly fromId: 'orderId' | 'fromId'
  readonly id: 'orderId' | 'id'
}

export const allOrders: HistoryList = { kind: 'orders', path: '/allOrders', weight: 20, fromId: 'orderId', id: 'orderId' }
export const myTrades: HistoryList = { kind: 'trades', path: '/myTrades', weight: 20, fromId: 'fromId', id: 'id' }
/** With an order's id the same list costs less. */
const tradesOfOrderWeight = 5

export interface Span {
  readonly from: Millis
  /** The list is complete up to here. */
  readonly to: Millis
}

type Rows = readonly unknown[]

/** Every row of a symbol in a span, and perhaps later ones. */
export const readSpan = async (reads: Reads, list: HistoryList, symbol: string, { from, to }: Span): Promise<Result<Rows>> => {
  for (let start = from, pages = 0; start <= to; start += windowMs, pages += 1) {
    if (pages >= mostPages) return tooLong
    const end = Math.min(start + windowMs - 1, to)
    const page = await readPage(reads, list, [['symbol', symbol], ['startTime', String(start)], ['endTime', String(end)]])
    if (!page.ok || (end === to && page.value.length < pageRows)) return page
    // Whatever is in a later window comes by id, once there is an id to go on from.
    if (page.value.length > 0) return readOn(reads, list, [['symbol', symbol]], page.value)
  }
  return ok([])
}

/** Every execution of one order. */
export const readTradesOfOrder = async (reads: Reads, symbol: string, orderId: string): Promise<Result<Rows>> => {
  const list = { ...myTrades, weight: tradesOfOrderWeight }
  const only: Params = [['symbol', symbol], ['orderId', orderId]]
  const latest = await readPage(reads, list, only)
  if (!latest.ok || latest.value.length < pageRows) return latest
  // Without a time or an id the latest come: a full page may have lost the first.
  const first = await readPage(reads, list, [...only, [list.fromId, '0']])
  return first.ok ? readOn(reads, list, only, first.value) : first
}

/** A first page and all pages behind it, up to one that is not full. */
const readOn = async (reads: Reads, list: HistoryList, filter: Params, first: Rows): Promise<Result<Rows>> => {
  const rows = [...first]
  let highest = highestId(first, list)
  for (let pages = 1; pages < mostPages; pages += 1) {
    if (highest === undefined) return failed({ kind: 'malformed', detail: `GET ${list.path}: a list goes on behind rows without an id` })
    const next = await readPage(reads, list, [...filter, [list.fromId, String(highest + 1n)]])
    if (!next.ok) return next
    rows.push(...next.value)
    if (next.value.length < pageRows) return ok(rows)
    const reached = highestId(next.value, list)
    if (reached !== undefined && reached <= highest) return failed({ kind: 'malformed', detail: `GET ${list.path}: a list repeats itself` })
    highest = reached
  }
  return tooLong
}

const highestId = (rows: Rows, { id }: HistoryList): bigint | undefined =>
  rows.map((row) => idIn(row, id)).reduce<bigint | undefined>((highest, text) => (text === undefined || (highest !== undefined && BigInt(text) <= highest) ? highest : BigInt(text)), undefined)

const readPage = (reads: Reads, { kind, path, weight }: HistoryList, params: Params): Promise<Result<Rows>> =>
  reads.read(kind, { path, params: [...params, ['limit', String(pageRows)]], weight })

const tooLong = failed({ kind: 'malformed', detail: `a list has more than ${mostPages} pages` })
