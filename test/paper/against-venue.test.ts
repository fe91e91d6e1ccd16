/** Paper beside what really trades (scripts/paper-against-venue.ts): it may fill less and later, never more. */
import { expect, test } from 'vitest'
import { compare, tableOf, type Outcome, type Pair } from '../../scripts/paper/compare.ts'
import { sideBySide } from '../../scripts/paper/side-by-side.ts'
import { money, price, quantity } from '../../src/domain/decimal.ts'
import type { Side } from '../../src/domain/order.ts'
import { request } from './support.ts'

const filled = (sentAt: number, ...fills: readonly (readonly [price: string, quantity: string, fee: string, at: number])[]): Outcome => ({
  sentAt,
  fills: fills.map(([of, size, fee, at], index) => ({ tradeId: `${sentAt}-${index}`, venueOrderId: 'v', instrument: 'BTC-USD', side: 'buy', price: price(of), quantity: quantity(size), fee: money(fee), feeAsset: 'USD', liquidity: 'maker', at })),
})
const pair = (side: Side, paper: Outcome, venue: Outcome): Pair => ({ request: request({ side }), paper, venue })

test('the comparison tells who filled what, how much worse, at what fee and how much later', () => {
  const pairs = [
    pair('buy', filled(0, ['100.04', '1', '0.1', 900]), filled(0, ['100.01', '1', '0.05', 100])),
    pair('sell', filled(0, ['99.98', '1', '0', 300], ['100', '1', '0', 700]), filled(0, ['100', '2', '0', 200])),
    pair('sell', filled(0), filled(0, ['100', '1', '0', 400])),
    pair('buy', filled(0, ['100', '1', '0', 50]), filled(0)),
    pair('buy', filled(0), filled(0)),
  ]
  const found = compare(pairs, price('0.01'))
  expect(found).toEqual({
    orders: 5,
    filledOnBoth: 2,
    filledOnlyOnPaper: 1,
    filledOnlyAtVenue: 1,
    quantityOnPaper: '4',
    quantityAtVenue: '4',
    priceWorseTicks: { median: 3, best: 0, worst: 3 },
    feeBps: { paper: 2.5, venue: 1.25 },
    timeToFillMs: { paper: 300, venue: 200, medianDifference: 800 },
  })
  expect(tableOf(found).split('\n')).toHaveLength(14)
})

test('in fifteen seconds of a lively market paper fills no more than the venue did, a twentieth forgiven', { timeout: 90_000 }, async () => {
  const { pairs, tick } = await sideBySide({ seed: '7', seconds: 15, everyMs: 250, workMs: 4_000, latencyMs: 20 })
  const found = compare(pairs, tick)
  expect(found.orders).toBeGreaterThan(30)
  expect(found.filledOnBoth).toBeGreaterThan(5)
  expect(Number(found.quantityOnPaper)).toBeLessThanOrEqual(Number(found.quantityAtVenue) * 1.05)
  expect(found.filledOnlyOnPaper).toBeLessThanOrEqual(Math.ceil(found.orders / 20))
  expect(found.priceWorseTicks.median).toBeGreaterThanOrEqual(0)
})
