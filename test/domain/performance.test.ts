/** The golden curve and the golden trades, computed elsewhere to seven places. */
import { describe, expect, test } from 'vitest'
import { curveStatistics, tradeStatistics } from '../../src/domain/performance.ts'

const curve = [1000, 1010, 1005, 1030, 1020, 1020, 1045, 1040, 1060, 1055, 1080]

describe('an equity curve', () => {
  test('has the golden figures', () => {
    const found = curveStatistics(curve, 10)
    expect(found.days).toBe(10)
    expect(found.sharpe).toBeCloseTo(10.5459825, 7)
    expect(found.sortino).toBeCloseTo(36.8793672, 7)
    expect((found.sortino ?? 0) * Math.sqrt(11 / 10), 'where the empty first day counts too').toBeCloseTo(38.6794066, 7)
    expect(found.maxDrawdown).toBeCloseTo(0.0097087379, 10)
    expect(found.totalReturn).toBeCloseTo(0.08, 12)
    expect(found.cagr).toBeCloseTo(15.594611, 6)
    expect(found.volatility).toBeCloseTo(0.0141579163 * Math.sqrt(365), 8)
    expect(found.calmar).toBeCloseTo(15.594611 / 0.0097087379, 1)
  })

  test('of fewer than thirty days says nothing by the year', () => {
    expect(curveStatistics(curve)).toEqual({ days: 10, totalReturn: expect.closeTo(0.08, 12), maxDrawdown: expect.closeTo(0.0097087379, 10), sharpe: null, sortino: null, volatility: null, cagr: null, calmar: null })
    const month = Array.from({ length: 31 }, (_, day) => 1000 + day * 3 - (day % 4) * 5)
    expect(curveStatistics(month).sharpe).not.toBeNull()
  })

  test('that stands still has no ratio', () => {
    expect(curveStatistics([5, 5, 5, 5], 3)).toEqual({ days: 3, totalReturn: 0, maxDrawdown: 0, sharpe: null, sortino: null, volatility: 0, cagr: 0, calmar: null })
    expect(curveStatistics([])).toMatchObject({ days: 0, totalReturn: 0, maxDrawdown: 0 })
  })
})

describe('round trips', () => {
  test('have the golden figures', () => {
    const found = tradeStatistics([10, -5, 25, -10, 0, 25, -5, 20, -5, 25])
    expect(found).toMatchObject({ trades: 10, wins: 5, losses: 4, winRate: 0.5, expectancy: 8 })
    expect(found.profitFactor).toBeCloseTo(4.2, 12)
    expect(found.expectancyRatio).toBeCloseTo(1.18, 12)
  })

  test('that never lost have no profit factor, and of none there is nothing to say', () => {
    expect(tradeStatistics([1, 2])).toMatchObject({ winRate: 1, profitFactor: null, expectancyRatio: null, expectancy: 1.5 })
    expect(tradeStatistics([])).toEqual({ trades: 0, wins: 0, losses: 0, winRate: null, profitFactor: null, expectancy: null, expectancyRatio: null, systemQuality: null })
  })
})
