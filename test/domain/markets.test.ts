/** Ticks, sizes, quotes and resting prices. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dividedBy, isMultipleOf, money, price, quantity } from '../../src/domain/decimal.ts'
import { ceilToStep, ceilToTick, floorToStep, floorToTick, isSellable, sizeProblem, type Instrument } from '../../src/domain/instrument.ts'
import { restingPrice } from '../../src/domain/post-only.ts'
import { quoteProblem } from '../../src/domain/quote.ts'
import { priceOfTicks, ticksOf, tickScale } from '../../src/domain/ticks.ts'
import { formatTimestamp, parseTimestamp } from '../../src/domain/time.ts'
import { bitcoin } from '../support/loop.ts'
import { textOf } from './exact.ts'

const ticks = fc.constantFrom('0.01', '0.05', '0.00000001', '1', '5', '10', '0.25', '0.5', '100').map((text) => price(text))

describe('prices as whole ticks', () => {
  test('every price on tick is its number of ticks, and back', () => {
    fc.assert(
      fc.property(ticks, fc.integer({ min: 0, max: 2 ** 40 }), (tick, count) => {
        const scale = tickScale(tick)
        const text = priceOfTicks(scale, count)
        expect(ticksOf(scale, text)).toBe(count)
      }),
    )
  })

  test('any decimal text is read as the exact decimals would read it, or not at all', () => {
    const texts = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 3 })).map(([units, places, zeros]) => {
      const text = textOf(units, places)
      return text.includes('.') ? text + '0'.repeat(zeros) : text
    })
    fc.assert(
      fc.property(ticks, texts, (tick, text) => {
        const read = ticksOf(tickScale(tick), text)
        const exact = dividedBy(price(text), tick)
        if (!Number.isNaN(read)) expect(String(BigInt(read))).toBe(exact)
        else expect(isMultipleOf(price(text), tick) && BigInt(exact) * BigInt(tickScale(tick).unitsPerTick) <= Number.MAX_SAFE_INTEGER).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  test('off tick, unreadable or too large to be exact is NaN', () => {
    const scale = tickScale(price('0.05'))
    expect(['1.01', '1.051', '', '-1', '1e3', '1,0', ' 1', '1.0.0', 'NaN', '9007199254740993', '180143985094819.85'].map((text) => ticksOf(scale, text))).toEqual(Array.from({ length: 11 }, () => Number.NaN))
    expect(['1.05', '1.0500', '0.05', '100'].map((text) => ticksOf(scale, text))).toEqual([21, 21, 1, 2_000])
  })
})

describe('sizes', () => {
  const market: Instrument = { ...bitcoin, tick: price('0.5'), step: quantity('0.001'), minQuantity: quantity('0.01'), maxQuantity: quantity('5'), minNotional: money('10') }

  test.each([
    ['1000', '0.01', undefined],
    ['1000.5', '5', undefined],
    ['1000.2', '0.01', 'priceOffTick'],
    ['0', '1', 'priceOffTick'],
    ['-1', '1', 'priceOffTick'],
    ['1000', '0.0101', 'quantityOffStep'],
    ['100000', '0.009', 'belowMinQuantity'],
    ['100000', '0', 'belowMinQuantity'],
    ['100000', '-1', 'belowMinQuantity'],
    ['1000', '5.001', 'aboveMaxQuantity'],
    ['999.5', '0.01', 'belowMinNotional'],
  ] as const)('%s for %s: %s', (at, of, problem) => {
    expect(sizeProblem(market, price(at), quantity(of))).toBe(problem)
  })

  test('can be sold from the least quantity and the least notional on', () => {
    const cases = [['1000', '0.01'], ['999.5', '0.01'], ['100000', '0.009']] as const
    expect(cases.map(([at, of]) => isSellable(market, price(at), quantity(of)))).toEqual([true, false, false])
  })

  test('are rounded to tick and step in the direction that is asked for', () => {
    expect([floorToTick(market, price('10.7')), ceilToTick(market, price('10.7'))]).toEqual(['10.5', '11'])
    expect([floorToStep(market, quantity('0.0019')), ceilToStep(market, quantity('0.0011'))]).toEqual(['0.001', '0.002'])
  })
})

describe('a quote', () => {
  const last = { bid: 1_000, ask: 1_001 }

  test.each([
    [1_000, 1_001, undefined],
    [Number.NaN, 1_001, 'unreadable'],
    [1_000, Number.NaN, 'unreadable'],
    [0, 1_001, 'unreadable'],
    [1_000, 0, 'unreadable'],
    [1_001, 1_001, 'crossed'],
    [1_002, 1_001, 'crossed'],
    [1_200, 1_201, undefined],
    [1_201, 1_202, 'implausible'],
    [800, 801, undefined],
    [799, 800, 'implausible'],
  ] as const)('of %s to %s after 1000 to 1001: %s', (bid, ask, problem) => {
    expect(quoteProblem(bid, ask, last, false)).toBe(problem)
  })

  test('may jump when nobody looked, and when it is the first', () => {
    expect(quoteProblem(5_000, 5_001, last, true)).toBeUndefined()
    expect(quoteProblem(5_000, 5_001, undefined, false)).toBeUndefined()
    expect(quoteProblem(5_002, 5_001, last, true)).toBe('crossed')
  })
})

describe('a post-only order', () => {
  const quote = { bid: price('100'), ask: price('100.5') }
  const at = (side: 'buy' | 'sell', text: string, postOnly = true) => restingPrice({ side, price: price(text), postOnly }, quote, { tick: price('0.1') })

  test('moves away from the spread until it rests, never to the disadvantage of its owner', () => {
    expect([at('sell', '99'), at('sell', '100'), at('sell', '100.1'), at('sell', '103')]).toEqual(['100.1', '100.1', '100.1', '103'])
    expect([at('buy', '102'), at('buy', '100.5'), at('buy', '100.4'), at('buy', '98')]).toEqual(['100.4', '100.4', '100.4', '98'])
  })

  test('any other order, and one without a quote, stays where it is', () => {
    expect([at('sell', '99', false), at('buy', '102', false)]).toEqual(['99', '102'])
    expect(restingPrice({ side: 'sell', price: price('99'), postOnly: true }, undefined, { tick: price('0.1') })).toBe('99')
  })
})

describe('a timestamp', () => {
  test('is read with any number of fraction digits, and written with three', () => {
    expect(['2023-11-14T22:13:20Z', '2023-11-14T22:13:20.5Z', '2023-11-14T22:13:20.123456789Z', 'yesterday'].map(parseTimestamp)).toEqual([1_700_000_000_000, 1_700_000_000_500, 1_700_000_000_123, undefined])
    expect(formatTimestamp(1_700_000_000_123)).toBe('2023-11-14T22:13:20.123Z')
  })

  test('of every moment is read back, and a day, an hour or a form that does not exist is none', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), fc.nat(999_999), (date, beyond) => {
        expect(parseTimestamp(date.toISOString().replace('Z', `${beyond}Z`))).toBe(date.getTime())
      }),
    )
    expect(['2023-13-14T22:13:20.000Z', '2023-11-32T22:13:20.000Z', '2023-11-14T25:13:20.000Z', '2023-11-14T22:60:20.000Z', '2023-11-14T22:13:61.000Z', '2023-11-14T22:13:20.00xZ', '2023-11-14T22:13:20.000x'].map(parseTimestamp)).toEqual(Array.from({ length: 7 }, () => undefined))
    expect(parseTimestamp('0001-01-01T00:00:00.000Z')).toBe(-62_135_596_800_000)
  })
})
