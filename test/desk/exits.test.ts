/** How a whole desk leaves its pairs (src/actors/exit-watch.ts V1 to V3, closing-watch.ts E1 to E3). */
import { describe, expect, test } from 'vitest'
import { compare, money, quantity, rate } from '../../src/domain/decimal.ts'
import type { ExitPlan } from '../../src/domain/exits.ts'
import type { TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { tradingDesk, type DeskWorld } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const stop: ExitPlan = { targets: [], stop: { below: rate('0.01') } }
const trail: ExitPlan = { targets: [], trailing: { activateAbove: rate('0.01'), distance: rate('0.005') } }

const memory = (world: DeskWorld): readonly TradePairContext[] => world.pairRows().map(({ context }) => context as unknown as TradePairContext)
const statesOf = (world: DeskWorld): readonly string[] => world.pairRows().filter(({ tradePair }) => tradePair?.bought !== '0').map(({ state }) => state)
const sells = (world: DeskWorld): readonly string[] => world.venue.working().filter(({ side }) => side === 'sell').map(({ price: at }) => at)
const events = (world: DeskWorld, type: string): number => world.store.tables.events.filter((event) => event.type === type).length
const alerts = (world: DeskWorld): readonly string[] => world.desk.alerts.map(({ code }) => code)

/** A desk that bought one rung at 59940 and offers it; nothing else is bought. */
const bought = async (exit: ExitPlan, options: Parameters<typeof tradingDesk>[0] = {}): Promise<DeskWorld> => {
  const world = await tradingDesk({ exit, ladder: { rungs: 1, budget: money('100'), target: rate('0.05') }, ...options })
  world.venue.moveTo('59930')
  await world.until(() => sells(world).length === 1)
  await world.clock.advance(200)
  return world
}
/** Nothing is bought from now on: what happens is the exit's doing. */
const noEntries = async (world: DeskWorld): Promise<void> => {
  await world.during(world.desk.command({ kind: 'pause', id: `pause-${world.clock.now()}`, who: 'ann', reason: 'a drill' }))
}
const soldOut = (world: DeskWorld): boolean => compare(world.venue.baseHeld, quantity('0')) === 0

describe('a falling market', () => {
  test('reaches the stop: what was bought is sold at once, below the bid by no more than the slippage, and a person is told', async () => {
    const world = await bought(stop)
    await noEntries(world)
    world.venue.moveTo('59341')
    await world.clock.advance(5_000)
    expect([sells(world).length, events(world, 'stopReached')]).toEqual([1, 0])
    // 59940 less 1 %.
    world.venue.moveTo('59340.6')
    await world.until(() => soldOut(world), 2_000)
    await world.clock.advance(2_000)
    expect(statesOf(world)).toEqual(['closed'])
    expect(world.venue.fills.at(-1)).toMatchObject({ side: 'sell', price: '59043.89' })
    expect([events(world, 'stopReached'), alerts(world)]).toEqual([1, ['pair.closing']])
    const closings = world.store.tables.audit.filter(({ kind }) => kind === 'closing')
    expect(closings).toMatchObject([{ who: 'exit plan', pairId: memory(world)[0]?.pairId, reason: 'its stop-loss at 59340.6 was reached: the bid was 59340.6' }])
    expect(differences(world)).toEqual([])
  })

  test('that jumps over the stop is sold into at the bid that there is', async () => {
    const world = await bought(stop)
    await noEntries(world)
    world.venue.moveTo('52000')
    await world.until(() => soldOut(world), 2_000)
    expect(world.venue.fills.at(-1)).toMatchObject({ side: 'sell', price: '51740' })
    await world.clock.advance(2_000)
    expect(differences(world)).toEqual([])
  })

  test.each(['beforeCommit', 'afterCommit'] as const)('stops a pair once, also when the desk dies around the word that its stop was reached (%s)', async (moment) => {
    const world = await bought(stop)
    world.diesAt(moment, 'trade-pair stopReached')
    world.venue.moveTo('59000')
    await world.until(() => !world.isAlive)
    await world.clock.advance(3_000)
    await world.start()
    await world.until(() => soldOut(world), 30_000)
    await world.clock.advance(5_000)
    expect([events(world, 'stopReached'), memory(world).filter(({ closing }) => closing !== null).length]).toEqual([1, 1])
    expect(differences(world)).toEqual([])
  })

  test('while the desk is down is noticed at its next start', async () => {
    const world = await bought(stop)
    world.kill()
    world.venue.moveTo('58000')
    await world.clock.advance(60_000)
    await world.start()
    await world.until(() => soldOut(world), 30_000)
    await world.clock.advance(5_000)
    expect(differences(world)).toEqual([])
  })

  test('that was seen before a gap stops nothing: the stop waits for the first good price afterwards (V2)', async () => {
    const world = await bought(stop)
    await noEntries(world)
    world.venue.goesSilent()
    world.venue.answersNothing('quotes')
    world.venue.moveTo('58000')
    await world.clock.advance(30_000)
    expect([sells(world).length, events(world, 'stopReached')]).toEqual([1, 0])
    world.venue.moveTo('59930')
    world.venue.recovers()
    await world.clock.advance(20_000)
    expect(events(world, 'stopReached')).toBe(0)
    world.venue.moveTo('59000')
    await world.until(() => soldOut(world), 10_000)
    await world.clock.advance(5_000)
    expect(differences(world)).toEqual([])
  })

  test('stops what a partly filled buy has bought, and its rest is called off', async () => {
    const world = await tradingDesk({ exit: stop, ladder: { rungs: 1, budget: money('100'), target: rate('0.05') } })
    await noEntries(world)
    world.venue.parts = 4
    world.venue.moveTo('59930')
    await world.until(() => statesOf(world).includes('buying.partial'))
    world.venue.tellsNobodyOfOrders()
    world.venue.moveTo('59000')
    await world.clock.advance(500)
    world.venue.recovers()
    await world.until(() => soldOut(world), 60_000)
    await world.clock.advance(20_000)
    expect(statesOf(world)).toEqual(['closed'])
    expect(differences(world)).toEqual([])
  })

  test('is followed while the sells do not stand: never two of them, lower each time, within the stated slippage', async () => {
    const world = await bought(stop)
    await noEntries(world)
    world.venue.delaysLookUps(0)
    world.venue.holdsTheNextCreate(1_000)
    world.venue.moveTo('59000')
    await world.clock.advance(500)
    // The sell at 58705 arrives when the bid is far below it, and rests.
    world.venue.moveTo('58000')
    await world.until(() => soldOut(world), 60_000)
    await world.clock.advance(20_000)
    expect(world.venue.fills.at(-1)).toMatchObject({ side: 'sell', price: '57565' })
    expect(memory(world).at(-1)?.closing).toMatchObject({ prices: 2 })
    expect(differences(world)).toEqual([])
  })

  test('that outruns every price that may be tried ends with a person: the pair is held, its last sell stays', async () => {
    const world = await bought(stop, { tuning: { closing: { everyMs: 1_000, slippageBps: [50, 100], mostPrices: 3 } } })
    await noEntries(world)
    let bid = 59_000
    for (let round = 0; round < 150 && !statesOf(world).includes('held'); round++) {
      world.venue.holdsTheNextCreate(300)
      world.venue.moveTo(String(bid))
      bid -= 300
      await world.clock.advance(100)
    }
    expect(statesOf(world)).toEqual(['held'])
    expect(memory(world).find(({ closing }) => closing !== null)).toMatchObject({ closing: { prices: 3 }, heldBecause: expect.stringMatching(/^it could not be closed \(its stop-loss at 59340\.6 was reached: the bid was 59000\): 3 prices were tried/) as string })
    expect(sells(world)).toHaveLength(1)
    const creates = world.venue.creates()
    await world.clock.advance(30_000)
    expect([world.venue.creates(), alerts(world).includes('pair.held')]).toEqual([creates, true])
    expect(differences(world)).toEqual([])
  })

  test('with a venue that refuses to sell is tried with growing pauses, and sold as soon as it takes it again', async () => {
    const world = await bought(stop)
    await noEntries(world)
    world.venue.failsWith({ kind: 'unavailable', detail: 'maintenance' }, 'create')
    world.venue.moveTo('59000')
    await world.clock.advance(10_000)
    expect(soldOut(world)).toBe(false)
    world.venue.recovers()
    await world.until(() => soldOut(world), 60_000)
    await world.clock.advance(20_000)
    expect(differences(world)).toEqual([])
  })

  test('does not sell by plan while the kill switch halts every order; when it is lifted the stop is kept', async () => {
    const world = await bought(stop)
    await world.during(world.desk.command({ kind: 'kill', level: 'orders', id: 'k', who: 'ann', reason: 'odd' }))
    await world.until(() => world.venue.working().length === 0)
    world.venue.moveTo('59000')
    const creates = world.venue.creates()
    await world.clock.advance(60_000)
    expect([world.venue.creates(), statesOf(world)]).toEqual([creates, ['filled']])
    await world.during(world.desk.command({ kind: 'unkill', id: 'u', who: 'ann', reason: 'well' }))
    await world.until(() => soldOut(world), 20_000)
    await world.clock.advance(10_000)
    expect(differences(world)).toEqual([])
  })

  test('under a flatten is sold by the kill switch, whatever the plan had begun', async () => {
    const world = await bought(stop)
    await world.during(world.desk.command({ kind: 'kill', level: 'orders', id: 'k', who: 'ann', reason: 'odd' }))
    world.venue.moveTo('59000')
    await world.clock.advance(5_000)
    await world.during(world.desk.command({ kind: 'kill', level: 'flatten', id: 'f', who: 'ann', reason: 'very odd' }))
    await world.until(() => soldOut(world), 30_000)
    await world.clock.advance(5_000)
    expect(differences(world)).toEqual([])
  })
})

describe('a rising market', () => {
  test('is trailed: the line follows the highest bid, over a restart too, and sells above what was paid', async () => {
    const world = await bought(trail)
    await noEntries(world)
    for (const bid of ['60500', '60540', '60800', '61000', '61100']) {
      world.venue.moveTo(bid)
      await world.clock.advance(500)
    }
    expect(memory(world).at(-1)?.high).toBe('61100')
    world.kill()
    await world.start()
    await world.until(() => world.deskState() === 'paused')
    world.venue.moveTo('60800')
    await world.clock.advance(5_000)
    expect(events(world, 'stopReached')).toBe(0)
    // 61100 less 0.5 % is 60794.5.
    world.venue.moveTo('60794.5')
    await world.until(() => soldOut(world), 5_000)
    await world.clock.advance(5_000)
    const [pair] = world.pairRows().filter(({ state }) => state === 'closed')
    expect(Number(pair?.tradePair?.proceeds)).toBeGreaterThan(Number(pair?.tradePair?.cost))
    expect(differences(world)).toEqual([])
  })

  test('costs a turn a step, not a tick', async () => {
    const world = await bought(trail)
    await noEntries(world)
    for (let ticks = 0; ticks < 400; ticks++) {
      world.venue.moveTo((60_540 + ticks).toFixed(2))
      await world.clock.advance(10)
    }
    // A tenth of 0.5 % of 60540 is 30.27: 400 moves of 1 are at most 14 steps.
    expect(events(world, 'highRaised')).toBeGreaterThan(10)
    expect(events(world, 'highRaised')).toBeLessThanOrEqual(14)
  })

  test('sells in parts, the nearest target first, one sell at a time; a death in between loses none', async () => {
    const world = await bought({ targets: [{ share: rate('0.5'), target: rate('0.002') }, { share: rate('0.5'), target: rate('0.004') }] })
    await noEntries(world)
    const whole = world.venue.baseHeld
    expect(sells(world)).toEqual(['60059.88'])
    world.diesAt('afterCommit', 'trade-pair legEnded')
    world.venue.moveTo('60060')
    await world.until(() => !world.isAlive)
    await world.start()
    await world.until(() => sells(world).includes('60179.76'), 30_000)
    expect(Number(world.venue.baseHeld)).toBeCloseTo(Number(whole) / 2, 7)
    world.venue.moveTo('60180')
    await world.until(() => soldOut(world), 20_000)
    await world.clock.advance(5_000)
    expect(statesOf(world)).toEqual(['closed'])
    expect(differences(world)).toEqual([])
  })
})

describe('an old holding', () => {
  test('asks less step by step, and is closed at the time limit when its plan may lose, as soon as there is a fresh price', async () => {
    const world = await bought({ targets: [], tighten: [{ afterMs: 60_000, target: rate('0.01') }], closeAfterMs: 120_000, atLoss: true })
    await noEntries(world)
    await world.until(() => sells(world)[0] === '60539.4', 90_000)
    world.venue.goesSilent()
    world.venue.answersNothing('quotes')
    await world.until(() => memory(world).some(({ closing }) => closing !== null), 90_000)
    await world.clock.advance(30_000)
    expect(sells(world)).toEqual(['60539.4'])
    world.venue.recovers()
    await world.until(() => soldOut(world), 30_000)
    await world.clock.advance(5_000)
    expect(differences(world)).toEqual([])
  })

  test('is offered at break-even at the time limit, and no lower, when its plan may not lose', async () => {
    const world = await bought({ targets: [], closeAfterMs: 60_000 })
    await noEntries(world)
    world.venue.moveTo('59000')
    await world.clock.advance(300_000)
    expect([sells(world), statesOf(world)]).toEqual([['59940'], ['sellPlaced.pending']])
    expect(differences(world)).toEqual([])
  })
})

test('a tick that crosses no line costs no pair a turn', async () => {
  const world = await tradingDesk({ exit: stop, ladder: { rungs: 8, spacing: rate('0.0005'), target: rate('0.05') } })
  world.venue.moveTo('59760')
  await world.until(() => sells(world).length >= 6, 30_000)
  await noEntries(world)
  await world.clock.advance(1_000)
  const before = world.store.tables.events.length
  for (let ticks = 0; ticks < 100; ticks++) {
    world.venue.moveTo((59_760 + ticks / 100).toFixed(2))
    await world.clock.advance(5)
  }
  expect(world.store.tables.events.slice(before).filter(({ address }) => address.startsWith('trade-pair'))).toEqual([])
})
