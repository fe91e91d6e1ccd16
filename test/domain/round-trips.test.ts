import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { performanceOf, tradeHash } from '../../src/app/performance.ts'
import { money, quantity } from '../../src/domain/decimal.ts'
import type { TradePairRecord } from '../../src/domain/records.ts'
import { dustByInstrument, realisedCurve } from '../../src/domain/round-trips.ts'

const day = 86_400_000

const trip = (over: Partial<Record<'pairId' | 'instrument' | 'bought' | 'held' | 'sold' | 'cost' | 'proceeds' | 'fees', string>> & { readonly closedAt?: number } = {}): TradePairRecord => {
  const { pairId = 'a', instrument = 'BTC-USD', bought = '1', held = bought, sold = held, cost = '100', proceeds = '101', fees = '0.5', closedAt = day } = over
  return { pairId, instrument, strategy: 'ladder', bought: quantity(bought), held: quantity(held), sold: quantity(sold), cost: money(cost), proceeds: money(proceeds), fees: money(fees), minSellPrice: null, openedAt: 0, closedAt, heldBecause: null }
}

describe('dust', () => {
  test('is summed by instrument, over sold and unsold trips; one that left none is not counted', () => {
    const ended = [
      trip({ held: '0.99834', sold: '0.998' }),
      trip({ held: '0.5', sold: '0.499' }),
      trip({}),
      trip({ instrument: 'ADA-USD', bought: '101', held: '100.899', sold: '100' }),
      trip({ instrument: 'ADA-USD', held: '0.7', sold: '0', proceeds: '0' }),
    ]
    expect(dustByInstrument(ended)).toEqual([
      { instrument: 'ADA-USD', pairs: 2, quantity: '1.599' },
      { instrument: 'BTC-USD', pairs: 2, quantity: '0.00134' },
    ])
  })
})

describe('the curve of what was realised', () => {
  test('begins with the capital and has every UTC day, those without a close too', () => {
    const ended = [trip({ closedAt: 3 * day - 1, proceeds: '102' }), trip({ closedAt: 5 * day, proceeds: '97' }), trip({ closedAt: 2 * day }), trip({ closedAt: 4 * day, sold: '0', proceeds: '0' })]
    expect(realisedCurve(ended, money('700'))).toEqual(['700', '703', '703', '703', '700'])
  })
})

describe('the trade hash', () => {
  const trips = fc.array(fc.record({ instrument: fc.constantFrom('BTC-USD', 'ETH-USD'), bought: fc.constantFrom('1', '2'), cost: fc.constantFrom('99', '100'), proceeds: fc.constantFrom('101', '102'), fees: fc.constantFrom('0', '0.1') }), { minLength: 1, maxLength: 8 })

  test('is the same in whatever order, at whatever time and under whatever names they were traded', () => {
    fc.assert(fc.property(trips, fc.infiniteStream(fc.nat()), (traded, order) => {
      const one = traded.map((over) => trip(over))
      const other = one.map((pair) => ({ ...pair, pairId: `other ${pair.pairId}`, openedAt: 7, closedAt: 99 * day, place: order.next().value })).toSorted((a, b) => a.place - b.place)
      expect(tradeHash(other)).toBe(tradeHash(one))
    }))
  })

  test('is another when one more was traded, or one figure of one differs', () => {
    fc.assert(fc.property(trips, (traded) => {
      const one = traded.map((over) => trip(over))
      const [first = trip(), ...others] = one
      const changed = [...one.map((_, at) => one.filter((__, other) => other !== at)), [...one, trip()], [{ ...first, fees: money('0.10000001') }, ...others], [{ ...first, sold: quantity('0.5') }, ...others]]
      for (const other of changed) expect(tradeHash(other)).not.toBe(tradeHash(one))
    }))
  })
})

test('the whole answer: money exact, ratios where there is something to divide by, no curve without a capital', () => {
  const ended = [trip({ closedAt: day, proceeds: '110' }), trip({ closedAt: 2 * day, proceeds: '95', held: '1.5', sold: '1' })]
  expect(performanceOf(ended)).toMatchObject({ from: '1970-01-02', to: '1970-01-03', profit: '5', fees: '1', trades: { trades: 2, wins: 1, losses: 1, winRate: 0.5, profitFactor: 2, expectancy: 2.5, expectancyRatio: 0.5 }, curve: null, dust: [{ instrument: 'BTC-USD', pairs: 1, quantity: '0.5' }] })
  expect(performanceOf(ended, money('100')).curve).toMatchObject({ days: 2, totalReturn: expect.closeTo(0.05, 12), maxDrawdown: expect.closeTo(5 / 110, 12), sharpe: null })
  expect(performanceOf([], money('100'))).toMatchObject({ from: null, to: null, profit: '0', fees: '0', curve: null, dust: [] })
})
