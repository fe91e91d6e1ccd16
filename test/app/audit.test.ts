/** The audit finds what it is there to find: each difference is planted once. */
import { describe, expect, test } from 'vitest'
import { audit, type Books, type Ledger } from '../../src/app/audit.ts'
import { money, quantity } from '../../src/domain/decimal.ts'
import { tradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { pairInput } from '../support/loop.ts'
import { fillOf, fillRecord, orderRecordOf, pairRecord } from '../support/records.ts'

const P = '01JD5MZX8K4T7WQ2AB'
const buy = orderRecordOf(P, 'buy', 1, { live: false, filled: quantity('0.001') })
const sell = orderRecordOf(P, 'sell', 1)
const buyId = buy.order?.clientOrderId ?? ''
const sellId = sell.order?.clientOrderId ?? ''
const bought = fillOf('f1', 'buy', '0.001')

const books: Books = {
  install: '0000',
  orders: [buy, sell],
  pairs: [{ ...pairRecord(P), state: 'sellPlaced.pending', context: { ...tradePairContext(pairInput(P)), held: quantity('0.001'), bought: quantity('0.001'), cost: money('60') } }],
  fills: [fillRecord(P, buy, bought)],
}

const thereOrder = (clientOrderId: string, state: string, over: object = {}) => ({ clientOrderId, venueOrderId: `v-${clientOrderId}`, writes: 1, state, side: 'BUY', quantity: '0.001', price: '60000', filled: '0', ...over })

const ledger: Ledger = {
  orders: [thereOrder(buyId, 'FILLED'), thereOrder(sellId, 'OPEN')],
  fills: [{ entryId: 'f1', venueOrderId: 'v', clientOrderId: buyId, product: 'BTC-USD', side: 'BUY', price: '60000', quantity: '0.001', fee: '0', feeAsset: 'USD' }],
  balances: { opening: { USD: '1000', BTC: '0' }, free: { USD: '940', BTC: '0' }, held: { USD: '0', BTC: '0.001' } },
}

test('two books that agree are clean', () => {
  expect(audit(ledger, books)).toEqual({ duplicates: 0, orphans: 0, missingFills: 0, phantomFills: 0, uncovered: 0, balanced: true, clean: true, differences: [] })
})

describe('a difference is counted', () => {
  const [fill] = ledger.fills
  const cases: readonly [string, Ledger, Books, object][] = [
    ['an id written twice', { ...ledger, orders: [thereOrder(buyId, 'FILLED', { writes: 2 }), thereOrder(sellId, 'OPEN')] }, books, { duplicates: 1 }],
    ['two live orders of a leg', { ...ledger, orders: [...ledger.orders, thereOrder(sellId.replace('s1', 's2'), 'OPEN')] }, books, { duplicates: 1, orphans: 1 }],
    ['an order that no row knows', { ...ledger, orders: [...ledger.orders, thereOrder(buyId.replace('b1', 'b2'), 'FILLED')] }, books, { orphans: 1 }],
    ['an order that lives there and ended here', ledger, { ...books, orders: [buy, orderRecordOf(P, 'sell', 1, { live: false })] }, { orphans: 1, uncovered: 1 }],
    ['a fill that is not booked', ledger, { ...books, fills: [] }, { missingFills: 1, balanced: false }],
    ['a fill that is not there', { ...ledger, fills: [] }, books, { phantomFills: 1 }],
    ['a fill with another price', { ...ledger, fills: fill === undefined ? [] : [{ ...fill, price: '60001' }] }, books, { phantomFills: 1 }],
    ['a holding without a sell', ledger, { ...books, orders: [buy], pairs: books.pairs.map((pair) => ({ ...pair, state: 'filled' })) }, { uncovered: 1, orphans: 1 }],
    ['a balance that is off', { ...ledger, balances: { ...ledger.balances, free: { USD: '939', BTC: '0' } } }, books, { balanced: false }],
  ]
  test.each(cases)('%s', (_name, there, here, expected) => {
    expect(audit(there, here)).toMatchObject({ ...expected, clean: false })
  })

  test('another install on the same account is nobody of ours', () => {
    const stranger = thereOrder(`ndzzzz-${P}-b7`, 'OPEN')
    expect(audit({ ...ledger, orders: [...ledger.orders, stranger] }, books).clean).toBe(true)
  })
})
