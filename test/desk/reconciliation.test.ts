/** A whole desk and what it finds out about its account: orders, fills and money that came without it (I5, FS-15, FS-22, FS-27). */
import { describe, expect, test } from 'vitest'
import { money, plus, quantity, rate } from '../../src/domain/decimal.ts'
import type { TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { DeskWorld, tradingDesk, tuning } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const oneRung = { ladder: { rungs: 1 } } as const
const quick = { tuning: { reconcileEveryMs: 1_000, balancesEveryMs: 1_000, belief: { rounds: 3, forMs: 2_000 } } } as const
const records = (world: DeskWorld) => world.store.tables.reconciliations
const found = (world: DeskWorld) => records(world).flatMap(({ differences: all }) => all)
const account = (world: DeskWorld) => world.store.tables.actors.get('account')

describe('every run', () => {
  test('is written down with why it was run; one that finds nothing says so', async () => {
    const world = await tradingDesk(oneRung)
    await world.clock.advance(tuning.reconcileEveryMs + 1_000)
    expect(records(world).map(({ reason, outcome }) => `${reason}: ${outcome}`)).toContain('it is time: agreed')
    expect(records(world)[0]?.reason).toBe('the desk has started')
    expect(new Set(records(world).map(({ id }) => id)).size).toBe(records(world).length)
  })

  test('that mends something says what was expected, found and done', async () => {
    const world = await tradingDesk({ ...oneRung, tuning: { accountStaleness: { frameMs: 1e9 }, reconcileEveryMs: 5_000 } })
    world.venue.tellsNobodyOfOrders()
    const [order] = world.venue.working()
    world.venue.fillsWhileNobodyListens(order!.clientOrderId)
    await world.clock.advance(6_000)
    expect(found(world)[0]).toMatchObject({ kind: 'order', about: order?.clientOrderId, expected: expect.stringMatching(/^pending, 0 of /), found: expect.stringMatching(/^filled at the venue as v1/), done: 'the order was told and reads its fills' })
    expect(differences(world)).toEqual([])
  })
})

describe('an order that somebody placed by hand', () => {
  test('is reported, and neither touched nor counted', async () => {
    const world = await tradingDesk({ ...oneRung, ...quick })
    world.venue.placedByHand('my-own', 'buy', '0.001', '50000')
    await world.clock.advance(3_000)
    expect(found(world)).toEqual([expect.objectContaining({ kind: 'foreignOrder', about: 'my-own', done: 'left alone; a person was told' })])
    expect(world.desk.alerts.map(({ code }) => code)).toContain('order.foreign')
    expect(world.venue.working().map(({ clientOrderId }) => clientOrderId)).toContain('my-own')
  })

  test('is adopted where the policy says so: its fills are booked, and a sell covers them at the target', async () => {
    const world = await tradingDesk({ ...oneRung, ...quick, foreignOrders: 'adopt' })
    world.venue.placedByHand('my-own', 'buy', '0.001', '59000')
    world.venue.baseHeld = quantity('0.001')
    world.venue.placedByHand('my-sell', 'sell', '0.001', '90000')
    await world.clock.advance(3_000)
    const pair = () => world.pairRows().map(({ context, state }) => ({ ...(context as unknown as TradePairContext), state })).find(({ strategy }) => strategy === 'adopted')
    expect(pair()).toMatchObject({ state: 'buying.pending', buyOrder: 'my-own' })
    expect(world.venue.writes.has('my-own')).toBe(false)
    world.venue.moveTo('58999')
    await world.clock.advance(2_000)
    expect(pair()).toMatchObject({ bought: '0.001', sellOrder: expect.stringMatching(/-s1$/) })
    world.venue.moveTo('61000')
    await world.clock.advance(2_000)
    expect(pair()?.state).toBe('closed')
    expect(found(world).filter(({ kind }) => kind === 'foreignOrder').map(({ done }) => done)).toEqual([expect.stringMatching(/^adopted as the buy of trade-pair\//), 'left alone; a person was told'])
  })

  test('is not adopted when it is the order of another desk', async () => {
    const world = await tradingDesk({ ...oneRung, ...quick, foreignOrders: 'adopt' })
    world.venue.placedByHand('nd9zzz-01JD5MZX8K4T7WQ2AB-b1', 'buy', '0.001', '59000')
    await world.clock.advance(3_000)
    expect(world.pairRows().filter(({ context }) => context['strategy'] === 'adopted')).toEqual([])
    expect(found(world).map(({ done }) => done)).toEqual(['left alone; a person was told'])
  })

  test('is adopted once, and goes on being ours after a death', async () => {
    const world = await tradingDesk({ ...oneRung, ...quick, foreignOrders: 'adopt' })
    world.venue.placedByHand('my-own', 'buy', '0.001', '59000')
    await world.clock.advance(2_000)
    world.kill()
    await world.start()
    await world.clock.advance(2_000)
    expect(world.pairRows().filter(({ context }) => context['strategy'] === 'adopted')).toHaveLength(1)
    world.venue.moveTo('58999')
    await world.clock.advance(2_000)
    world.venue.moveTo('61000')
    await world.clock.advance(2_000)
    expect(world.pairRows().filter(({ context, state }) => context['strategy'] === 'adopted' && state === 'closed')).toHaveLength(1)
  })
})

describe('money that came without an order', () => {
  test('is booked as external once it has stayed, and a person is told; trading goes on (FS-22)', async () => {
    const world = await tradingDesk({ ...oneRung, ...quick })
    expect(account(world)?.state).toBe('agreed')
    world.venue.quoteMoney = plus(world.venue.quoteMoney, money('500'))
    await world.until(() => account(world)?.state === 'differing', 5_000)
    await world.until(() => account(world)?.state === 'agreed', 10_000)
    await world.clock.advance(100)
    expect(account(world)).toMatchObject({ state: 'agreed', context: { external: { USD: '500' } } })
    expect(world.desk.alerts.map(({ code }) => code)).toContain('balance.external')
    expect(found(world).at(-1)).toMatchObject({ kind: 'balance', about: 'USD', done: 'booked as external; a person was told' })
    expect(world.deskState()).toBe('trading')
  })

  test('is told apart from what fills and fees explain, over many round trips and a death', async () => {
    const world = new DeskWorld({ ...quick, ladder: { rungs: 4 } })
    world.venue.feesAsked = { maker: rate('0.0001'), taker: rate('0.0005') }
    await world.start()
    await world.until(() => world.venue.working().length === 4)
    for (let round = 0; round < 6; round++) {
      world.venue.moveTo(round % 2 === 0 ? '59700' : '60300')
      await world.clock.advance(1_300)
      if (round === 3) {
        world.kill()
        await world.start()
      }
    }
    await world.clock.advance(5_000)
    expect(world.venue.fills.length).toBeGreaterThan(6)
    expect(account(world)?.context).toEqual(expect.objectContaining({ external: {}, doubt: null }))
  })
})

test('a fill that is no plain execution holds its pair, and reconciling goes on (FS-27)', async () => {
  const world = await tradingDesk({ ...oneRung, ...quick })
  const [order] = world.venue.working()
  world.venue.oddFills = [{ tradeId: 'r1', venueOrderId: world.venue.orderOf(order!.clientOrderId)!.venueOrderId, detail: 'fill r1 is of type REVERSAL' }]
  await world.clock.advance(3_000)
  expect(world.pairRows().map(({ state }) => state)).toContain('held')
  expect(world.desk.alerts.filter(({ code }) => code === 'fill.odd')).toHaveLength(1)
  expect(world.deskState()).toBe('trading')
})
