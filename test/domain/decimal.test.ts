/** Exact decimals (src/domain/decimal.ts, D1, D2). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { absolute, ceilTo, compare, DecimalError, dividedBy, floorTo, greatest, isMultipleOf, isPositive, isZero, least, minus, money, notional, parseDecimal, plus, price, quantity, rate, rateOfBps, rounded, sum, times } from '../../src/domain/decimal.ts'
import { placesOf, scaled, textOf } from './exact.ts'

const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 18 })).map(([units, places]) => textOf(units, places))
const steps = fc.tuple(fc.constantFrom(1n, 2n, 5n, 25n), fc.integer({ min: 0, max: 10 })).map(([units, places]) => textOf(units, places))

describe('text', () => {
  test('every canonical text is its own value (D1)', () => {
    fc.assert(fc.property(decimals, (text) => { expect(parseDecimal(text)).toBe(text) }))
  })

  test('zeros at the end of a fraction are all that goes, however many', () => {
    fc.assert(fc.property(decimals, fc.integer({ min: 1, max: 70 }), (text, zeros) => {
      const padded = `${text.includes('.') ? text : `${text}.`}${'0'.repeat(zeros)}`
      expect(parseDecimal(padded)).toBe(text)
    }))
  })

  test('is made canonical: no plus, no leading or trailing zeros, no negative zero', () => {
    const texts = ['+1.50', '007', '0.10', '.5', '1.', '-0', '-0.00', '100', '-0.500', '0.000000000000000001']
    expect(texts.map((text) => parseDecimal(text))).toEqual(['1.5', '7', '0.1', '0.5', '1', '0', '0', '100', '-0.5', '0.000000000000000001'])
  })

  test('never comes out with an exponent', () => {
    expect(times(quantity('0.000000000000000001'), quantity('0.000000000000000001'))).toBe(`0.${'0'.repeat(35)}1`)
    expect(times(quantity('1000000000000000000'), quantity('1000000000000000000'))).toBe(`1${'0'.repeat(36)}`)
  })

  test.each(['', ' ', '.', '-', 'NaN', 'Infinity', '-Infinity', '1e5', '1E-3', '0x10', '1,5', '1 ', ' 1', '1.2.3', '--1', '1_000', 'null', '١', '9'.repeat(61)])('%j is refused (D2)', (text) => {
    expect(parseDecimal(text)).toBeUndefined()
    for (const read of [price, quantity, money, rate]) expect(() => read(text)).toThrow(DecimalError)
  })
})

describe('arithmetic is exact', () => {
  test('sums, differences and products agree with whole numbers (PX-15)', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        const [x, y] = [money(a), money(b)]
        const places = Math.max(placesOf(a), placesOf(b))
        const [m, n] = [scaled(a, places), scaled(b, places)]
        expect([plus(x, y), minus(x, y), times(x, y)]).toEqual([textOf(m + n, places), textOf(m - n, places), textOf(m * n, places * 2)])
        expect(compare(x, y)).toBe(m < n ? -1 : m > n ? 1 : 0)
        expect([least(x, y), greatest(x, y)]).toEqual(m <= n ? [a, b] : [b, a])
        expect(absolute(x)).toBe(textOf(m < 0n ? -m : m, places))
      }),
    )
  })

  test('what binary fractions get wrong (PX-05)', () => {
    expect(plus(money('0.1'), money('0.2'))).toBe('0.3')
    expect(minus(price('0.3'), price('0.1'))).toBe('0.2')
    expect(notional(price('1.1'), quantity('1.1'))).toBe('1.21')
    expect(sum([money('0.1'), money('0.2'), money('0.3')])).toBe('0.6')
    expect(sum([])).toBe('0')
  })

  test('a quotient that ends is exact, one that does not is good to 60 digits; by zero it throws (D2)', () => {
    expect(dividedBy(money('1'), money('8'))).toBe('0.125')
    expect(dividedBy(money('2'), money('3'))).toBe(`0.${'6'.repeat(59)}7`)
    expect(() => dividedBy(money('1'), money('0'))).toThrow(DecimalError)
    expect(() => dividedBy(money('0'), money('0'))).toThrow(DecimalError)
  })

  test('signs and rates', () => {
    expect([isPositive(money('0.000001')), isPositive(money('0')), isPositive(money('-1'))]).toEqual([true, false, false])
    expect([isZero(money('-0.0')), isZero(money('0.1'))]).toEqual([true, false])
    expect([rateOfBps(50), rateOfBps(0), rateOfBps(0.5)]).toEqual(['0.005', '0', '0.00005'])
  })
})

describe('rounding has a direction', () => {
  test('floor and ceiling are the neighbours on the grid', () => {
    fc.assert(
      fc.property(decimals, steps, (text, stepText) => {
        const [value, step] = [price(text), price(stepText)]
        const [low, high] = [floorTo(value, step), ceilTo(value, step)]
        expect([isMultipleOf(low, step), isMultipleOf(high, step)]).toEqual([true, true])
        expect([compare(low, value) <= 0, compare(value, plus(low, step)) < 0]).toEqual([true, true])
        expect([compare(high, value) >= 0, compare(value, minus(high, step)) > 0]).toEqual([true, true])
        expect(isMultipleOf(value, step)).toBe(low === high)
      }),
    )
  })

  test('of negative values too', () => {
    expect([floorTo(price('-1.5'), price('1')), ceilTo(price('-1.5'), price('1'))]).toEqual(['-2', '-1'])
  })

  test('for display: half to even', () => {
    expect([rounded(money('2.5'), 0), rounded(money('3.5'), 0), rounded(money('1.005'), 2), rounded(money('1.0051'), 2)]).toEqual(['2', '4', '1', '1.01'])
  })
})
