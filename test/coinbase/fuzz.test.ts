/** No answer and no frame of the venue can make the adapter throw, or believe what it does not say. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cancelOutcome, editOutcome, failureOf, isUnknownOrder, previewOf, sendOutcome } from '../../src/adapters/coinbase/failures.ts'
import { LevelBook } from '../../src/adapters/coinbase/level-book.ts'
import { CandleChannel, ListingChannel, TradeChannel } from '../../src/adapters/coinbase/market-channels.ts'
import { bookOf, candleOf, tradeOf } from '../../src/adapters/coinbase/market-shapes.ts'
import { balancesOf, fillOf, instrumentOf, orderReport, quoteOf, userOrderReport } from '../../src/adapters/coinbase/to-domain.ts'
import { readFrame, readHeartbeat, readTickers, userEvent } from '../../src/adapters/coinbase/frames.ts'
import { readAccount, readBook, readFill, readOrder, readPayload, readProduct, readUserOrder } from '../../src/adapters/coinbase/wire.ts'
import { parseDecimal } from '../../src/domain/decimal.ts'
import type { OrderReport } from '../../src/domain/order.ts'
import { fuzzRuns, hostile, nearly } from '../support/hostile.ts'
import { examples } from './examples.ts'

const id = '6f1c7d0e-0000-4000-8000-000000000001'
const answer = (status: number, text: string) => ({ status, text, tookMs: 1 })
const statuses = fc.constantFrom(200, 200, 200, 400, 401, 403, 404, 418, 429, 500, 503, 301, 0)
const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Runs the property so often as is asked for. */
const always = <T>(input: fc.Arbitrary<T>, holds: (value: T) => void): void => fc.assert(fc.property(input, holds), { numRuns: fuzzRuns })

const isAmount = (text: unknown): boolean => typeof text === 'string' && parseDecimal(text) === text && !text.startsWith('-')
const states = new Set(['pending', 'open', 'filled', 'cancelled', 'expired', 'failed', 'unknown'])

const isReport = (report: OrderReport | undefined): void => {
  if (report === undefined) return
  expect(states.has(report.status)).toBe(true)
  expect(isAmount(report.executed)).toBe(true)
  expect(['buy', 'sell']).toContain(report.side)
  for (const name of [report.venueOrderId, report.instrument]) expect(typeof name === 'string' && name !== '').toBe(true)
  for (const amount of [report.price, report.quantity]) if (amount !== undefined) expect(isAmount(amount)).toBe(true)
}

const inner = (sample: string, find: (value: never) => unknown): string => JSON.stringify(find(JSON.parse(sample) as never))
const orderRow = inner(examples.order, ({ order }: { order: unknown }) => order)
const fillRow = inner(examples.fills, ({ fills }: { fills: unknown[] }) => fills[0])
const userRow = inner(examples.user, ({ events }: { events: { orders: unknown[] }[] }) => events[0]?.orders[0])
const product = '{"product_id":"ETH-USD","base_currency_id":"ETH","quote_currency_id":"USD","base_increment":"0.00000001","price_increment":"0.01","base_min_size":"0.00000001","base_max_size":"1000","quote_min_size":"1","status":"online","is_disabled":false,"product_type":"SPOT"}'
const book = '{"product_id":"ETH-USD","bids":[{"price":"2500.1","size":"1"}],"asks":[{"price":"2500.2","size":"2"}],"time":"2026-09-30T12:00:00Z"}'
const trade = '{"trade_id":"1","product_id":"ETH-USD","price":"2500.1","size":"0.1","time":"2026-09-30T12:00:00Z","side":"BUY","bid":"","ask":""}'
const candle = '{"start":"1790769600","low":"1","high":"3","open":"2","close":"2.5","volume":"10"}'
const edited = '{"success":false,"errors":[{"edit_failure_reason":"ORDER_NOT_FOUND","preview_failure_reason":"UNKNOWN_PREVIEW_FAILURE_REASON"}]}'
const previewed = '{"order_total":"50","commission_total":"0.1","errs":[],"warning":["UNKNOWN"],"quote_size":"50","base_size":"0.001","best_bid":"1","best_ask":"2","is_max":false}'

describe('answers to what was sent', { timeout: 600_000 }, () => {
  test('a create is accepted, refused or there already only where the venue says so', () => {
    always(fc.tuple(statuses, hostile(examples.createAccepted, examples.createRefused)), ([status, text]) => {
      const outcome = sendOutcome(answer(status, text), id)
      const said = json(text) as { success?: unknown; success_response?: { order_id?: unknown; client_order_id?: unknown } } | undefined
      if (outcome.kind === 'accepted') {
        expect([status, said?.success, said?.success_response?.order_id]).toEqual([200, true, outcome.venueOrderId])
        expect([undefined, null, '', id]).toContain(said?.success_response?.client_order_id)
      }
      if (outcome.kind === 'refused') expect(status === 200 ? said?.success : status >= 400 && status < 404).toBe(status !== 200)
      if (outcome.kind === 'exists') expect(text).toContain('DUPLICATE_CLIENT_ORDER_ID')
    })
  })

  test('a cancel and an edit are asked for only where the venue says so', () => {
    always(fc.tuple(statuses, hostile(examples.cancelAnswer)), ([status, text]) => {
      if (cancelOutcome(answer(status, text), 'aaaaaaaa-0000-4000-8000-000000000001').kind === 'requested') expect([status, text.includes('true')]).toEqual([200, true])
    })
    always(fc.tuple(statuses, hostile(edited)), ([status, text]) => {
      if (editOutcome(answer(status, text)).kind === 'requested') expect([status, (json(text) as { success?: unknown }).success]).toEqual([200, true])
    })
  })

  test('every other answer is a failure of one line, bounded', () => {
    always(fc.tuple(statuses, hostile(examples.error, '{"error":"NOT_FOUND","message":"x"}', '{"errors":[{"id":"not_found","message":"y"}]}')), ([status, text]) => {
      const { detail } = failureOf(answer(status, text))
      expect(detail.length).toBeLessThan(600)
      expect(detail).not.toMatch(/[\n\r\0]/)
      isUnknownOrder(answer(status, text))
    })
  })

  test('a preview has figures or a reason', () => {
    always(hostile(previewed), (text) => {
      const preview = previewOf(answer(200, text))
      if (preview?.kind === 'possible') expect([parseDecimal(preview.fee), parseDecimal(preview.total)]).toEqual([preview.fee, preview.total])
    })
  })
})

describe('rows', { timeout: 600_000 }, () => {
  test('an order is reported in our words, or not at all', () => {
    always(hostile(orderRow), (text) => {
      const row = readOrder(json(text))
      const report = row === undefined ? undefined : orderReport(row)
      isReport(report)
      if (report?.status === 'filled') expect((json(text) as { status?: unknown }).status).toBe('FILLED')
    })
    always(hostile(userRow), (text) => {
      const row = readUserOrder(json(text))
      isReport(row === undefined ? undefined : userOrderReport(row))
    })
  })

  test('a fill has amounts above zero, a side and a time, or is none', () => {
    always(hostile(fillRow), (text) => {
      const row = readFill(json(text))
      const fill = row === undefined ? undefined : fillOf(row)
      if (fill === undefined) return
      for (const amount of [fill.price, fill.quantity]) expect(Number(amount)).toBeGreaterThan(0)
      expect(parseDecimal(fill.fee) === fill.fee && Number.isSafeInteger(fill.at) && ['maker', 'taker', 'unknown'].includes(fill.liquidity)).toBe(true)
    })
  })

  test('instruments, books, quotes, trades, candles and balances are whole, or none', () => {
    always(hostile(product), (text) => {
      const row = readProduct(json(text))
      const instrument = row === undefined ? undefined : instrumentOf(row)
      if (instrument !== undefined) for (const step of [instrument.tick, instrument.step]) expect(Number(step)).toBeGreaterThan(0)
    })
    always(hostile(book), (text) => {
      const row = readBook(json(text))
      const read = row === undefined ? undefined : bookOf(row, 'ETH-USD', 5)
      for (const { price, quantity } of [...(read?.bids ?? []), ...(read?.asks ?? [])]) expect([Number(price) > 0, isAmount(quantity)]).toEqual([true, true])
      const quote = row === undefined ? undefined : quoteOf(row, 'ETH-USD', 5)
      if (quote !== undefined) expect([Number(quote.bid) > 0, Number(quote.ask) > 0, Number.isFinite(quote.at)]).toEqual([true, true, true])
    })
    always(hostile(trade), (text) => {
      const read = tradeOf(json(text), 'ETH-USD')
      if (read !== undefined) expect([Number(read.price) > 0, ['buy', 'sell'].includes(read.taker)]).toEqual([true, true])
    })
    always(hostile(candle), (text) => {
      const read = candleOf(json(text))
      if (read !== undefined) expect(Number(read.low)).toBeLessThanOrEqual(Number(read.high))
    })
    always(hostile(examples.account), (text) => {
      const row = readAccount(json(text))
      for (const { free, held } of (row === undefined ? undefined : balancesOf([row])) ?? []) expect([parseDecimal(free), parseDecimal(held)]).toEqual([free, held])
    })
  })

  test.each(['time', 'orders', 'fills', 'accounts', 'products', 'books', 'book', 'fees', 'permissions', 'trades', 'candles'] as const)('an answer to %s is read or not, and never thrown at', (kind) => {
    always(hostile(examples.fills, examples.order, previewed), (text) => void readPayload(kind, text))
  })
})

test('frames are read or not, whatever is in them', { timeout: 600_000 }, () => {
  const { createRequest: _create, cancelRequest: _cancel, createAccepted: _accepted, createRefused: _refused, cancelAnswer: _cancelled, order: _order, fills: _fills, account: _account, ...frames } = examples
  always(hostile(...Object.values(frames)), (text) => {
    const frame = readFrame(text)
    if (frame === undefined || 'error' in frame) return
    for (const event of frame.events) {
      for (const { bid, ask } of readTickers(event)) expect([Number(bid) > 0, Number(ask) > 0]).toEqual([true, true])
      readHeartbeat(event)
      for (const row of userEvent(event).orders) {
        const read = readUserOrder(row)
        isReport(read === undefined ? undefined : userOrderReport(read))
      }
    }
  })
})

test('a ticker says the same whether it is matched or parsed: no space is matched, and every JSON may begin with one', { timeout: 600_000 }, () => {
  const said = (text: string): unknown => {
    const frame = readFrame(text)
    return frame === undefined || 'error' in frame || frame.channel !== 'ticker' ? frame : { ...frame, events: frame.events.map(readTickers) }
  }
  expect(said(examples.ticker)).toMatchObject({ sequence: 5, events: [[{ productId: 'ETH-USD', bid: '2500', ask: '2500.2', bidQuantity: '3', askQuantity: '1.25' }]] })
  always(fc.oneof(hostile(examples.ticker), nearly(examples.ticker)), (text) => {
    expect(said(text)).toEqual(said(` ${text}`))
  })
})

test('a ticker with a million fields is read', () => {
  const fields = '"a":"1",'.repeat(1_000_000)
  const frame = readFrame(examples.ticker.replace('"price"', `${fields}"price"`))
  expect(frame !== undefined && 'events' in frame && frame.events.flatMap(readTickers)).toHaveLength(1)
})

test('a channel tells what is sound, and a book is ordered or unknown, whatever is in their frames', { timeout: 600_000 }, () => {
  const isOpen = () => true
  const targets = new Map([['ETH-USD', ['ETH-USD']]])
  const trades = new TradeChannel(targets, ({ price, quantity, taker }) => expect([Number(price) > 0, isAmount(quantity), taker === 'buy' || taker === 'sell']).toEqual([true, true, true]))
  const candles = new CandleChannel(targets, (_instrument, { low, high }) => expect(Number(low)).toBeLessThanOrEqual(Number(high)))
  const listings = new ListingChannel(targets, (instrument) => expect(instrument).toBe('ETH-USD'))
  always(hostile(examples.l2Snapshot, examples.l2Update, examples.marketTrades, examples.candles, examples.status), (text) => {
    const frame = readFrame(text)
    if (frame === undefined || 'error' in frame) return
    for (const channel of [trades, candles, listings]) channel.take(frame, isOpen)
    const book = new LevelBook('ETH-USD')
    for (const event of frame.events as readonly ({ updates?: readonly unknown[] } | null)[]) {
      const rows = Array.isArray(event?.updates) ? event.updates : []
      expect(book.begin(rows)).toBe(book.isLive)
      const { bids, asks } = book.top(1)
      if (book.isLive) expect(Number(bids[0]?.price)).toBeLessThan(Number(asks[0]?.price))
    }
  })
})
