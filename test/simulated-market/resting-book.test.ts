import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { candlePath } from '../../src/simulated-market/candle-path.ts'
import { depthBehind } from '../../src/simulated-market/depth.ts'
import { takeLiquidity } from '../../src/simulated-market/liquidity.ts'
import type { Quote, Side } from '../../src/simulated-market/market-event.ts'
import { RestingBook, type Execution } from '../../src/simulated-market/resting-book.ts'

const quote = (bid: number, ask: number, bidSize = 10n, askSize = 10n): Quote => ({ bid, ask, bidSize, askSize })

describe('resting orders', () => {
  it('execute whole when the opposite quote comes with enough size (R3)', () => {
    const book = new RestingBook()
    book.add({ id: 'a', side: 'BUY', price: 100, remaining: 4n })
    expect(book.onQuote(quote(101, 102))).toEqual([])
    expect(book.onQuote(quote(99, 100))).toEqual([{ orderId: 'a', price: 100, quantity: 4n }])
    expect(book.size).toBe(0)
  })

  it('execute by the size of the quote, and not twice by the same quote (R3)', () => {
    const book = new RestingBook()
    book.add({ id: 'a', side: 'SELL', price: 100, remaining: 25n })
    expect(book.onQuote(quote(100, 101))).toEqual([{ orderId: 'a', price: 100, quantity: 10n }])
    expect(book.onQuote(quote(100, 101))).toEqual([])
    expect(book.onQuote(quote(101, 102))).toEqual([{ orderId: 'a', price: 100, quantity: 10n }])
    expect(book.onQuote(quote(102, 103))).toEqual([{ orderId: 'a', price: 100, quantity: 5n }])
  })

  it('wait behind the size that was at their price before them (R2)', () => {
    const book = new RestingBook()
    book.onQuote(quote(100, 101, 6n))
    book.add({ id: 'a', side: 'BUY', price: 100, remaining: 3n })
    expect(book.onTrade({ price: 100, quantity: 4n, makerSide: 'BUY' })).toEqual([])
    expect(book.onTrade({ price: 100, quantity: 4n, makerSide: 'BUY' })).toEqual([{ orderId: 'a', price: 100, quantity: 2n }])
    expect(book.onTrade({ price: 100, quantity: 4n, makerSide: 'BUY' })).toEqual([{ orderId: 'a', price: 100, quantity: 1n }])
  })

  it('execute by a print through their price without any queue (R2)', () => {
    const book = new RestingBook()
    book.onQuote(quote(100, 101, 6n))
    book.add({ id: 'a', side: 'BUY', price: 100, remaining: 3n })
    expect(book.onTrade({ price: 99, quantity: 2n, makerSide: 'BUY' })).toEqual([{ orderId: 'a', price: 100, quantity: 2n }])
  })

  it('are not executed by prints of their own side of the market', () => {
    const book = new RestingBook()
    book.add({ id: 'a', side: 'BUY', price: 100, remaining: 3n })
    expect(book.onTrade({ price: 101, quantity: 50n, makerSide: 'SELL' })).toEqual([])
  })

  it('go by price, then by time (R4)', () => {
    const book = new RestingBook()
    for (const [id, price] of [['late', 100], ['best', 101], ['low', 99], ['later', 100]] as const) book.add({ id, side: 'BUY', price, remaining: 4n })
    expect(book.onTrade({ price: 99, quantity: 13n, makerSide: 'BUY' }).map(({ orderId, quantity }) => `${orderId} ${quantity}`)).toEqual(['best 4', 'late 4', 'later 4', 'low 1'])
  })

  it('leave when removed, and the book has a bound', () => {
    const book = new RestingBook(1)
    expect(book.add({ id: 'a', side: 'BUY', price: 100, remaining: 1n })).toBe(true)
    expect(book.add({ id: 'b', side: 'BUY', price: 100, remaining: 1n })).toBe(false)
    expect(book.remove('a')).toBe(true)
    expect(book.remove('a')).toBe(false)
  })
})

const side = fc.constantFrom<Side>('BUY', 'SELL')
const move = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), side, price: fc.integer({ min: 90, max: 110 }), quantity: fc.bigInt({ min: 1n, max: 50n }) }),
  fc.record({ kind: fc.constant('quote' as const), bid: fc.integer({ min: 90, max: 110 }), bidSize: fc.bigInt({ min: 0n, max: 40n }), askSize: fc.bigInt({ min: 0n, max: 40n }) }),
  fc.record({ kind: fc.constant('trade' as const), price: fc.integer({ min: 90, max: 110 }), quantity: fc.bigInt({ min: 1n, max: 60n }), makerSide: side }),
)

describe('properties of matching', () => {
  it('never overfills, never executes worse than the price, bounds a trade by its quantity, keeps price-time priority', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), (moves) => {
        const book = new RestingBook()
        const orders = new Map<string, { side: Side; price: number; left: bigint; age: number }>()
        for (const [age, step] of moves.entries()) {
          let executions: Execution[] = []
          if (step.kind === 'add') {
            orders.set(`o${age}`, { side: step.side, price: step.price, left: step.quantity, age })
            book.add({ id: `o${age}`, side: step.side, price: step.price, remaining: step.quantity })
          } else if (step.kind === 'quote') executions = book.onQuote({ bid: step.bid, ask: step.bid + 1, bidSize: step.bidSize, askSize: step.askSize })
          else executions = book.onTrade(step)
          let total = 0n
          for (const { orderId, price, quantity } of executions) {
            const order = orders.get(orderId)!
            expect(price).toBe(order.price)
            expect(quantity).toBeGreaterThan(0n)
            order.left -= quantity
            total += quantity
            expect(order.left).toBeGreaterThanOrEqual(0n)
            // Whoever has priority over an executed order of the same side has nothing left.
            for (const other of orders.values()) {
              const better = order.side === 'BUY' ? other.price > order.price : other.price < order.price
              if (other.side === order.side && better) expect(other.left).toBe(0n)
              if (step.kind === 'quote' && other.side === order.side && other.price === order.price && other.age < order.age) expect(other.left).toBe(0n)
            }
          }
          if (step.kind === 'trade') expect(total).toBeLessThanOrEqual(step.quantity)
          if (step.kind === 'quote') expect(total).toBeLessThanOrEqual(step.bidSize + step.askSize)
        }
        expect(book.size).toBe([...orders.values()].filter((order) => order.left > 0n).length)
      }),
      { numRuns: 500 },
    )
  })
})

describe('taking liquidity', () => {
  const levels = depthBehind(quote(1000, 1001, 7n, 5n), 'SELL', { spacing: 10, meanSize: 100n, step: 1n, levels: 4 })

  it('has the quote first, then round levels behind it, the same whenever the price comes back', () => {
    expect(levels.map((level) => level.price)).toEqual([1001, 1010, 1020, 1030])
    expect(levels[0]?.size).toBe(5n)
    const moved = depthBehind(quote(1002, 1003), 'SELL', { spacing: 10, meanSize: 100n, step: 1n, levels: 4 })
    expect(moved.slice(1)).toEqual(levels.slice(1))
    expect(depthBehind(quote(12, 13), 'BUY', { spacing: 10, meanSize: 100n, step: 1n, levels: 4 }).map((level) => level.price)).toEqual([12, 10])
  })

  it('walks the book up to the limit', () => {
    expect(takeLiquidity({ side: 'BUY', quantity: 6n, limit: 1001 }, levels)).toEqual([{ price: 1001, quantity: 5n }])
    expect(takeLiquidity({ side: 'BUY', quantity: 6n, limit: undefined }, levels)).toEqual([{ price: 1001, quantity: 5n }, { price: 1010, quantity: 1n }])
    expect(takeLiquidity({ side: 'BUY', quantity: 6n, limit: 1000 }, levels)).toEqual([])
  })
})

describe('the path inside a candle', () => {
  it('touches open, low, high and close in a rising candle, within its time and volume', () => {
    const path = candlePath({ startMs: 1000, lengthMs: 600, open: 100, high: 140, low: 90, close: 130, volume: 1000n })
    const bids = path.flatMap((event) => (event.kind === 'quote' ? [event.quote.bid] : []))
    expect(bids[0]).toBe(100)
    expect(bids.at(-1)).toBe(130)
    expect(Math.min(...bids)).toBe(90)
    expect(Math.max(...bids)).toBe(140)
    expect(bids.indexOf(90)).toBeLessThan(bids.indexOf(140))
    const traded = path.reduce((sum, event) => (event.kind === 'trade' ? sum + event.trade.quantity : sum), 0n)
    expect(traded).toBeLessThanOrEqual(1000n)
    expect(path.every((event) => event.atMs >= 1000 && event.atMs < 1600)).toBe(true)
  })
})
