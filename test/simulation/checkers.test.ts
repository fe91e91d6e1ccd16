/** Every checker reports a history that breaks its invariant, and is silent about one that does not. */
import { describe, expect, test } from 'vitest'
import { MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { money, price, quantity } from '../../src/domain/decimal.ts'
import type { ActorRecord, EventRecord } from '../../src/domain/records.ts'
import type { Turn } from '../../src/ports/journal.ts'
import { amount } from '../../sandbox/exchange/amounts.ts'
import { forgetfulJournal } from '../../sandbox/exchange/journal-file.ts'
import { Ledger } from '../../sandbox/exchange/ledger.ts'
import type { Fill, FinalStatus, OrderTerms } from '../../sandbox/exchange/order.ts'
import { bookings } from '../../simulation/judge/bookings.ts'
import { bounds, type Load } from '../../simulation/judge/bounds.ts'
import type { Commit } from '../../simulation/judge/checker.ts'
import { cover } from '../../simulation/judge/cover.ts'
import { evidence } from '../../simulation/judge/evidence.ts'
import { forward } from '../../simulation/judge/forward.ts'
import { freshness } from '../../simulation/judge/freshness.ts'
import { Judge } from '../../simulation/judge/judge.ts'
import { limits } from '../../simulation/judge/limits.ts'
import { oneSend } from '../../simulation/judge/one-send.ts'
import { unrest } from '../../simulation/judge/peace.ts'
import { replay } from '../../simulation/judge/replay.ts'
import { secrets } from '../../simulation/judge/secrets.ts'
import { defaultTuning } from '../../src/actors/desk-options.ts'
import { batchOf, fillOf, fillRecord, lotRecord, orderRecordOf, pairRecord } from '../support/records.ts'

const P = '01JD5MZX8K4T7WQ2AB'

/** Two books, and a judge that notes which invariants were reported. */
const court = () => {
  const store = new MemoryStore()
  const ledger = new Ledger(forgetfulJournal(), { USD: amount('1000'), BTC: amount('1') }, 0)
  const judge = new Judge(() => 0)
  const admit = (clientOrderId: string, orderId: string, over: Partial<OrderTerms> = {}): void =>
    ledger.commit([{ type: 'admitted', at: 0, orderId, hold: 0n, terms: { clientOrderId, productId: 'BTC-USD', side: 'BUY', limitTicks: 100, quantity: amount('0.001'), timeInForce: 'GTC', postOnly: true, ...over } }])
  const end = (orderId: string, status: FinalStatus): void => ledger.commit([{ type: 'ended', at: 0, orderId, status, message: '' }])
  const fill = (orderId: string, entryId: string, over: Partial<Fill> = {}): void =>
    ledger.commit([{ type: 'filled', at: 0, holdAfter: 0n, fill: { entryId, tradeId: entryId, orderId, productId: 'BTC-USD', side: 'BUY', price: amount('60000'), quantity: amount('0.001'), value: amount('60'), fee: 0n, feeAsset: 'USD', liquidity: 'MAKER', sizeInQuote: false, at: 0, ...over } }])
  /** What the checkers see of a batch; the store shows it too unless it would refuse it. */
  const commit = (...turns: readonly Partial<Turn>[]): Commit => ({ batch: batchOf('1-1', ...turns), epoch: 0, life: 1, worldTimeOf: (wall) => wall })
  const write = (...turns: readonly Partial<Turn>[]): void => store.tables.write(batchOf(`w${store.tables.batches.size}`, ...turns))
  const order = (clientOrderId: string): Parameters<Required<ReturnType<typeof cover>>['venueChanged']>[0] => {
    const found = ledger.orders.get(ledger.clientIds.get(clientOrderId)?.orderId ?? '')
    if (found === undefined) throw new Error(`no order ${clientOrderId}`)
    return found
  }
  const reported = (): readonly string[] => [...new Set(judge.violations.map(({ invariant }) => invariant))]
  return { store, ledger, judge, admit, end, fill, commit, write, order, reported, books: { store, ledger } }
}

const idOf = (record: ActorRecord): string => record.order?.clientOrderId ?? ''
const createOf = (id: string) => ({ method: 'POST', url: new URL('http://venue/api/v3/brokerage/orders'), body: { client_order_id: id } })
const cancelOf = (id: string) => ({ method: 'POST', url: new URL('http://venue/api/v3/brokerage/orders/batch_cancel'), body: { order_ids: [id] } })
const createdAt = (address: string, at: number): EventRecord => ({ position: 1, address, seq: 1, turn: 't', at, type: 'created', body: { leg: 'buy' }, from: '', to: 'submitting' })

describe('the judge of', () => {
  const buy = orderRecordOf(P, 'buy', 1)

  test('I1 sees an id that is written twice, and two live orders of a leg at the venue', () => {
    const { judge, write, admit, order, reported, books } = court()
    const checker = oneSend(books, judge.report)
    const second = orderRecordOf(P, 'buy', 2, { live: false })
    write({ actors: [pairRecord(P), buy, second] })
    checker.leaves?.(createOf(idOf(buy)))
    admit(idOf(buy), 'v1')
    checker.venueChanged?.(order(idOf(buy)))
    expect(reported()).toEqual([])
    checker.leaves?.(createOf(idOf(buy)))
    expect(reported()).toEqual(['I1'])
    admit(idOf(second), 'v2')
    checker.venueChanged?.(order(idOf(second)))
    expect(judge.violations.map(({ detail }) => detail).at(-1)).toContain('2 live orders')
  })

  test('I2 sees a create without its row, and a cancel that no row asked for', () => {
    const { judge, write, admit, reported, books } = court()
    const checker = oneSend(books, judge.report)
    checker.leaves?.(createOf('unheard-of'))
    expect(reported()).toEqual(['I2'])
    write({ actors: [pairRecord(P), { ...buy, state: 'pending' }] })
    admit(idOf(buy), 'v1')
    checker.leaves?.(cancelOf('v1'))
    expect(judge.violations).toHaveLength(2)
    write({ actors: [{ ...buy, state: 'cancelling' }] })
    checker.leaves?.(cancelOf('v1'))
    expect(judge.violations).toHaveLength(2)
  })

  test('I3 sees a fill that is booked twice, one that never was, one with other figures, and a wrong lot', () => {
    const { judge, admit, fill, commit, books } = court()
    const checker = bookings(books, judge.report)
    admit(idOf(buy), 'v-buy')
    fill('v-buy', 't1')
    const booked = { ...fillOf('t1', 'buy', '0.001'), venueOrderId: 'v-buy', price: price('60000'), fee: money('0') }
    const record = { ...fillRecord(P, buy, booked), clientOrderId: idOf(buy) }
    checker.committed?.(commit({ fills: [record], lots: [lotRecord(P, booked)] }))
    expect(judge.violations).toEqual([])
    checker.committed?.(commit({ fills: [record] }))
    checker.committed?.(commit({ fills: [{ ...record, fill: { ...booked, tradeId: 't2' } }] }))
    fill('v-buy', 't3')
    checker.committed?.(commit({ fills: [{ ...record, fill: { ...booked, tradeId: 't3', quantity: quantity('0.002') } }] }))
    checker.committed?.(commit({ lots: [{ ...lotRecord(P, booked), net: quantity('0.0011') }] }))
    expect(judge.violations.map(({ invariant, detail }) => `${invariant} ${detail.includes('twice') ? 'twice' : detail.includes('knows none') ? 'unknown' : detail.includes('figures') ? 'figures' : 'lot'}`)).toEqual(['I3 twice', 'I3 unknown', 'I3 figures', 'I3 lot'])
  })

  test('I4 sees more on offer at the venue than was bought', () => {
    const { judge, write, admit, fill, order, reported, books } = court()
    const checker = cover(books, judge.report)
    const sell = orderRecordOf(P, 'sell', 1, { live: false })
    write({ actors: [pairRecord(P), { ...buy, order: { ...buy.order, live: false } as never }, sell] })
    admit(idOf(buy), 'v1', { quantity: amount('0.002') })
    fill('v1', 't1')
    admit(idOf(sell), 'v2', { side: 'SELL' })
    checker.venueChanged?.(order(idOf(sell)))
    expect(reported()).toEqual([])
    const more = orderRecordOf(P, 'sell', 2, { live: false })
    write({ actors: [more] })
    admit(idOf(more), 'v3', { side: 'SELL' })
    checker.venueChanged?.(order(idOf(more)))
    expect(reported()).toEqual(['I4'])
  })

  test('I5 sees money at the venue that the rows do not explain, and I12 an order in doubt', () => {
    const { store, ledger, write, admit, fill } = court()
    const desk = { connections: [], prices: [] } as never
    write({ actors: [deskRow('trading')] })
    expect(unrest(desk, store, ledger)).toEqual([])
    store.install = 'ab12'
    admit('ndab12-01JD5MZX8K4T7WQ2AB-b9', 'v1')
    fill('v1', 't1')
    expect(unrest(desk, store, ledger).map(([invariant]) => invariant)).toContain('I5')
    write({ actors: [pairRecord(P), { ...buy, state: 'resolving' }] })
    expect(unrest(desk, store, ledger).map(([invariant]) => invariant)).toEqual(['I12'])
    expect(unrest(undefined, store, ledger)).toEqual([['I12', 'no desk runs']])
  })

  test('I6 sees a status or a quantity that goes back', () => {
    const { judge, commit, reported } = court()
    const checker = forward(judge.report)
    checker.committed?.(commit({ actors: [{ ...buy, state: 'pending', seq: 2 }] }))
    checker.committed?.(commit({ actors: [{ ...buy, state: 'filled', seq: 3 }] }))
    expect(reported()).toEqual([])
    checker.committed?.(commit({ actors: [{ ...buy, state: 'pending', seq: 4 }] }))
    expect(reported()).toEqual(['I6'])
  })

  test('I7 sees an end that the venue did not speak, and an absence of what lives', () => {
    const { judge, admit, end, commit, books } = court()
    const checker = evidence(books, judge.report)
    admit(idOf(buy), 'v1')
    checker.committed?.(commit({ actors: [{ ...buy, state: 'cancelled' }] }))
    checker.committed?.(commit({ actors: [{ ...buy, state: 'absent' }] }))
    expect(judge.violations.map(({ invariant }) => invariant)).toEqual(['I7', 'I7'])
    end('v1', 'EXPIRED')
    checker.committed?.(commit({ actors: [{ ...buy, state: 'expired' }] }))
    expect(judge.violations).toHaveLength(2)
  })

  test('I8 sees a batch of an epoch that is over, and an order admitted after its absence was proven', () => {
    const { store, judge, write, admit, order, commit, books } = court()
    const checker = evidence(books, judge.report)
    store.epoch = 2
    checker.committed?.({ ...commit({}), epoch: 1 })
    write({ actors: [pairRecord(P), { ...buy, state: 'absent' }] })
    admit(idOf(buy), 'v1')
    checker.venueChanged?.(order(idOf(buy)))
    expect(judge.violations.map(({ invariant }) => invariant)).toEqual(['I8', 'I8'])
  })

  test('I9 sees a buy that is claimed long after the last price', () => {
    const { judge, commit, reported } = court()
    let now = 100_000
    const checker = freshness(() => now, 5_000, judge.report)
    checker.priced?.(1)
    now = 104_000
    checker.committed?.(commit({ events: [createdAt(buy.address, now)] }))
    expect(reported()).toEqual([])
    now = 106_000
    checker.committed?.(commit({ events: [createdAt(buy.address, now)] }))
    expect(reported()).toEqual(['I9'])
  })

  test('I9 judges a claim whose commit has waited for a minute by what was heard when it was decided, hours into a life', () => {
    const { judge, commit, reported } = court()
    let now = 0
    const checker = freshness(() => now, 5_000, judge.report)
    for (; now < 10_800_000; now += 250) checker.priced?.(1)
    checker.committed?.(commit({ events: [createdAt(buy.address, now - 60_000)] }))
    expect(reported()).toEqual([])
    now += 6_000
    checker.committed?.(commit({ events: [createdAt(buy.address, now)] }))
    expect(reported()).toEqual(['I9'])
  })

  test('I10 sees a claim above the limit of an order, and one above the exposure', () => {
    const { judge, commit } = court()
    const checker = limits({ maxNotionalPerOrder: money('61'), maxExposure: money('100') }, judge.report)
    const claim = (attempt: number, over: object): Commit => {
      const record = { ...orderRecordOf(`${P.slice(0, -1)}${attempt}`, 'buy', 1, over), state: 'submitting' }
      return commit({ actors: [record], events: [createdAt(record.address, 0)] })
    }
    checker.committed?.(claim(1, { price: price('60000'), quantity: quantity('0.001') }))
    expect(judge.violations).toEqual([])
    checker.committed?.(claim(2, { price: price('62000'), quantity: quantity('0.001') }))
    expect(judge.violations.map(({ detail }) => detail)).toEqual([expect.stringContaining('bound'), expect.stringContaining('is worth')])
  })

  test('I11 sees a queue that grows without bound', () => {
    const { judge, commit, reported } = court()
    const load: Load = { backlog: { turns: 1e6, calls: 0, deadlines: 0, storeAway: false, commitMs: 0 }, timers: 10, waiting: 10, liveActors: 0 }
    const checker = bounds(defaultTuning, () => load, judge.report)
    for (let count = 0; count < 16; count++) checker.committed?.(commit({}))
    expect(reported()).toEqual(['I11'])
  })

  test('I13 sees a secret and a token', () => {
    const { judge } = court()
    const checker = secrets('the secret', judge.report)
    checker.told?.('a line', 'nothing to see')
    expect(judge.violations).toEqual([])
    checker.told?.('a line', 'here is the secret')
    checker.told?.('a row', 'Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIi.sig')
    expect(judge.violations.map(({ invariant }) => invariant)).toEqual(['I13', 'I13'])
  })

  test('I15 sees a row that its events do not lead to', () => {
    const { judge, write, reported, books } = court()
    write({ actors: [deskRow('trading')] })
    replay(books, judge.report).atRest?.()
    expect(reported()).toEqual(['I15'])
  })
})

const deskRow = (state: string): ActorRecord => ({ address: 'desk', kind: 'desk', version: 1, seq: 1, state, since: 0, context: {}, finished: false })
