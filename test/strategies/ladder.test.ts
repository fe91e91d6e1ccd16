/** The ladder (src/strategies/ladder.ts, A1 to A3). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, isMultipleOf, minus, money, notional, one, plus, price, quantity, rate, sum, times, type Price } from '../../src/domain/decimal.ts'
import { sizeProblem } from '../../src/domain/instrument.ts'
import { ladder, type LadderParameters } from '../../src/strategies/ladder.ts'
import type { MarketView, PairSummary } from '../../src/strategies/strategy.ts'
import { bitcoin } from '../support/loop.ts'

const parameters: LadderParameters = { rungs: 4, spacing: rate('0.01'), target: rate('0.005'), budget: money('400') }
const view = (bid: string, pairs: readonly PairSummary[] = [], over: Partial<MarketView> = {}): MarketView => ({
  instrument: bitcoin,
  bid: price(bid),
  ask: plus(price(bid), price('0.01')),
  bids: [],
  pairs,
  fees: { maker: rate('0.004'), taker: rate('0.006') },
  share: rate('1'),
  ...over,
})
const pair = (pairId: string, buyPrice: string, phase: PairSummary['phase'] = 'buying', unwanted = false): PairSummary => ({ pairId, phase, buyPrice: price(buyPrice), bound: money('100'), unwanted })
const pricesOf = (market: MarketView, over: Partial<LadderParameters> = {}) => ladder({ ...parameters, ...over }).decide(market).proposals.map((proposal) => proposal.price)

describe('a ladder', () => {
  test('from nothing: every rung under the bid, highest first, each with its share', () => {
    expect(ladder(parameters).decide(view('100'))).toEqual({
      proposals: [
        { price: '99', quantity: '1.00607670', target: '0.005' },
        { price: '98.01', quantity: '1.01623909', target: '0.005' },
        { price: '97.02', quantity: '1.02660888', target: '0.005' },
        { price: '96.04', quantity: '1.03708448', target: '0.005' },
      ].map((proposal) => ({ ...proposal, quantity: quantity(proposal.quantity) })),
      unwanted: [],
      wakeAt: { falls: '99', rises: '101' },
    })
  })

  test('the same view gives the same decision', () => {
    expect(ladder(parameters).decide(view('100'))).toEqual(ladder(parameters).decide(view('100')))
  })

  test('fills only what is free, and not near a rung that is there, bought or not (A2)', () => {
    expect(pricesOf(view('100', [pair('a', '99.2'), pair('b', '97', 'covering')]))).toEqual(['98.01', '96.04'])
    expect(pricesOf(view('100', [pair('a', '99'), pair('b', '98.01'), pair('c', '97.02', 'covering'), pair('d', '90')]))).toEqual([])
  })

  test('moves the lowest unfilled rung when the market has risen two spacings away, one at a time; a bought one never (A3)', () => {
    const four = [pair('a', '99'), pair('b', '98.01'), pair('c', '97.02'), pair('d', '96.04', 'covering')]
    const decide = (market: MarketView) => ladder(parameters).decide(market)
    expect(decide(view('101', four)).unwanted).toEqual([])
    expect(decide(view('101.02', four)).unwanted).toEqual([{ pairId: 'c', reason: 'the market is at 101.02' }])
    expect(decide(view('101.02', [pair('a', '99'), pair('b', '98.01'), pair('c', '97.02', 'buying', true), pair('d', '96.04', 'covering')])).unwanted).toEqual([])
    expect(decide(view('110', four.map((one) => ({ ...one, phase: 'covering' as const })))).unwanted).toEqual([])
  })

  test('proposes nothing that the venue would refuse', () => {
    expect(pricesOf(view('100', [], { instrument: { ...bitcoin, minNotional: money('101') } }))).toEqual([])
  })
})

const rungPrices = fc.integer({ min: 5_000, max: 15_000 }).map((cents) => price((cents / 100).toFixed(2)))
const pairs = fc.array(fc.tuple(rungPrices, fc.constantFrom<PairSummary['phase']>('buying', 'covering'), fc.boolean()), { maxLength: 12 }).map((list) => list.map(([buyPrice, phase, unwanted], index): PairSummary => ({ pairId: `p${index}`, buyPrice, bound: money('100'), phase, unwanted })))
const shapes = fc.record({ rungs: fc.integer({ min: 1, max: 10 }), spacing: fc.integer({ min: 1, max: 500 }).map((bps) => rate((bps / 10_000).toFixed(4))), budget: fc.integer({ min: 10, max: 100_000 }).map((units) => money(String(units))) })

const halfSpacingApart = (a: Price, b: Price, spacing: LadderParameters['spacing']): boolean => {
  const [low, high] = compare(a, b) < 0 ? [a, b] : [b, a]
  return compare(times(minus(high, low), rate('2')), times(low, spacing)) >= 0
}

test('whatever the market and the pairs: never more than the rungs (A1), never two too near (A2), never above the budget', () => {
  fc.assert(
    fc.property(rungPrices, pairs, shapes, (bid, open, shape) => {
      const market = view(bid, open)
      const chosen = { ...parameters, ...shape }
      const { proposals, unwanted } = ladder(chosen).decide(market)
      expect(proposals.length).toBeLessThanOrEqual(Math.max(chosen.rungs - open.length, 0))
      expect(unwanted.length).toBeLessThanOrEqual(proposals.length > 0 ? 0 : 1)
      for (const [index, proposal] of proposals.entries()) {
        expect(compare(proposal.price, bid)).toBe(-1)
        expect(isMultipleOf(proposal.price, bitcoin.tick)).toBe(true)
        expect(sizeProblem(bitcoin, proposal.price, proposal.quantity)).toBeUndefined()
        for (const other of [...open.map((one) => one.buyPrice), ...proposals.slice(index + 1).map((one) => one.price)]) {
          expect(halfSpacingApart(proposal.price, other, chosen.spacing), `${proposal.price} and ${other}`).toBe(true)
        }
      }
      const bound = sum([money('0'), ...proposals.map((proposal) => money(times(notional(proposal.price, proposal.quantity), plus(rate(one), market.fees.maker))))])
      expect(compare(bound, chosen.budget)).toBeLessThanOrEqual(0)
      for (const { pairId } of unwanted) expect(open.find((one) => one.pairId === pairId)).toMatchObject({ phase: 'buying', unwanted: false })
    }),
    { numRuns: 200 },
  )
})

test('led by itself through any market it never has more pairs than rungs, nor two too near', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -300, max: 300 }), fc.nat({ max: 9 })), { maxLength: 40, size: 'max' }), shapes, (moves, shape) => {
      const chosen = { ...parameters, ...shape }
      let cents = 10_000
      let open: PairSummary[] = []
      let born = 0
      for (const [move, luck] of moves) {
        cents = Math.max(cents + move, 1_000)
        const bid = price((cents / 100).toFixed(2))
        const { proposals, unwanted } = ladder(chosen).decide(view(bid, open))
        open = open.filter((one) => !unwanted.some(({ pairId }) => pairId === one.pairId))
        open.push(...proposals.map((proposal) => pair(`p${++born}`, proposal.price)))
        // The market takes what it has reached; now and then a bought one closes.
        open = open.map((one) => (compare(one.buyPrice, bid) >= 0 ? { ...one, phase: 'covering' as const } : one)).filter((one, index) => one.phase === 'buying' || index !== luck)
        expect(open.length).toBeLessThanOrEqual(chosen.rungs)
      }
      for (const [index, one] of open.entries()) for (const other of open.slice(index + 1)) expect(halfSpacingApart(one.buyPrice, other.buyPrice, chosen.spacing)).toBe(true)
    }),
    { numRuns: 60 },
  )
})
