/** What the rows say now (src/actors/desk-view.ts): the fold must equal the sum, whatever came in whatever order (I10). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DeskView } from '../../src/actors/desk-view.ts'
import { minus, money, notional, plus, price, quantity, sum, type Money } from '../../src/domain/decimal.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import { tradePairContext, type TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { pairInput } from '../support/loop.ts'
import { tradingDesk } from '../support/desk.ts'
import { orderRecordOf, pairRecord } from '../support/records.ts'

const pairs = ['01JD5MZX8K4T7WQ2AA', '01JD5MZX8K4T7WQ2BB', '01JD5MZX8K4T7WQ2CC'] as const
const tenths = (count: number): ReturnType<typeof quantity> => quantity((count / 10).toFixed(1))

interface OrderRow { readonly kind: 'order'; readonly pair: number; readonly leg: 'buy' | 'sell'; readonly size: number; readonly filled: number; readonly price: number; readonly live: boolean }
interface PairRow { readonly kind: 'pair'; readonly pair: number; readonly held: number; readonly sold: number; readonly price: number; readonly finished: boolean }
type Row = OrderRow | PairRow

const orderRow: fc.Arbitrary<Row> = fc.record({ kind: fc.constant('order' as const), pair: fc.nat(2), leg: fc.constantFrom('buy' as const, 'sell' as const), size: fc.integer({ min: 1, max: 50 }), filled: fc.nat(50), price: fc.integer({ min: 1, max: 90_000 }), live: fc.boolean() }).map((row) => ({ ...row, filled: Math.min(row.filled, row.size) }))
const pairRow: fc.Arbitrary<Row> = fc.record({ kind: fc.constant('pair' as const), pair: fc.nat(2), held: fc.nat(50), sold: fc.nat(50), price: fc.integer({ min: 1, max: 90_000 }), finished: fc.boolean() }).map((row) => ({ ...row, sold: Math.min(row.sold, row.held) }))

const contextOf = (row: PairRow): TradePairContext => ({
  ...tradePairContext(pairInput(pairs[row.pair] ?? pairs[0], { buy: { quantity: quantity('5'), price: price(String(row.price)), postOnly: true } })),
  held: tenths(row.held),
  sold: tenths(row.sold),
})
const recordOf = (row: Row): ActorRecord => {
  const pairId = pairs[row.pair] ?? pairs[0]
  if (row.kind === 'order') return orderRecordOf(pairId, row.leg, 1, { quantity: tenths(row.size), filled: tenths(row.filled), price: price(String(row.price)), live: row.live })
  return { ...pairRecord(pairId), state: row.finished ? 'closed' : 'sellPlaced.pending', finished: row.finished, context: { ...contextOf(row) } }
}
/** The same number from the last row of each actor alone. */
const summed = (rows: readonly Row[]): Money => {
  const last = new Map(rows.map((row) => [row.kind === 'order' ? `${row.pair} ${row.leg}` : String(row.pair), row]))
  return sum([money('0'), ...[...last.values()].map((row) => {
    if (row.kind === 'pair') return row.finished ? money('0') : notional(price(String(row.price)), minus(tenths(row.held), tenths(row.sold)))
    return row.live && row.leg === 'buy' ? notional(price(String(row.price)), minus(tenths(row.size), tenths(row.filled))) : money('0')
  })])
}

describe('exposure', () => {
  test('is the sum over the rows after any number of changes, exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(orderRow, pairRow), { maxLength: 60 }), (rows) => {
        const view = new DeskView()
        for (const row of rows) view.take(recordOf(row))
        expect(view.exposure()).toBe(summed(rows))
      }),
      { numRuns: 300 },
    )
  })

  test('counts what is approved and not durable, once, and never beside its own row', () => {
    const view = new DeskView()
    const row = orderRecordOf(pairs[0], 'buy', 1, { quantity: quantity('2'), price: price('100') })
    const id = row.order?.clientOrderId ?? ''
    view.reserve(id, 'BTC-USD', money('200'))
    expect([view.exposure(), view.exposure(id)]).toEqual(['200', '0'])
    view.take(row)
    expect([view.exposure(), view.exposure(id)]).toEqual(['200', '0'])
    view.reserve('another', 'BTC-USD', money('50'))
    expect([view.exposure(), view.exposure(id), view.exposure('another')]).toEqual(['250', '50', '200'])
    view.forgetReserved()
    expect([view.exposure(), view.exposure(id)]).toEqual(['200', '0'])
  })

  test('goes over from the buy to what it bought without counting it twice or losing it', () => {
    const view = new DeskView()
    const buy = (filled: string, live: boolean) => orderRecordOf(pairs[0], 'buy', 1, { quantity: quantity('5'), price: price('100'), filled: quantity(filled), live })
    const pair = (held: number, sold: number, finished = false): ActorRecord => recordOf({ kind: 'pair', pair: 0, held, sold, price: 100, finished })
    const after = (...records: readonly ActorRecord[]): Money => {
      for (const record of records) view.take(record)
      return view.exposure()
    }
    expect([after(buy('0', true), pair(0, 0)), after(buy('2', true), pair(20, 0)), after(buy('5', false), pair(50, 0)), after(pair(50, 20)), after(pair(50, 50, true))]).toEqual(['500', '500', '500', '300', '0'])
    expect(view.closed).toBe(1)
  })
})

describe('in a running desk', () => {
  test('the view of a desk that runs and of one that has just been started are the same', async () => {
    const world = await tradingDesk()
    for (const bid of ['59900', '59850', '60100', '59700', '60400']) {
      world.venue.moveTo(bid)
      await world.clock.advance(3_000)
    }
    const seen = () => ({
      orders: world.desk.view.orders().map(({ clientOrderId, state, filled }) => `${clientOrderId} ${state} ${filled}`).toSorted(),
      pairs: world.desk.view.pairs().map(({ pairId, state }) => `${pairId} ${state}`).toSorted(),
      exposure: world.desk.view.exposure(),
    })
    const before = seen()
    expect(plus(money('0'), before.exposure)).not.toBe('0')
    world.kill()
    await world.start()
    expect(seen()).toEqual(before)
  })
})
