import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffOf, snapshotOf } from '../../src/adapters/binance/book-rows.ts'
import { executionReport } from '../../src/adapters/binance/execution-report.ts'
import { cancelOutcome, failureOf, isClockSkew, isUnknownOrder, sendOutcome } from '../../src/adapters/binance/failures.ts'
import { readBookTicker, readFrame } from '../../src/adapters/binance/frames.ts'
import { parseExactly } from '../../src/adapters/binance/json.ts'
import { readKline, readStreamTrade } from '../../src/adapters/binance/market-shapes.ts'
import { formatVenueName, parseVenueName } from '../../src/adapters/binance/names.ts'
import { accountFills, accountOrders, fillResult, reportOf } from '../../src/adapters/binance/order-rows.ts'
import { KeyError, loadKey, readKeyFile } from '../../src/adapters/binance/sign.ts'
import { balanceOf, feeRatesOf, instrumentOf, quoteOf } from '../../src/adapters/binance/to-domain.ts'
import { clientOrderIdOf, idIn, readBalance, readLimit, readPayload, readSymbol, readTicker, type Payloads } from '../../src/adapters/binance/wire.ts'
import type { HttpAnswer } from '../../src/adapters/venue-kit/transport.ts'
import { compare, isPositive, parseDecimal, zero } from '../../src/domain/decimal.ts'
import { nearly } from '../support/hostile.ts'
import { symbolRow, exchangeInfo } from './support.ts'

const combinedTicker = { stream: 'btcusdt@bookTicker', data: { u: 400900217, s: 'BTCUSDT', b: '25.35190000', B: '31.21000000', a: '25.36520000', A: '40.66000000' } }

/** Good messages, from which bad ones are made. */
const samples: readonly object[] = [
  { symbol: 'BTCUSDT', orderId: 28, orderListId: -1, clientOrderId: 'c1', transactTime: 1507725176595, price: '0.1', origQty: '1.0', executedQty: '0.5', status: 'PARTIALLY_FILLED', side: 'BUY', time: 1499827319559, expiryReason: 'NONE' },
  { symbol: 'BTCUSDT', id: 28457, orderId: 28, price: '4.00000100', qty: '12.00000000', commission: '10.10000000', commissionAsset: 'BNB', time: 1499865549590, isBuyer: true, isMaker: false },
  { code: -2010, msg: 'Account has insufficient balance for requested action.' },
  { code: -1003, msg: 'Way too much request weight used; IP banned until 1659146400000.', data: { serverTime: 1, retryAfter: 2 } },
  { uid: 354937868, canTrade: true, canWithdraw: true, balances: [{ asset: 'BTC', free: '4723846.89208129', locked: '0.00000000' }] },
  { standardCommission: { maker: '0.001', taker: '0.001', buyer: '0', seller: '0' }, specialCommission: { maker: '0', taker: '0', buyer: '0', seller: '0' } },
  { lastUpdateId: 1027024, bids: [['4.00000000', '431.00000000']], asks: [['4.00000200', '12.00000000']] },
  { serverTime: 1499827319559 },
  { u: 400900217, s: 'BTCUSDT', b: '25.35190000', B: '31.21000000', a: '25.36520000', A: '40.66000000' },
  combinedTicker,
  { stream: 'btcusdt@depth', data: { e: 'depthUpdate', E: 1672515782136, s: 'BTCUSDT', U: 157, u: 160, b: [['0.0024', '10']], a: [['0.0026', '100']] } },
  { stream: 'btcusdt@trade', data: { e: 'trade', E: 1672515782136, s: 'BTCUSDT', t: 12345, p: '0.001', q: '100', T: 1672515782136, m: true, M: true } },
  { stream: 'btcusdt@kline_5m', data: { e: 'kline', E: 1672515782136, s: 'BTCUSDT', k: { t: 1672515780000, o: '0.0010', h: '0.0025', l: '0.0010', c: '0.0020', v: '1000', x: false } } },
  { subscriptionId: 0, event: { e: 'executionReport', s: 'BTCUSDT', c: 'mine', S: 'BUY', q: '1.0', p: '0.1', C: '', x: 'TRADE', X: 'FILLED', r: 'NONE', i: 4293153, z: '1.0', O: 1499405658657 } },
  { id: 7, status: 200, result: { subscriptionId: 0 }, rateLimits: [] },
  { error: { code: 2, msg: 'Invalid request: invalid stream' }, id: 2 },
  { symbol: 'LTCBTC', bidPrice: '4.00000000', bidQty: '431.00000000', askPrice: '4.00000200', askQty: '9.00000000' },
  symbolRow('BTC'),
  exchangeInfo,
]

const hostile = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e308, 2 ** 53, '', '0', '-0', '-1', 'NaN', 'Infinity', '1e5', '0x10', '1'.repeat(500), '١', '__proto__', [], {}, [[]], '\u0000', '\uD800', 'FILLED', 'CANCELED', 'BUY'),
  fc.jsonValue({ maxDepth: 3 }),
)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A sample in which some values, at any depth, are replaced or gone. */
const bent = (value: unknown, draw: (bound: number) => number, other: () => unknown): unknown => {
  if (draw(9) === 0) return other()
  if (Array.isArray(value)) return value.flatMap((one: unknown) => (draw(15) === 0 ? [] : [bent(one, draw, other)]))
  return isRecord(value) ? Object.fromEntries(Object.entries(value).flatMap(([name, one]) => (draw(15) === 0 ? [] : [[name, bent(one, draw, other)]]))) : value
}

const bentText = fc.tuple(fc.constantFrom(...samples), fc.infiniteStream(fc.nat()), fc.infiniteStream(hostile)).map(([sample, numbers, others]) => JSON.stringify(bent(sample, (bound) => (numbers.next().value ?? 0) % bound, () => others.next().value)) ?? 'null')
const cut = fc.tuple(fc.constantFrom(...samples), fc.double({ min: 0, max: 1, noNaN: true })).map(([sample, share]) => JSON.stringify(sample).slice(0, Math.floor(JSON.stringify(sample).length * share)))
const struck = fc.tuple(fc.constantFrom(...samples), fc.nat(), fc.string({ maxLength: 4 })).map(([sample, place, text]) => {
  const whole = JSON.stringify(sample)
  const at = place % whole.length
  return whole.slice(0, at) + text + whole.slice(at + 1)
})
const messages = fc.oneof({ weight: 5, arbitrary: bentText }, cut, struck, fc.string(), fc.json(), fc.string({ unit: 'binary' }))
const kinds: readonly (keyof Payloads)[] = ['time', 'exchangeInfo', 'tickers', 'order', 'orders', 'trades', 'account', 'commission', 'depth']
const statuses = fc.constantFrom(200, 200, 200, 400, 401, 403, 404, 408, 409, 418, 429, 451, 500, 503)
const answerOf = (status: number, text: string): HttpAnswer => ({ status, text, tookMs: 1 })
const instrumentNamed = (symbol: string): string | undefined => (symbol === 'BTCUSDT' ? 'BTC-USDT' : undefined)

const runs = { numRuns: Number(process.env['NIGHTDESK_FUZZ'] ?? '2000') }

const isAmount = (text: string): boolean => parseDecimal(text) === text && compare(parseDecimal(text) ?? zero, zero) >= 0

describe('whatever the venue sends', () => {
  test('no answer is read as something it does not say', () => {
    fc.assert(
      fc.property(statuses, messages, (status, text) => {
        const body = parseExactly(text)
        const outcome = sendOutcome(answerOf(status, text), { instrument: 'BTC-USDT', symbol: 'BTCUSDT', clientOrderId: 'c1' })
        if (outcome.kind === 'accepted') {
          expect(status).toBe(200)
          expect(body).toMatchObject({ symbol: 'BTCUSDT', clientOrderId: 'c1' })
          expect(isRecord(body) && outcome.venueOrderId === `BTC-USDT:${String(body['orderId'])}`).toBe(true)
        }
        if (outcome.kind === 'refused' || outcome.kind === 'exists') {
          expect([400, 401, 403, 418, 429]).toContain(status)
          expect(isRecord(body) && (typeof body['code'] === 'number' || outcome.kind === 'exists')).toBe(true)
        }
        const cancel = cancelOutcome(answerOf(status, text), { instrument: 'BTC-USDT', id: '28' })
        if (cancel.kind === 'requested') expect(isRecord(body) && String(body['orderId'])).toBe('28')
        const failure = failureOf(answerOf(status, text))
        expect(failure.detail).not.toMatch(/\p{Cc}/u)
        expect(failure.detail.length).toBeLessThan(300)
        if (isUnknownOrder(answerOf(status, text))) expect(status).toBe(400)
        if (isClockSkew(answerOf(status, text))) expect(status).not.toBe(200)
      }),
      runs,
    )
  })

  test('every payload and row can be read or refused, and what is read is sound', () => {
    fc.assert(
      fc.property(messages, (text) => {
        for (const kind of kinds) readPayload(kind, text)
        const row = parseExactly(text)
        const report = reportOf(row, 'BTC-USDT')
        if (report.ok) {
          expect(isAmount(report.value.executed)).toBe(true)
          expect(report.value.status === 'filled' && report.value.executed === '0').toBe(false)
          expect(parseVenueName(report.value.venueOrderId)).toEqual({ instrument: 'BTC-USDT', id: expect.stringMatching(/^\d+$/) as string })
        }
        const fill = fillResult(row, 'BTC-USDT')
        if (fill.ok) expect([fill.value.quantity, fill.value.price].every((amount) => isAmount(amount) && isPositive(amount)) && isAmount(fill.value.fee) && fill.value.at > 0).toBe(true)
        const orders = accountOrders([{ row, instrument: 'BTC-USDT' }])
        const fills = accountFills([{ row, instrument: 'BTC-USDT' }])
        expect([orders.orders.length + orders.unread.length, fills.fills.length + fills.unread.length]).toEqual([1, 1])
        clientOrderIdOf(row)
        idIn(row, 'orderId')
        readLimit(row)
      }),
      runs,
    )
  })

  test('instruments, quotes, balances and rates are sound or none', () => {
    fc.assert(
      fc.property(messages, (text) => {
        const row = parseExactly(text)
        const symbol = readSymbol(row)
        const instrument = symbol === undefined ? undefined : instrumentOf(symbol)
        if (instrument !== undefined) expect([instrument.tick, instrument.step].every((amount) => isPositive(amount))).toBe(true)
        const ticker = readTicker(row)
        const quote = ticker === undefined ? undefined : quoteOf(ticker, 'BTC-USDT', 1)
        if (quote !== undefined) expect([quote.bid, quote.ask].every((amount) => isAmount(amount) && isPositive(amount))).toBe(true)
        const balance = readBalance(row)
        if (balance !== undefined) balanceOf(balance)
        const commission = readPayload('commission', text)
        if (commission !== undefined) feeRatesOf(commission)
        const depth = readPayload('depth', text)
        if (depth !== undefined) snapshotOf(depth)
      }),
      runs,
    )
  })

  test('every frame can be read or refused, and an order or a price in it is sound', () => {
    fc.assert(
      fc.property(messages, (text) => {
        const frame = readFrame(text)
        if (frame?.kind !== 'event') return
        const ticker = readBookTicker(frame.data)
        if (ticker !== undefined) expect([ticker.bid, ticker.ask].every((amount) => isAmount(amount) && isPositive(amount))).toBe(true)
        const report = executionReport(frame.data, instrumentNamed)
        if (report !== undefined) {
          expect(report.instrument).toBe('BTC-USDT')
          expect(isAmount(report.executed)).toBe(true)
          expect(report.status === 'filled' && report.executed === '0').toBe(false)
        }
        const trade = readStreamTrade(frame.data, 'BTC-USDT')
        if (trade !== undefined) expect(isPositive(trade.price) && isAmount(trade.quantity)).toBe(true)
        const kline = readKline(frame.data)
        if (kline !== undefined) expect(Number(kline.candle.low)).toBeLessThanOrEqual(Number(kline.candle.high))
        const diff = diffOf(frame.data)
        if (diff !== undefined) expect([...diff.bids, ...diff.asks].every(([at, of]) => isPositive(at) && isAmount(of)) && diff.lastId >= diff.firstId).toBe(true)
      }),
      runs,
    )
  })

  test('a ticker says the same whether it is matched or parsed: no space is matched, and every JSON may begin with one', () => {
    expect(readFrame(JSON.stringify(combinedTicker))).toEqual({ kind: 'event', type: undefined, ...combinedTicker })
    fc.assert(
      fc.property(messages, nearly(JSON.stringify(combinedTicker)), (any, ticker) => {
        for (const text of [any, ticker]) expect(readFrame(text)).toEqual(readFrame(` ${text}`))
      }),
      runs,
    )
  })

  test.each([
    ['a tower of brackets', '['.repeat(200_000)],
    ['a tower that ends', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['a tower around a long number', `${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`],
    ['a text of megabytes', JSON.stringify({ symbol: 'x'.repeat(5_000_000), orderId: 1, executedQty: '1', side: 'BUY' })],
    ['a number of megabytes', `{"orderId":${'9'.repeat(1_000_000)}}`],
    ['a decimal of megabytes', JSON.stringify({ symbol: 'BTCUSDT', orderId: 1, executedQty: '1'.repeat(1_000_000), side: 'BUY' })],
    ['a list of a million', `[${'1,'.repeat(1_000_000)}1]`],
  ])('%s is survived', (_name, text) => {
    readFrame(text)
    for (const kind of kinds) readPayload(kind, text)
    expect(reportOf(parseExactly(text), 'BTC-USDT').ok).toBe(text.includes('xxx'))
    expect(sendOutcome(answerOf(200, text), { instrument: 'BTC-USDT', symbol: 'BTCUSDT', clientOrderId: 'c1' }).kind).toBe('unknown')
  })
})

test('ids keep every digit, and names lead back to what they were made of', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (id) => {
    expect(String((parseExactly(`{"orderId":${id}}`) as { orderId: unknown }).orderId)).toBe(String(id))
  }))
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), fc.bigInt({ min: 0n, max: 10n ** 19n - 1n }), (instrument, id) => {
      const name = { instrument, id: String(id) }
      expect(parseVenueName(formatVenueName(name))).toEqual(name)
    }),
  )
})

test('whatever is pasted as a key is a key or a reason why it is none', () => {
  const paste = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String({ minLength: 30, maxLength: 2_000 }), fc.base64String({ maxLength: 1_600 }).map((body) => `-----BEGIN PRIVATE KEY-----${body}-----END PRIVATE KEY-----`), fc.base64String().map((body) => `MC4CAQAwBQYDK2VwBCIEI${body}`))
  const onlyKeyErrors = (task: () => unknown): void => {
    try {
      task()
    } catch (error) {
      expect(error).toBeInstanceOf(KeyError)
    }
  }
  fc.assert(
    fc.property(paste, paste, (apiKey, secret) => {
      onlyKeyErrors(() => loadKey({ apiKey, secret }))
      onlyKeyErrors(() => readKeyFile(secret))
    }),
    runs,
  )
})
