/** src/domain/exits.ts and stop-lines.ts (X1, X2, S1, S2): golden numbers computed by hand with exact fractions. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, isMultipleOf, minus, money, plus, price, quantity, rate, sum, times, type Price, type Quantity } from '../../src/domain/decimal.ts'
import { dustOf, leastBuy, partNow, plainExit, restOf, targetsAt, type ExitTarget } from '../../src/domain/exits.ts'
import { isSellable, type Instrument } from '../../src/domain/instrument.ts'
import { sellableOf } from '../../src/domain/profit.ts'
import { activationPrice, closingPrice, nextHigh, stopLines, stopPrice, trailingPrice } from '../../src/domain/stop-lines.ts'

const market = (over: Partial<Instrument> = {}): Instrument => ({
  id: 'BTC-USD', base: 'BTC', quote: 'USD', tick: price('0.01'), step: quantity('0.00000001'), minQuantity: quantity('0.00000001'), maxQuantity: quantity('3400'), minNotional: money('1'), status: 'online', ...over,
})
const parts = (...of: readonly (readonly [share: string, target: string])[]): readonly ExitTarget[] => of.map(([share, target]) => ({ share: rate(share), target: rate(target) }))
const fresh = { tightened: 0, overdue: false }

/** Case A of docs/profit.md: 0.00166666 at 60000, 0.6 % in quote. */
const caseA = { cost: money('100.5995976'), held: quantity('0.00166666') }
const caseB = { cost: money('99.6'), held: quantity('0.00165834') }
const caseC = { cost: money('10.1'), held: quantity('100.899') }
const none = quantity('0')

describe('the part that is offered now', () => {
  const three = parts(['0.5', '0.005'], ['0.3', '0.01'], ['0.2', '0.02'])
  const terms = { sellFee: rate('0.004'), stopPrice: undefined }

  test('is cut from the whole, down to the step, each at the least price that meets its own target; the last takes the rest', () => {
    const offers: unknown[] = []
    for (let sold = none; compare(sold, caseA.held) < 0; sold = plus(sold, partNow(market(), { ...caseA, sold }, three, terms).quantity)) offers.push(partNow(market(), { ...caseA, sold }, three, terms))
    expect(offers).toEqual([
      { quantity: '0.00083333', price: '60905.43' },
      { quantity: '0.00049999', price: '61208.44' },
      { quantity: '0.00033334', price: '61814.46' },
    ])
  })

  test('one target for the whole is what the minimum sell price always was', () => {
    expect(partNow(market(), { ...caseA, sold: none }, parts(['1', '0.005']), terms)).toEqual({ quantity: '0.00166666', price: '60905.43' })
  })

  test('is what is left of it after a partial sale', () => {
    expect(partNow(market(), { ...caseA, sold: quantity('0.00080000') }, three, terms).quantity).toBe('0.00003333')
  })

  test('joins the next one when the venue would not take it alone', () => {
    // The first is worth 50.75, with the second 81.6; the third, 20.6, could not be sold alone either.
    expect(partNow(market({ minNotional: money('60') }), { ...caseA, sold: none }, three, terms)).toEqual({ quantity: '0.00166666', price: '61208.44' })
  })

  test('takes the rest with it when the rest could not be sold later', () => {
    // What would be left is worth 20.6 at its own target, and less than 30.
    expect(partNow(market({ minNotional: money('30') }), { ...caseA, sold: quantity('0.00083333') }, three, terms)).toEqual({ quantity: '0.00083333', price: '61208.44' })
  })

  test('takes the rest with it when only the stop would leave it unsellable', () => {
    const [near, far] = [partNow(market({ minNotional: money('20') }), { ...caseA, sold: quantity('0.00083333') }, three, terms), partNow(market({ minNotional: money('20') }), { ...caseA, sold: quantity('0.00083333') }, three, { ...terms, stopPrice: price('59152.8') })]
    expect([near.quantity, far.quantity]).toEqual(['0.00049999', '0.00083333'])
  })

  test('is nothing when nothing is left', () => {
    expect(partNow(market(), { ...caseA, sold: caseA.held }, three, terms).quantity).toBe('0')
  })

  const shares = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }).map((weights) => {
    const all = weights.reduce((a, b) => a + b, 0)
    const cut = weights.slice(0, -1).map((weight) => ((weight / all) * 0.999).toFixed(4))
    const last = minus(rate('1'), sum([rate('0'), ...cut.map((text) => rate(text))]))
    return [...cut, last].map((share, index) => ({ share: rate(share), target: rate(String(index / 1_000)) }))
  })

  test('for any plan and any order of part sales: never more than is left, never unsellable unless all of it is, and all is sold at the end (X1)', () => {
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 5_000_000 }), fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 10 }), fc.constantFrom('1', '5', '20'), (targets, units, tenths, least) => {
        const instrument = market({ minNotional: money(least), step: quantity('0.00001'), minQuantity: quantity('0.00001') })
        const held = quantity((units / 1e8).toFixed(8))
        const whole = { cost: money((units * 0.0006).toFixed(4)), held }
        let sold = none
        for (let round = 0; round < 60; round++) {
          const left = restOf(instrument, { ...whole, sold })
          if (compare(left, none) === 0) break
          const part = partNow(instrument, { ...whole, sold }, targets, { sellFee: rate('0.001'), stopPrice: undefined })
          expect(compare(part.quantity, left)).toBeLessThanOrEqual(0)
          expect(isMultipleOf(part.quantity, instrument.step)).toBe(true)
          if (!isSellable(instrument, part.price, part.quantity)) {
            expect(part.quantity).toBe(left)
            break
          }
          const share = tenths[round] ?? 10
          const executed = share === 10 ? part.quantity : quantity((Math.max(1, Math.floor((Number(part.quantity) * 1e5 * share) / 10)) / 1e5).toFixed(5))
          sold = plus(sold, executed)
        }
        const rest = dustOf({ held, sold })
        expect(compare(plus(sold, rest), held)).toBe(0)
        expect(isSellable(instrument, price('60000'), restOf(instrument, { ...whole, sold }))).toBe(false)
      }),
    )
  })
})

describe('the targets at an age', () => {
  const plan = { targets: parts(['0.5', '0.005'], ['0.5', '0.02']), tighten: [{ afterMs: 1_000, target: rate('0.01') }, { afterMs: 2_000, target: rate('0.001') }], closeAfterMs: 3_000 }
  const asked = (of: readonly ExitTarget[]): readonly string[] => of.map(({ target }) => target)

  test('are lowered to the step that is due, and to break-even when the time is up', () => {
    expect(asked(targetsAt(plan, rate('0.03'), fresh))).toEqual(['0.005', '0.02'])
    expect(asked(targetsAt(plan, rate('0.03'), { tightened: 1, overdue: false }))).toEqual(['0.005', '0.01'])
    expect(asked(targetsAt(plan, rate('0.03'), { tightened: 2, overdue: false }))).toEqual(['0.001', '0.001'])
    expect(asked(targetsAt(plan, rate('0.03'), { tightened: 2, overdue: true }))).toEqual(['0', '0'])
  })

  test('are the whole at the pair’s own target when the plan has none', () => {
    expect(targetsAt(plainExit, rate('0.03'), fresh)).toEqual(parts(['1', '0.03']))
  })

  test('never fall below break-even unless the plan says that it may lose (X2)', () => {
    const losing = { targets: [], tighten: [{ afterMs: 1_000, target: rate('-0.01') }] }
    expect(asked(targetsAt(losing, rate('0.03'), { tightened: 1, overdue: false }))).toEqual(['0'])
    expect(asked(targetsAt({ ...losing, atLoss: true }, rate('0.03'), { tightened: 1, overdue: false }))).toEqual(['-0.01'])
  })
})

describe('the lines of a stop', () => {
  test('lie so far below what one unit cost, fees included, up to the tick (S1)', () => {
    expect(stopPrice(market(), caseA, rate('0.02'))).toBe('59152.8')
    // 58858.858858...: down to the tick would fire late.
    expect(stopPrice(market(), caseB, rate('0.02'))).toBe('58858.86')
    expect(stopPrice(market({ tick: price('0.00001') }), caseC, rate('0.05'))).toBe('0.0951')
    expect(stopPrice(market(), { cost: money('60'), held: quantity('0.001') }, rate('0.01'))).toBe('59400')
  })

  const trailing = { activateAbove: rate('0.01'), distance: rate('0.01') }

  test('a trailing stop follows from its activation on, up to the tick', () => {
    expect(activationPrice(market(), caseA, trailing)).toBe('60963.6')
    expect(trailingPrice(market(), trailing, price('61234.56'))).toBe('60622.22')
  })

  test('a high is noted a tenth of the distance above the last, and at least a tick', () => {
    expect(nextHigh(market(), trailing, price('61234.56'))).toBe('61295.8')
    expect(nextHigh(market({ tick: price('0.00001') }), { ...trailing, distance: rate('0.0001') }, price('0.1'))).toBe('0.10001')
  })

  test('of a stop-loss and a trailing stop the higher one ends the pair', () => {
    const plan = { targets: [], stop: { below: rate('0.02') }, trailing }
    expect(stopLines(market(), caseA, plan, null)).toEqual({ falls: { stop: 'stop-loss', at: '59152.8' }, rises: '60963.6' })
    expect(stopLines(market(), caseA, plan, price('61234.56'))).toEqual({ falls: { stop: 'trailing stop', at: '60622.22' }, rises: '61295.8' })
    expect(stopLines(market(), caseA, plan, price('59000')).falls).toEqual({ stop: 'stop-loss', at: '59152.8' })
    expect(stopLines(market(), caseA, plainExit, price('61234.56'))).toEqual({})
  })

  test('a trailing line never falls, whatever the bid does, and is within a tenth of its distance of the highest bid (S2)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 6_000_000, max: 7_000_000 }), { minLength: 1, maxLength: 60 }), (bids) => {
        let high = price('60000')
        let seen = high
        let line = trailingPrice(market(), trailing, high)
        for (const bid of bids.map((ticks) => price((ticks / 100).toFixed(2)))) {
          if (compare(bid, nextHigh(market(), trailing, high)) >= 0) high = bid
          if (compare(bid, seen) > 0) seen = bid
          const next = trailingPrice(market(), trailing, high)
          expect(compare(next, line)).toBeGreaterThanOrEqual(0)
          expect(compare(seen, nextHigh(market(), trailing, high))).toBeLessThan(0)
          line = next
        }
      }),
    )
  })

  test('what closes at once is the bid less the slippage, down to the tick', () => {
    expect(closingPrice(market(), price('59399.99'), rate('0.005'))).toBe('59102.99')
  })
})

test('the least buy leaves something that can be sold at the stop, with a reserve for a gap', () => {
  const instrument = market({ minNotional: money('5'), step: quantity('0.00001') })
  const spent = leastBuy(instrument, price('60000'), { below: rate('0.02'), buyFee: rate('0.001'), reserve: rate('0.05') })
  // 5 * 1.05 / (0.98 * 0.999) = 5.36250536..., and a step of 0.6
  expect(Number(spent)).toBeCloseTo(5.962505362505363, 12)
  const bought = sellableOf(instrument, times(quantity(String(Number(spent) / 60_000).slice(0, 12)), rate('0.999')) as string as Quantity).sellable
  expect(isSellable(instrument, price('58800'), bought)).toBe(true)
  expect(isSellable(instrument, times(price('58800'), rate('0.96')) as string as Price, bought)).toBe(true)
})
