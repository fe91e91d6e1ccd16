/** The desk's names: client order ids, pair ids, addresses. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { breakerAddress, deskAddress, kindOf, orderAddress, pairAddress } from '../../src/domain/address.ts'
import { formatClientOrderId, formatPairId, parseClientOrderId, type OrderName } from '../../src/domain/client-order-id.ts'

const pairIds = fc.tuple(fc.integer({ min: 0, max: 2 ** 49 }), fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 8, maxLength: 8 })).map(([at, random]) => formatPairId(at, random))
const names: fc.Arbitrary<OrderName> = fc.record({
  install: fc.stringMatching(/^[0-9a-z]{4}$/),
  pairId: pairIds,
  leg: fc.constantFrom('buy', 'sell'),
  attempt: fc.integer({ min: 1, max: 99_999 }),
})

describe('a client order id', () => {
  test('says whose it is, and is read back whole, in at most 36 characters', () => {
    fc.assert(
      fc.property(names, (name) => {
        const id = formatClientOrderId(name)
        expect(parseClientOrderId(id)).toEqual(name)
        expect(id.length).toBeLessThanOrEqual(36)
        expect(id).toMatch(/^[A-Za-z0-9-]+$/)
      }),
    )
  })

  test('two different names never share an id', () => {
    fc.assert(fc.property(names, names, (a, b) => {
      expect(formatClientOrderId(a) === formatClientOrderId(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
    }))
  })

  test.each(['', 'web_1234', 'nd3kf9-01JD5MZX8K4T7WQ2AB-x2', 'nd3kf9-01JD5MZX8K4T7WQ2AB-s0', 'nd3kf9-01JD5MZX8K4T7WQ2AB-s', 'nd3kf9-01JD5MZX8K4T7WQ2A-s1', 'ND3kf9-01JD5MZX8K4T7WQ2AB-s1', 'nd3kf9-01JD5MZX8K4T7WQ2AB-s1 ', 'xnd3kf9-01JD5MZX8K4T7WQ2AB-s1'])('%j is not ours', (text) => {
    expect(parseClientOrderId(text)).toBeUndefined()
  })
})

describe('a pair id', () => {
  test('has 18 characters and sorts by birth', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 49 }), fc.integer({ min: 1, max: 2 ** 30 }), (at, later) => {
      const [first, second] = [formatPairId(at, Array.from({ length: 8 }, () => 31)), formatPairId(at + later, Array.from({ length: 8 }, () => 0))]
      expect([first.length, second.length, first < second]).toEqual([18, 18, true])
    }))
  })
})

test('an address names its kind, or nothing', () => {
  expect([deskAddress, orderAddress('x'), pairAddress('y'), breakerAddress('z:BTC-USD'), 'order/', 'order', 'breaker', 'lathe/x', '', 'desk/1'].map(kindOf)).toEqual(['desk', 'order', 'trade-pair', 'breaker', undefined, undefined, undefined, undefined, undefined, undefined])
})
