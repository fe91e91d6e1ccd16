/** What survives a process, a lost answer and a second process: everything that anybody was told, once. */
import { describe, expect, test } from 'vitest'
import { MemoryPaperLedger, PaperStore } from '../../src/adapters/memory/memory-paper-ledger.ts'
import { endedKept, LedgerBroken, PaperAccount } from '../../src/adapters/paper/account.ts'
import { Turns } from '../../src/adapters/paper/turns.ts'
import type { Approved } from '../../src/domain/approved.ts'
import { money, quantity } from '../../src/domain/decimal.ts'
import type { PaperEvent } from '../../src/ports/paper-ledger.ts'
import { recordingLog } from '../support/clock.ts'
import { btc, got, heard, latencyMs, request, scene } from './support.ts'

describe('after a restart', () => {
  test('the account, its orders, their fills and its name are as they were', async () => {
    const { place, market, venue, another, arrives } = scene()
    await place(request({ price: '100.02', quantity: '6', postOnly: false }))
    const cancelled = await place(request())
    await arrives(venue.cancel(cancelled))
    await place(request({ side: 'sell', price: '100.05', quantity: '2' }))
    market.trade('buy', '100.06', '1')
    await heard()
    const next = another()
    const all = async (of: typeof venue) => [got(await of.accountId()), got(await of.balances()), got(await of.ordersSince(0)), got(await of.fillsSince(0)), got(await of.workingOrders())]
    expect(await all(next.venue)).toEqual(await all(venue))
    expect(got(await next.venue.accountId())).toMatch(/^paper-[a-z2-9]{8}$/)
  })

  test('an opening balance in the options changes nothing', async () => {
    const { balance, another } = scene()
    expect(await balance('USD')).toBe('10000/0')
    expect(await another({ opening: { USD: money('5') } }).balance('USD')).toBe('10000/0')
  })

  test('a resting order has lost its place: it waits behind all that is displayed when its queue is seen, and then fills', async () => {
    const first = scene({ lookEveryMs: 0 })
    const id = await first.place(request({ price: '99.99', quantity: '1' }))
    first.market.trade('sell', '99.99', '4')
    await heard()
    first.hearing.close()
    const next = first.another()
    got(await next.venue.instruments())
    await next.report(id)
    first.market.show([['99.99', '9']], [['100.01', '4']])
    first.market.quote('99.99', '100.01')
    await heard()
    first.market.trade('sell', '99.99', '9')
    await heard()
    expect(await next.fills(id)).toEqual([])
    first.market.trade('sell', '99.99', '2')
    await heard()
    expect((await next.fills(id)).map(({ quantity: of }) => of)).toEqual(['1'])
  })
})

describe('a write whose answer is lost', () => {
  test.each([['loseAfter', true], ['loseBefore', false]] as const)('%s: the create is unknown, and the look-up tells (made: %s)', async (when, made) => {
    const { venue, clock, ledger, balance } = scene()
    got(await venue.accountId())
    const wish = request({ price: '99', quantity: '1' })
    const answer = venue.create({ request: wish as Approved<typeof wish>, claimedAt: venue.now() })
    ledger.loseNext(when)
    await clock.advance(latencyMs)
    expect(await answer).toMatchObject({ kind: 'unknown', failure: { kind: 'unavailable' } })
    const found = got(await venue.findByClientOrderId(wish.clientOrderId, 0))
    expect(found?.status).toBe(made ? 'open' : undefined)
    expect(await balance('USD')).toBe(made ? '9900.802/99.198' : '10000/0')
  })

  test('of a fill costs nothing: it is booked once where it was written, and not at all where it was not', async () => {
    for (const [when, filled] of [['loseAfter', '0.5'], ['loseBefore', '0']] as const) {
      const { place, market, ledger, report } = scene()
      const id = await place(request({ price: '99.99', quantity: '3' }))
      ledger.loseNext(when)
      market.trade('sell', '99.98', '1')
      await heard()
      expect((await report(id)).executed).toBe(filled)
      market.trade('sell', '99.98', '1')
      await heard()
      expect((await report(id)).executed).toBe(filled === '0' ? '0.5' : '1')
    }
  })

  test('can never arrive after a look-up has said that it is not there: its place is taken (T3)', async () => {
    const { venue, clock, ledger, store } = scene()
    got(await venue.accountId())
    const wish = request()
    const answer = venue.create({ request: wish as Approved<typeof wish>, claimedAt: venue.now() })
    ledger.loseNext('loseBefore')
    await clock.advance(latencyMs)
    await answer
    const position = store.entries.length
    expect(got(await venue.findByClientOrderId(wish.clientOrderId, 0))).toBeUndefined()
    expect(await new MemoryPaperLedger(store).append(position, [{ type: 'resumed', at: 0 }])).toBe('overtaken')
  })

  test('leaves the market unheard until the ledger was read again (T3)', async () => {
    const { place, market, ledger, report } = scene()
    const id = await place(request({ price: '99.99', quantity: '3' }))
    ledger.loseNext('loseBefore')
    market.trade('sell', '99.98', '1')
    market.trade('sell', '99.98', '1')
    await heard()
    expect((await report(id)).executed).toBe('0')
  })
})

describe('two processes on one ledger', () => {
  test('each sees what the other did', async () => {
    const first = scene()
    const second = first.another()
    const id = await first.place(request())
    expect(await second.report(id)).toMatchObject({ status: 'open' })
    expect(await second.arrives(second.venue.cancel(id))).toEqual({ kind: 'requested' })
    expect(await first.report(id)).toMatchObject({ status: 'cancelled' })
    expect(await first.arrives(first.venue.cancel(id))).toEqual({ kind: 'refused', detail: 'the order is cancelled' })
  })

  test('cannot both spend the same money', async () => {
    const first = scene()
    const second = first.another()
    got(await second.venue.accountId())
    const answers = [first, second].map(({ venue }) => {
      const wish = request({ price: '99.99', quantity: '99' })
      return venue.create({ request: wish as Approved<typeof wish>, claimedAt: venue.now() })
    })
    await first.clock.advance(latencyMs)
    expect((await Promise.all(answers)).map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'refused'])
  })

  test('do not fill an order beyond its quantity when both hear the same trade', async () => {
    const first = scene()
    const id = await first.place(request({ price: '99.99', quantity: '0.8' }))
    const second = first.another()
    got(await second.venue.instruments())
    await second.report(id)
    await first.report(id)
    first.market.trade('sell', '99.98', '1')
    await heard()
    first.market.trade('sell', '99.98', '1')
    await heard()
    for (const { report } of [first, second]) expect(await report(id)).toMatchObject({ executed: '0.8', status: 'filled' })
  })

  test('one that slept through its successor admits nothing of what it had decided when the window was over', async () => {
    const sleeper = scene()
    got(await sleeper.venue.accountId())
    const wish = request()
    const answer = sleeper.venue.create({ request: wish as Approved<typeof wish>, claimedAt: sleeper.venue.now() })
    const heir = sleeper.another()
    got(await heir.venue.accountId())
    sleeper.clock.stall(60_000)
    await sleeper.clock.advance(0)
    expect(await answer).toMatchObject({ kind: 'unknown', failure: { kind: 'timeout' } })
    expect(got(await heir.venue.findByClientOrderId(wish.clientOrderId, 0))).toBeUndefined()
  })
})

describe('the ledger’s size', () => {
  const turnsOn = (store: PaperStore): Turns =>
    new Turns({
      ledger: new MemoryPaperLedger(store),
      log: recordingLog(),
      now: () => 1,
      opening: () => ({ type: 'opened', at: 1, accountId: 'paper-a', balances: [{ asset: 'USD', free: quantity('7'), held: quantity('0') }] }),
      reread: () => undefined,
      changed: () => undefined,
    })

  test('a snapshot takes the place of twenty thousand events, and leads to the same account', async () => {
    const store = new PaperStore()
    const turns = turnsOn(store)
    const order: PaperEvent = { type: 'placed', at: 1, venueOrderId: 'v1', request: request({ clientOrderId: 'kept' }), base: 'BTC', quote: 'USD', terms: { maker: '0' as never, taker: '0' as never, feeIn: 'quote' }, hold: quantity('5') }
    await turns.take(() => ({ events: [order], answer: undefined }))
    const noise: readonly PaperEvent[] = Array.from({ length: 4_000 }, () => ({ type: 'resumed', at: 1 }))
    for (let time = 0; time < 5; time++) await turns.take(() => ({ events: noise, answer: undefined }))
    expect(store.entries).toHaveLength(1)
    const told = ({ balances, working, id }: PaperAccount): unknown => ({ balances, working, id })
    const before = got(await turns.look(told))
    expect(before).toMatchObject({ id: 'paper-a', balances: [{ asset: 'USD', free: '2', held: '5' }], working: [{ clientOrderId: 'kept' }] })
    expect(got(await turnsOn(store).look(told))).toEqual(before)
  })

  test('the last ended orders are remembered, whatever their age, and every working one', () => {
    const account = new PaperAccount()
    let position = 0
    const take = (event: PaperEvent): unknown => account.take({ position: ++position, event })
    take({ type: 'opened', at: 0, accountId: 'paper-a', balances: [] })
    const place = (name: string): unknown => take({ type: 'placed', at: 0, venueOrderId: name, request: request({ clientOrderId: name }), base: 'BTC', quote: 'USD', terms: { maker: '0' as never, taker: '0' as never, feeIn: 'quote' }, hold: quantity('0') })
    place('working')
    for (let count = 0; count <= endedKept; count++) {
      place(`o${count}`)
      take({ type: 'ended', at: 0, venueOrderId: `o${count}`, reason: '' })
    }
    expect([account.named('working')?.status, account.named('o0'), account.named('o1')?.status]).toEqual(['open', undefined, 'cancelled'])
    expect(account.orders).toHaveLength(endedKept + 1)
  })
})

test('a ledger whose events cannot all be true is not believed', () => {
  const account = new PaperAccount()
  account.take({ position: 1, event: { type: 'opened', at: 0, accountId: 'paper-a', balances: [{ asset: 'USD', free: quantity('1'), held: quantity('0') }] } })
  const terms = { maker: '0' as never, taker: '0' as never, feeIn: 'quote' } as const
  expect(() => account.take({ position: 1, event: { type: 'resumed', at: 0 } })).toThrow(LedgerBroken)
  expect(() => account.take({ position: 2, event: { type: 'ended', at: 0, venueOrderId: 'nobody', reason: '' } })).toThrow(LedgerBroken)
  expect(() => account.take({ position: 2, event: { type: 'placed', at: 0, venueOrderId: 'v', request: request(), base: 'BTC', quote: 'USD', terms, hold: quantity('2') } })).toThrow(LedgerBroken)
})

test('an unknown instrument of a resting order is not forgotten: it fills once the market tells of it (K2)', async () => {
  const first = scene()
  const id = await first.place(request({ price: '99.99', quantity: '1' }))
  first.hearing.close()
  const next = first.another()
  await next.report(id)
  first.market.trade('sell', '99.98', '4')
  await heard()
  expect(await next.fills(id)).toEqual([])
  expect(got(await next.venue.instruments())).toEqual([btc])
  first.market.trade('sell', '99.98', '4')
  await heard()
  expect(await next.fills(id)).toHaveLength(1)
})
