/** docs/profit.md, with its examples and its promise. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ceilTo, compare, DecimalError, dividedBy, isMultipleOf, minus, money, one, plus, price, quantity, rate, times, type Money, type Price, type Quantity } from '../../src/domain/decimal.ts'
import { breakEven, holdingOf, minimumSellPrice, netProfit, netQuantity, sellableOf, type CostedFill, type Target } from '../../src/domain/profit.ts'
import { textOf } from './exact.ts'

interface Example {
  readonly buy: { readonly quantity: string; readonly price: string; readonly fee: string; readonly feeAsset: string }
  readonly market: { readonly base: string; readonly quote: string; readonly tick: Price; readonly step: Quantity }
  readonly sellFee: string
}

const market = (step: string, tick: string) => ({ base: 'BTC', quote: 'USD', step: quantity(step), tick: price(tick) })

/** Everything that the page's table says of one example, with a target of 0.5 %. */
const told = ({ buy, market, sellFee }: Example) => {
  const fill: CostedFill = { quantity: quantity(buy.quantity), price: price(buy.price), fee: money(buy.fee), feeAsset: buy.feeAsset }
  const holding = holdingOf(market, [fill])
  const { sellable, dust } = sellableOf(market, holding.held)
  const fee = rate(sellFee)
  const at = minimumSellPrice(market, { ...holding, selling: sellable, sellFee: fee, target: { kind: 'rate', rate: rate('0.005') } })
  return { cost: holding.cost, sellable, dust, breakEven: breakEven(market, holding, fee), minimum: at, net: netProfit(holding.cost, at, sellable, fee) }
}

describe('the examples of the page', () => {
  test('A: both fees in quote', () => {
    const buy = { quantity: '0.00166666', price: '60000', fee: '0.5999976', feeAsset: 'USD' }
    expect(told({ buy, market: market('0.00000001', '0.01'), sellFee: '0.004' })).toEqual({
      cost: '100.5995976', sellable: '0.00166666', dust: '0', breakEven: '60602.41', minimum: '60905.43', net: '0.5030117879448',
    })
  })

  test('B: the fee taken from what was bought, and a coarse step (PX-01)', () => {
    const buy = { quantity: '0.00166', price: '60000', fee: '0.00000166', feeAsset: 'BTC' }
    expect(told({ buy, market: market('0.00001', '0.01'), sellFee: '0.001' })).toEqual({
      cost: '99.6', sellable: '0.00165', dust: '0.00000834', breakEven: '60424.07', minimum: '60726.19', net: '0.4980152865',
    })
  })

  test('C: a cheap coin in whole units', () => {
    const buy = { quantity: '101', price: '0.1', fee: '0.101', feeAsset: 'BTC' }
    expect(told({ buy, market: market('1', '0.00001'), sellFee: '0.001' })).toEqual({
      cost: '10.1', sellable: '100', dust: '0.899', breakEven: '0.10111', minimum: '0.10161', net: '0.050839',
    })
  })

  test('D: the fee paid in a third asset, not counted', () => {
    const buy = { quantity: '0.00166', price: '60000', fee: '0.0001', feeAsset: 'BNB' }
    expect(told({ buy, market: market('0.00001', '0.01'), sellFee: '0.001' })).toEqual({
      cost: '99.6', sellable: '0.00166', dust: '0', breakEven: '60060.07', minimum: '60360.37', net: '0.4980159858',
    })
  })
})

describe('what a buy cost and left', () => {
  const bitcoin = { base: 'BTC', quote: 'USD' }
  const fill = (over: Partial<CostedFill>): CostedFill => ({ quantity: quantity('2'), price: price('10'), fee: money('0.5'), feeAsset: 'USD', ...over })

  test('a fee in quote adds to the cost, one in base is taken from what was bought', () => {
    expect(holdingOf(bitcoin, [fill({}), fill({ feeAsset: 'BTC' })])).toEqual({ cost: '40.5', held: '3.5' })
  })

  test('a fee in a third asset counts with its value in quote, where that is known', () => {
    expect(holdingOf(bitcoin, [fill({ feeAsset: 'BNB' })])).toEqual({ cost: '20', held: '2' })
    expect(holdingOf(bitcoin, [fill({ feeAsset: 'BNB', feeInQuote: money('3') })])).toEqual({ cost: '23', held: '2' })
    expect(netQuantity(bitcoin, fill({ feeAsset: 'BNB' }))).toBe('2')
  })

  test('nothing bought cost nothing', () => {
    expect(holdingOf(bitcoin, [])).toEqual({ cost: '0', held: '0' })
  })
})

type Earned = Exclude<Target, { readonly kind: 'price' }>

/** Random buys of one market: prices on tick, quantities on step, a fee somewhere. */
const buys = fc
  .record({
    tickPlaces: fc.integer({ min: 0, max: 6 }),
    stepPlaces: fc.integer({ min: 0, max: 8 }),
    fills: fc.array(fc.record({ price: fc.bigInt({ min: 1n, max: 10n ** 9n }), quantity: fc.bigInt({ min: 1n, max: 10n ** 9n }), feeBps: fc.integer({ min: 0, max: 120 }), feeAsset: fc.constantFrom('USD', 'BTC', 'BNB') }), { minLength: 1, maxLength: 6 }),
    sellFee: fc.integer({ min: 0, max: 300 }).map((tenthBps) => rate(textOf(BigInt(tenthBps), 5))),
    target: fc.oneof(
      fc.integer({ min: 0, max: 2_000 }).map((units): Earned => ({ kind: 'rate', rate: rate(textOf(BigInt(units), 5)) })),
      fc.integer({ min: 0, max: 100_000 }).map((units): Earned => ({ kind: 'money', money: money(textOf(BigInt(units), 4)) })),
    ),
  })
  .map(({ tickPlaces, stepPlaces, fills, ...rest }) => {
    const instrument = market(textOf(1n, stepPlaces), textOf(1n, tickPlaces))
    const costed = fills.map(({ price: at, quantity: of, feeBps, feeAsset }): CostedFill => {
      const bought = { quantity: quantity(textOf(of, stepPlaces)), price: price(textOf(at, tickPlaces)) }
      const share = rate(textOf(BigInt(feeBps), 5))
      return { ...bought, feeAsset, fee: money(feeAsset === 'USD' ? times(times(bought.price, bought.quantity), share) : times(bought.quantity, share)) }
    })
    return { instrument, holding: holdingOf(instrument, costed), ...rest }
  })
  .filter(({ instrument, holding }) => sellableOf(instrument, holding.held).sellable !== '0')

const wantedOf = (cost: Money, target: Earned): Money => (target.kind === 'rate' ? money(times(cost, plus(rate(one), target.rate))) : plus(cost, target.money))

describe('the promise', () => {
  test('after rounding the net profit is never below the target (P1)', () => {
    fc.assert(
      fc.property(buys, ({ instrument, holding, sellFee, target }) => {
        const { sellable } = sellableOf(instrument, holding.held)
        const at = minimumSellPrice(instrument, { ...holding, selling: sellable, sellFee, target })
        expect(isMultipleOf(at, instrument.tick)).toBe(true)
        expect(compare(netProfit(holding.cost, at, sellable, sellFee), minus(wantedOf(holding.cost, target), holding.cost))).toBeGreaterThanOrEqual(0)
        // And it is the least such price: one tick below falls short.
        const below = minus(at, instrument.tick)
        expect(compare(netProfit(holding.cost, below, sellable, sellFee), minus(wantedOf(holding.cost, target), holding.cost))).toBeLessThan(0)
      }),
      { numRuns: 500 },
    )
  })

  test('parts sold at their own minimum bring the target together', () => {
    fc.assert(
      fc.property(buys, fc.integer({ min: 1, max: 9 }), ({ instrument, holding, sellFee, target }, tenths) => {
        const { sellable } = sellableOf(instrument, holding.held)
        const first = sellableOf(instrument, quantity(times(sellable, quantity(`0.${tenths}`)))).sellable
        const parts = [first, minus(sellable, first)].filter((part) => part !== '0')
        const prices = parts.map((selling) => minimumSellPrice(instrument, { ...holding, selling, sellFee, target }))
        const proceeds = parts.reduce((total, part, index) => plus(total, money(times(times(prices[index]!, part), minus(rate(one), sellFee)))), money('0'))
        expect(compare(proceeds, wantedOf(holding.cost, target))).toBeGreaterThanOrEqual(0)
        // The price does not depend on the size of the part.
        expect(new Set(prices).size).toBe(1)
      }),
    )
  })

  test('break-even earns nothing, and not less than nothing', () => {
    fc.assert(
      fc.property(buys, ({ instrument, holding, sellFee }) => {
        const { sellable } = sellableOf(instrument, holding.held)
        const exact = dividedBy(holding.cost, times(sellable, minus(rate(one), sellFee)))
        expect(breakEven(instrument, holding, sellFee)).toBe(ceilTo(exact as string as Price, instrument.tick))
      }),
    )
  })

  test('what is held is what can be offered and dust below one step', () => {
    fc.assert(
      fc.property(buys, ({ instrument, holding }) => {
        const { sellable, dust } = sellableOf(instrument, holding.held)
        expect(plus(sellable, dust)).toBe(holding.held)
        expect([compare(dust, quantity('0')) >= 0, compare(dust, instrument.step) < 0]).toEqual([true, true])
      }),
    )
  })

  test('selling nothing has no price', () => {
    const plan = { cost: money('1'), held: quantity('0'), selling: quantity('0'), sellFee: rate('0'), target: { kind: 'rate', rate: rate('0') } } as const
    expect(() => minimumSellPrice(market('1', '1'), plan)).toThrow(DecimalError)
  })
})
