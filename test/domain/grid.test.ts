import { expect, test } from 'vitest'
import { money, rate, rateOfBps, times } from '../../src/domain/decimal.ts'
import { leastSpacing, mostLines } from '../../src/domain/grid.ts'
import { bitcoin } from '../support/loop.ts'
import { ladder } from '../../src/strategies/ladder.ts'

/** Hand-computed, in percent to four places. */
test.each([
  ['0.4 % and 0.4 % in quote money', { buy: 40, sell: 40, paidIn: 'quote' }, 0, '0.8032', 12],
  ['0.6 % and 0.4 % in quote money, for 0.5 %', { buy: 60, sell: 40, paidIn: 'quote' }, 50, '1.5090', 6],
  ['0.1 % and 0.1 % of what was received', { buy: 10, sell: 10, paidIn: 'received' }, 0, '0.2003', 50],
  ['the same, for 0.2 %', { buy: 10, sell: 10, paidIn: 'received' }, 20, '0.4007', 25],
  ['0.075 % and 0.075 %, the discounted rate', { buy: 7.5, sell: 7.5, paidIn: 'received' }, 0, '0.1502', 66],
  ['no fees', { buy: 0, sell: 0, paidIn: 'quote' }, 0, '0.0000', Infinity],
] as const)('the least spacing at %s', (_what, { buy, sell, paidIn }, target, percent, lines) => {
  const spacing = leastSpacing({ buy: rateOfBps(buy), sell: rateOfBps(sell), paidIn }, rateOfBps(target))
  expect(Number(times(spacing, rate('100'))).toFixed(4)).toBe(percent)
  expect(mostLines(0.05, spacing), 'lines within 5 % to either side').toBe(lines)
})

test('a ladder says with the numbers when fees would eat it, and only then', () => {
  const apart = (bps: number) => ladder({ rungs: 5, spacing: rateOfBps(bps), target: rateOfBps(10), budget: money('100') })
  expect(apart(60).unfit?.({ maker: rateOfBps(40), taker: rateOfBps(60) })).toBe('rungs 60 bps apart lie closer than the 80.48257 bps that buying and selling at a fee of 40 bps costs; within 5 % of the price to either side at most 12 rungs pay')
  expect(apart(81).unfit?.({ maker: rateOfBps(40), taker: rateOfBps(60) })).toBeUndefined()
  expect(apart(1).unfit?.({ maker: rateOfBps(0), taker: rateOfBps(5) })).toBeUndefined()
})

test('a ladder says with the arithmetic when its rungs are too small to be placed, or to be sold again, and only then', () => {
  const of = (budget: string, rungs: number) => ladder({ rungs, spacing: rateOfBps(60), target: rateOfBps(10), budget: money(budget) })
  const fees = { maker: rateOfBps(0), taker: rateOfBps(100) }
  const market = { ...bitcoin, minNotional: money('5') }
  expect(of('30', 4).tooSmall?.(market, money('10'), fees)).toBe('a budget of 30 in 4 rungs is 7.5 USD each, and no order below 10 is placed')
  expect(of('20', 4).tooSmall?.(market, money('1'), fees)).toBe('a budget of 20 in 4 rungs is 5 USD each, and no order below 5 is placed')
  expect(of('20.1', 4).tooSmall?.(market, money('1'), fees)).toBe('a budget of 20.1 in 4 rungs is 5.02 USD each, of which a fee of 0.01 may leave 4.97, and the venue takes no sell below 5')
  expect([of('20.3', 4).tooSmall?.(market, money('1'), fees), of('41', 4).tooSmall?.(market, money('10'), fees)]).toEqual([undefined, undefined])
})
