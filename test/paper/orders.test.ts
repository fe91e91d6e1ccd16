/** Creates, cancels and amendments: what is judged when, and what it is answered. */
import { describe, expect, test } from 'vitest'
import type { Approved } from '../../src/domain/approved.ts'
import { money, price, quantity } from '../../src/domain/decimal.ts'
import { failed, type RefusalReason } from '../../src/domain/failure.ts'
import type { Instrument } from '../../src/domain/instrument.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { Failpoint } from '../../src/ports/failpoints.ts'
import { btc, got, heard, latencyMs, request, scene, type Scene } from './support.ts'

const claimed = (wish: OrderRequest, claimedAt: number) => ({ request: wish as Approved<OrderRequest>, claimedAt })

describe('latency', () => {
  test('a create is judged by the market of its arrival, not of its departure', async () => {
    const { venue, market, clock } = scene()
    const answer = venue.create(claimed(request({ price: '100' }), venue.now()))
    await clock.advance(latencyMs - 1)
    market.show([['99.97', '4']], [['99.98', '4']])
    await clock.advance(1)
    expect(await answer).toMatchObject({ kind: 'refused', reason: 'wouldCross' })
  })

  test('nothing is known of an order before it has arrived', async () => {
    const { venue, clock } = scene()
    const wish = request()
    void venue.create(claimed(wish, venue.now()))
    await clock.advance(latencyMs - 1)
    expect(got(await venue.findByClientOrderId(wish.clientOrderId, 0))).toBeUndefined()
    await clock.advance(1)
    expect(got(await venue.findByClientOrderId(wish.clientOrderId, 0))).toMatchObject({ status: 'open' })
  })

  test('a cancel loses against a fill that happens on its way', async () => {
    const { venue, market, clock, place, report } = scene()
    const id = await place(request({ price: '100', quantity: '1' }))
    const answer = venue.cancel(id)
    await clock.advance(latencyMs - 1)
    market.trade('sell', '99.99', '2')
    await clock.advance(1)
    expect(await answer).toEqual({ kind: 'refused', detail: 'the order is filled' })
    expect(await report(id)).toMatchObject({ status: 'filled', executed: '1' })
  })

  test('an amendment of what is filled on its way is refused', async () => {
    const { venue, market, clock, place } = scene()
    const id = await place(request({ price: '100', quantity: '1' }))
    const answer = venue.amend(id, { price: price('99'), quantity: quantity('1') })
    market.trade('sell', '99.99', '2')
    await clock.advance(latencyMs)
    expect(await answer).toMatchObject({ kind: 'refused' })
  })

  test('is drawn for every request: of two that leave together the later may arrive first', async () => {
    const draws = [0.99, 0]
    const { venue, clock } = scene({ latency: { baseMs: 10, jitterMs: 100 }, random: { fraction: () => draws.shift() ?? 0, below: () => 0 } })
    const answered: string[] = []
    for (const name of ['first', 'second']) void venue.create(claimed(request({ clientOrderId: name }), venue.now())).then(() => answered.push(name))
    await clock.advance(200)
    expect(answered).toEqual(['second', 'first'])
  })
})

describe('a create is refused', () => {
  const rules: readonly [string, Partial<OrderRequest>, RefusalReason][] = [
    ['off the tick', { price: price('99.995') }, 'badPrecision'],
    ['off the step', { quantity: quantity('0.00015') }, 'badPrecision'],
    ['below the least quantity', { quantity: quantity('0') }, 'badSize'],
    ['above the greatest quantity', { quantity: quantity('100.0001') }, 'badSize'],
    ['below the least notional', { quantity: quantity('0.0001') }, 'badSize'],
    ['post-only at the ask', { price: price('100.01') }, 'wouldCross'],
    ['beyond the funds', { quantity: quantity('99.9') , price: price('100') }, 'insufficientFunds'],
    ['on an instrument that is not there', { instrument: 'ETH-USD' }, 'instrumentUnavailable'],
  ]
  test.each(rules)('%s', async (_what, over, reason) => {
    const { send, store } = scene()
    const opening = store.entries.length
    expect(await send({ ...request(), ...over })).toMatchObject({ kind: 'refused', reason })
    expect(store.entries.slice(opening).filter(({ event }) => event.type === 'placed')).toEqual([])
  })

  const statuses: readonly [Instrument['status'], boolean, boolean][] = [
    ['online', true, true],
    ['limitOnly', true, true],
    ['postOnly', true, false],
    ['cancelOnly', false, false],
    ['halted', false, false],
    ['delisted', false, false],
  ]
  test.each(statuses)('when the instrument is %s: post-only %s, else %s', async (status, postOnly, other) => {
    const { send, market } = scene()
    market.instrument = { ...btc, status }
    const kinds = [(await send(request())).kind, (await send(request({ postOnly: false }))).kind]
    expect(kinds.map((kind) => kind === 'accepted')).toEqual([postOnly, other])
  })

  test('by a status that has changed since the desk last asked for it', async () => {
    const { send, market, clock } = scene()
    expect((await send(request())).kind).toBe('accepted')
    market.instrument = { ...btc, status: 'halted' }
    await clock.advance(61_000)
    expect(await send(request())).toMatchObject({ kind: 'refused', reason: 'instrumentUnavailable' })
  })

  test.each([['cannot be read', failed({ kind: 'network', detail: 'reset' })], ['is crossed', undefined]])('when the book %s', async (_what, shown) => {
    const { send, market } = scene()
    if (shown === undefined) market.show([['100.02', '1']], [['100.01', '1']])
    else market.shown = shown
    expect(await send(request())).toMatchObject({ kind: 'refused', reason: 'instrumentUnavailable' })
  })

  test('when as many orders work as may', async () => {
    const { send, venue, arrives } = scene({ maxWorking: 2 })
    const first = await send(request())
    expect((await send(request())).kind).toBe('accepted')
    expect(await send(request())).toMatchObject({ kind: 'refused', reason: 'tooManyOrders' })
    await arrives(venue.cancel('venueOrderId' in first ? (first.venueOrderId ?? '') : ''))
    expect((await send(request())).kind).toBe('accepted')
  })
})

describe('one client order id is one order for ever', () => {
  test('a second create in the same process writes nothing', async () => {
    const { send } = scene()
    const wish = request()
    expect((await send(wish)).kind).toBe('accepted')
    expect(await send(wish)).toMatchObject({ kind: 'unknown', failure: { kind: 'badRequest' } })
  })

  test.each(['working', 'ended'])('another process is told that it exists, also when it is %s', async (state) => {
    const { place, another, arrives, venue } = scene()
    const wish = request()
    const venueOrderId = await place(wish)
    if (state === 'ended') await arrives(venue.cancel(venueOrderId))
    expect(await another().send(wish)).toEqual({ kind: 'exists', venueOrderId })
  })

  test('the ledger knows it when its order was forgotten', async () => {
    const { store, send } = scene()
    const wish = request()
    store.clientOrderIds.add(wish.clientOrderId)
    expect(await send(wish)).toEqual({ kind: 'exists' })
  })
})

describe('a claim', () => {
  test('that is too old on its departure is not written', async () => {
    const { venue, clock, store } = scene()
    const answer = await venue.create(claimed(request(), venue.now() - venue.capabilities.proofOfAbsence.windowMs - 1))
    await clock.advance(1_000)
    expect(answer).toMatchObject({ kind: 'unknown', failure: { kind: 'timeout' } })
    expect(store.entries).toEqual([])
  })

  test('whose window ends on the way is not admitted', async () => {
    const { venue, clock, store } = scene()
    const answer = venue.create(claimed(request(), venue.now() - venue.capabilities.proofOfAbsence.windowMs + latencyMs - 1))
    await clock.advance(latencyMs)
    expect(await answer).toMatchObject({ kind: 'unknown', failure: { kind: 'timeout' } })
    expect(store.entries.filter(({ event }) => event.type === 'placed')).toEqual([])
  })
})

describe('amending', () => {
  const resting = async (): Promise<Scene & { id: string }> => {
    const stage = scene()
    return { ...stage, id: await stage.place(request({ price: '99.99', quantity: '2' })) }
  }

  test('less at the same price keeps its place in the queue', async () => {
    const { venue, market, arrives, id, fills } = await resting()
    expect(await arrives(venue.amend(id, { price: price('99.99'), quantity: quantity('1.5') }))).toEqual({ kind: 'requested' })
    market.show([['99.99', '40']], [['100.01', '4']])
    market.trade('sell', '99.99', '6')
    await heard()
    expect((await fills(id)).map(({ quantity: of }) => of)).toEqual(['1.5'])
  })

  test.each([['more', '99.99', '2.1'], ['another price', '99.98', '2']])('%s goes to the end of the queue', async (_what, at, of) => {
    const { venue, market, arrives, id, fills } = await resting()
    market.trade('sell', '99.99', '3.9')
    market.show([['99.99', '7'], ['99.98', '7']], [['100.01', '4']])
    expect(await arrives(venue.amend(id, { price: price(at), quantity: quantity(of) }))).toEqual({ kind: 'requested' })
    market.trade('sell', at, '7')
    await heard()
    expect(await fills(id)).toEqual([])
    market.trade('sell', at, '1')
    await heard()
    expect((await fills(id)).map(({ quantity: size }) => size)).toEqual(['0.5'])
  })

  test.each([
    ['what would take', '100.01', '2'],
    ['what the account cannot pay', '99.99', '99.9'],
    ['off the tick', '99.985', '2'],
  ])('%s is refused, and the order is as it was', async (_what, at, of) => {
    const { venue, arrives, id, report, balance } = await resting()
    const before = await balance('USD')
    expect(await arrives(venue.amend(id, { price: price(at), quantity: quantity(of) }))).toMatchObject({ kind: 'refused' })
    expect(await report(id)).toMatchObject({ price: '99.99', quantity: '2' })
    expect(await balance('USD')).toBe(before)
  })

  test('to no more than is executed is refused', async () => {
    const { venue, market, arrives, id } = await resting()
    market.trade('sell', '99.98', '1')
    await heard()
    expect(await arrives(venue.amend(id, { price: price('99.99'), quantity: quantity('0.5') }))).toEqual({ kind: 'refused', detail: '0.5 is executed already' })
  })

  test('the hold follows', async () => {
    const { venue, arrives, id, balance } = await resting()
    await arrives(venue.amend(id, { price: price('50'), quantity: quantity('1') }))
    expect(await balance('USD')).toBe('9949.9/50.1')
  })
})

describe('the moments of a kill', () => {
  const stage = (): Scene & { moments: [Failpoint, number][] } => {
    const moments: [Failpoint, number][] = []
    const made: Scene = scene({ failpoints: { reach: (point) => void moments.push([point, made.store.entries.length]) } })
    return { ...made, moments }
  }

  test('a create is signed before anything is written, and answered after it is durable', async () => {
    const { send, moments } = stage()
    await send(request())
    // The opening of the account and the order.
    expect(moments).toEqual([['send.signed', 0], ['send.written', 2]])
  })

  test('a cancel is answered after it is durable', async () => {
    const { place, arrives, venue, moments } = stage()
    const id = await place(request())
    await arrives(venue.cancel(id))
    expect(moments.at(-1)).toEqual(['cancel.written', 3])
  })
})

describe('a preview', () => {
  test('tells the fee of what would be taken and of what would rest, and the total, and places nothing', async () => {
    const { venue, store } = scene()
    const preview = got(await venue.preview(request({ price: '100.01', quantity: '5', postOnly: false })))
    // 4 x 100.01 at 0.2 % and 1 x 100.01 at 0.1 %.
    expect(preview).toEqual({ kind: 'possible', fee: '0.90009', total: '500.95009' })
    expect(store.entries.filter(({ event }) => event.type === 'placed')).toEqual([])
  })

  test('of a sell with its fee in what is received tells what it brings', async () => {
    const { venue } = scene({ fees: { maker: '0.001' as never, taker: '0.002' as never, feeIn: 'received' } })
    expect(got(await venue.preview(request({ side: 'sell', price: '100.05', quantity: '1' })))).toEqual({ kind: 'possible', fee: money('0.10005'), total: money('99.94995') })
  })

  test('of a post-only order that would cross says so', async () => {
    const { venue } = scene()
    expect(got(await venue.preview(request({ price: '100.01' })))).toMatchObject({ kind: 'refused', reason: 'wouldCross' })
  })
})

test('is known by its market with a mark, guards ids for ever, and amends price and quantity', () => {
  expect(scene().venue.capabilities).toMatchObject({ venue: 'paper-hand', clientOrderIdGuard: 'always', amend: 'priceAndQuantity' })
})

test('what is not possible is not begun', () => {
  const wrong: readonly Parameters<typeof scene>[0][] = [
    { participation: '0' as never },
    { participation: '1.1' as never },
    { fees: { maker: '1' as never, taker: '0' as never, feeIn: 'quote' } },
    { latency: { baseMs: -1, jitterMs: 0 } },
    { opening: { USD: money('-1') } },
    { windowMs: 50 },
    { depth: 0 },
  ]
  for (const over of wrong) expect(() => scene(over)).toThrow(RangeError)
})
