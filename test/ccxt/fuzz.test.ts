/** Nothing that the library answers or throws makes the adapter throw, or believe what was not said. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDecimal } from '../../src/domain/decimal.ts'
import type { Fill, OrderReport } from '../../src/domain/order.ts'
import { approved } from '../support/venue-hosts.ts'
import { fuzzRuns, hostile } from '../support/hostile.ts'
import { anotherName, buy, exchangeWith, instrument, market, orderRow, ownName, smallVenue, symbol, tradeRow } from './structural.ts'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
const throws = (): never => {
  throw new Error('do not look')
}
const trap = new Proxy({}, { get: throws, ownKeys: throws, getPrototypeOf: throws, has: throws })
const trapped = { id: 'A1', get symbol(): string { return throws() }, get clientOrderId(): string { return throws() } }
const oddities: readonly unknown[] = [undefined, null, NaN, 0, '', [], {}, trap, [trap], [trapped], trapped, { [symbol]: trap }, { free: trap, used: {} }, [[NaN]], Symbol('odd'), () => undefined, new Map(), JSON.parse('{"then":1}'), 10n]

/** Answers of every hostile kind around the given good one; made late, since nobody else may look at some of them. */
const answers = (good: unknown): fc.Arbitrary<() => unknown> =>
  fc.oneof({ weight: 8, arbitrary: hostile(JSON.stringify(good)).map((text) => () => parsed(text)) }, { weight: 2, arbitrary: fc.nat({ max: oddities.length - 1 }).map((index) => () => oddities[index]) })

/** Each call is made with such an answer, and with it thrown. */
const always = (good: unknown, holds: (answer: () => Promise<unknown>, said: unknown) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(answers(good), fc.boolean(), async (make, isThrown) => {
    const said = make()
    await holds(async () => {
      if (isThrown) throw said
      return said
    }, isThrown ? undefined : said)
  }), { numRuns: fuzzRuns })

const isAmount = (text: unknown): boolean => typeof text === 'string' && parseDecimal(text) === text && !text.startsWith('-')
const words: Readonly<Record<string, string>> = { filled: 'closed', cancelled: 'canceled', expired: 'expired', failed: 'rejected' }
const get = (row: unknown, field: string): unknown => (typeof row === 'object' && row !== null ? (row as Record<string, unknown>)[field] : undefined)

/** What is said of an order is what its row says. */
const isSaidBy = (report: OrderReport, rows: readonly unknown[]): void => {
  expect([isAmount(report.executed), ['buy', 'sell'].includes(report.side), report.instrument]).toEqual([true, true, instrument])
  const row = rows.find((one) => `${instrument}:${String(get(one, 'id'))}` === report.venueOrderId)
  expect(row).toBeDefined()
  const own = rows.filter((one) => get(one, 'id') === get(row, 'id'))
  if (words[report.status] !== undefined) expect(own.map((one) => get(one, 'status'))).toContain(words[report.status])
  if (report.status === 'filled') expect(report.executed).toBe(report.quantity)
}
const rowsOf = (said: unknown): readonly unknown[] => (Array.isArray(said) ? said : [said])

describe('whatever ccxt answers', { timeout: 600_000 }, () => {
  test('a create is accepted only with an order id of its own', async () => {
    await always(orderRow(), async (createOrder, said) => {
      const { venue } = smallVenue(exchangeWith({ createOrder }))
      const outcome = await venue.create({ request: approved(buy()), claimedAt: venue.now() })
      expect(['accepted', 'unknown']).toContain(outcome.kind)
      if (outcome.kind === 'accepted') expect([`${instrument}:${String(get(said, 'id'))}`, [undefined, null, '', ownName].includes(get(said, 'clientOrderId') as string)]).toEqual([outcome.venueOrderId, true])
    })
  })

  test('an order is in no state that was not told', async () => {
    await always(orderRow({ status: 'closed', filled: '0.5' }), async (fetchOrder, said) => {
      const { venue } = smallVenue(exchangeWith({ fetchOrder }))
      const read = await venue.order('BTC-USD:A1')
      if (read.ok && read.value !== undefined) isSaidBy(read.value, [said])
      expect(read.ok && read.value === undefined).toBe(false)
    })
  })

  test('lists of orders hold what was told, and an absence is never made of nonsense', async () => {
    await always([orderRow({ clientOrderId: anotherName }), orderRow({ id: 'A2' })], async (fetchOrders, said) => {
      const { venue } = smallVenue(exchangeWith({ fetchOrders, fetchOpenOrders: async () => [orderRow({ id: 'A3', clientOrderId: anotherName })] }))
      const since = await venue.ordersSince(0)
      if (since.ok) for (const report of since.value.orders) if (report.venueOrderId !== 'BTC-USD:A3') isSaidBy(report, rowsOf(said))
      const found = await venue.findByClientOrderId(ownName, 0)
      if (found.ok && found.value === undefined) {
        expect(Array.isArray(said)).toBe(true)
        for (const row of rowsOf(said)) expect([typeof get(row, 'clientOrderId'), get(row, 'clientOrderId') === ownName]).toEqual(['string', false])
      }
    })
  })

  test('fills are whole or unread', async () => {
    const isFill = ({ quantity, price, fee, tradeId, venueOrderId, feeAsset }: Fill): void => {
      expect([isAmount(quantity), isAmount(price), isAmount(fee), Number(quantity) > 0, Number(price) > 0]).toEqual([true, true, true, true, true])
      for (const name of [tradeId, venueOrderId, feeAsset]) expect(name).toMatch(/^[^]+$/)
    }
    await always([tradeRow()], async (fetchMyTrades) => {
      const { venue } = smallVenue(exchangeWith({ fetchMyTrades, fetchOrder: async () => orderRow() }))
      const all = await venue.fillsSince(0)
      if (all.ok) all.value.fills.forEach((fill) => isFill(fill))
      const own = await venue.fillsOf('BTC-USD:A1')
      if (own.ok) for (const fill of own.value) expect(fill.venueOrderId).toBe('BTC-USD:A1')
    })
  })

  test('balances, fee rates and instruments are exact or a failure', async () => {
    await always({ free: { BTC: '1' }, used: { BTC: '0' } }, async (fetchBalance) => {
      const read = await smallVenue(exchangeWith({ fetchBalance })).venue.balances()
      if (read.ok) for (const { free, held } of read.value) expect([isAmount(free), isAmount(held)]).toEqual([true, true])
    })
    await always({ [symbol]: { maker: '0.001', taker: '0.002' } }, async (fetchTradingFees) => {
      const read = await smallVenue(exchangeWith({ fetchTradingFees })).venue.feeRates()
      if (read.ok) expect([isAmount(read.value.maker), isAmount(read.value.taker)]).toEqual([true, true])
    })
    await always({ [symbol]: market }, async (loadMarkets) => {
      const read = await smallVenue(exchangeWith({ loadMarkets })).venue.instruments()
      if (read.ok) for (const { tick, step, maxQuantity } of read.value) expect([isAmount(tick), isAmount(step), Number(tick) > 0, Number(step) > 0, Number(maxQuantity) > 0]).toEqual([true, true, true, true, true])
    })
  })

  test('prices are prices or none', async () => {
    await always({ [symbol]: { symbol, bid: '1', ask: '2' } }, async (fetchTickers) => {
      const read = await smallVenue(exchangeWith({ fetchTickers })).venue.quotes([instrument])
      if (read.ok) for (const { bid, ask } of read.value) expect([isAmount(bid), isAmount(ask), Number(bid) > 0, Number(ask) > 0]).toEqual([true, true, true, true])
    })
    await always({ bids: [[1.5, 2]], asks: [[2.5, 1]], timestamp: 1_700_000_000_000 }, async (fetchOrderBook) => {
      const read = await smallVenue(exchangeWith({ fetchOrderBook })).venue.book(instrument, 5)
      if (read.ok) for (const { price, quantity } of [...read.value.bids, ...read.value.asks]) expect([isAmount(price), Number(price) > 0, isAmount(quantity)]).toEqual([true, true, true])
    })
    await always([{ id: '1', side: 'buy', price: '1', amount: '2', timestamp: 1_700_000_000_000 }], async (fetchTrades) => void (await smallVenue(exchangeWith({ fetchTrades })).venue.trades(instrument, 5)))
    await always([[1_700_000_000_000, '1', '3', '0.5', '2', '7']], async (fetchOHLCV) => {
      const read = await smallVenue(exchangeWith({ fetchOHLCV, timeframes: { '1m': '1m' } })).venue.candles(instrument, '1m', { from: 1_700_000_000_000, to: 1_700_000_060_000 })
      if (read.ok) for (const { low, high } of read.value) expect(Number(low)).toBeLessThanOrEqual(Number(high))
    })
    await always(1_700_000_000_000, async (fetchTime) => {
      const read = await smallVenue(exchangeWith({ fetchTime })).venue.clockOffset()
      if (read.ok) expect(Number.isSafeInteger(read.value)).toBe(true)
    })
  })
})
