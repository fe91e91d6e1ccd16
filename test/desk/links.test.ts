/** Lost links (src/actors/desk.ts, Z2; src/actors/links.ts; machines/desk D1, D3, D4; CN-01, CN-05, CN-14, FS-05). */
import { describe, expect, test } from 'vitest'
import { DeskWorld, tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const desk = (world: DeskWorld): string | undefined => world.deskState()
const buysSince = (world: DeskWorld, at: number): readonly string[] => world.venue.sent(at).filter((sent) => /create .*-b\d+$/.test(sent))
const sells = (world: DeskWorld) => world.venue.working().filter(({ side }) => side === 'sell')
const desksWay = (world: DeskWorld, from: number): readonly string[] => world.story.slice(from).filter((line) => line.startsWith('desk '))

describe('a lost link', () => {
  test('stops entries; what is bought meanwhile is covered; then reconciliation, then trading (Z2, D4)', async () => {
    const world = await tradingDesk()
    world.venue.refusesStreams()
    await world.until(() => desk(world) === 'cutOff')
    const [lostAt, from] = [world.clock.now(), world.story.length]
    world.venue.moveTo('59900')
    await world.until(() => sells(world).length === 1)
    world.venue.moveTo('60200')
    await world.until(() => sells(world).length === 0, 10_000)
    await world.clock.advance(30_000)
    expect({ desk: desk(world), buys: buysSince(world, lostAt), closed: world.pairRows().filter(({ state }) => state === 'closed').length }).toEqual({ desk: 'cutOff', buys: [], closed: 1 })
    world.venue.takesStreams()
    await world.until(() => desk(world) === 'trading')
    await world.until(() => buysSince(world, lostAt).length > 0)
    const way = desksWay(world, from).filter((line) => !line.startsWith('desk linkLost') && line !== 'desk reconciled -> cutOff')
    expect([way[0], way.at(-1)]).toEqual(['desk linkRestored -> reconciling', 'desk reconciled -> trading'])
    await world.clock.advance(15_000)
    expect(differences(world)).toEqual([])
  })

  test('takes back the entries that were approved and had not left yet (Z2, V1)', async () => {
    const world = new DeskWorld({ tuning: { sendsAtOnce: 1 } })
    world.venue.isSlow(1_000, 'create')
    await world.start()
    await world.until(() => world.venue.creates() === 1)
    world.venue.refusesStreams()
    await world.clock.advance(3_000)
    expect({ desk: desk(world), states: world.states(), creates: world.venue.creates() }).toEqual({ desk: 'cutOff', states: { pending: 1, absent: 3 }, creates: 1 })
    world.venue.recovers()
    await world.until(() => world.venue.working().length === 4)
    await world.clock.advance(1_000)
    expect(differences(world)).toEqual([])
  })

  test('a fill while every stream is down is found by the poll and booked once (FS-05)', async () => {
    const world = await tradingDesk()
    world.venue.refusesStreams()
    await world.until(() => desk(world) === 'cutOff')
    world.venue.fillsWhileNobodyListens(world.venue.working()[0]!.clientOrderId)
    await world.until(() => sells(world).length === 1, 5_000)
    world.venue.takesStreams()
    await world.until(() => desk(world) === 'trading')
    await world.clock.advance(5_000)
    expect({ booked: world.store.tables.fills.size, differences: differences(world) }).toEqual({ booked: 1, differences: [] })
  })

  test('silence is a lost link, without an end of the socket (CN-01)', async () => {
    const world = await tradingDesk()
    world.venue.goesSilent()
    await world.until(() => desk(world) === 'cutOff', 15_000)
    expect(world.desk.connections.map(({ state, fallback }) => ({ state, fallback }))).toEqual([{ state: 'stale', fallback: 'polling' }, { state: 'stale', fallback: 'polling' }])
    world.venue.speaks()
    await world.until(() => desk(world) === 'trading', 30_000)
    expect(world.desk.connections.map(({ state, fallback }) => ({ state, fallback }))).toEqual([{ state: 'live', fallback: 'off' }, { state: 'live', fallback: 'off' }])
  })

  test('one fill that the live stream never told is found by the schedule (FS-04)', async () => {
    const world = await tradingDesk()
    world.venue.fillsWhileNobodyListens(world.venue.working()[0]!.clientOrderId)
    await world.until(() => sells(world).length === 1, 31_000)
    expect(desk(world)).toBe('trading')
    await world.clock.advance(1_000)
    expect(differences(world)).toEqual([])
  })
})

describe('a reconciliation that fails', () => {
  test('is tried again with a growing pause, and entries wait for it (D3, Q2)', async () => {
    const world = await tradingDesk({ tuning: { reconcileEveryMs: 10_000_000 } })
    world.venue.dropsItsStreams()
    world.venue.failsWith({ kind: 'unavailable', detail: '503' }, 'ordersSince')
    await world.until(() => desk(world) === 'cutOff')
    await world.until(() => world.desk.connections.every(({ state }) => state === 'live'))
    const at = world.clock.now()
    await world.clock.advance(120_000)
    const tries = world.venue.calls.filter((call) => call.call === 'ordersSince' && call.at > at + 1_000).map((call) => call.at)
    const pauses = tries.slice(1).map((time, index) => Math.round((time - (tries[index] ?? 0)) / 1_000))
    expect({ desk: desk(world), pauses, buys: buysSince(world, at) }).toEqual({ desk: 'reconciling', pauses: [8, 16, 30, 30, 30], buys: [] })
    world.venue.answersAgain()
    await world.until(() => desk(world) === 'trading', 31_000)
    expect(world.store.tables.actors.get('desk')?.context).toMatchObject({ failures: 0, waitsBecause: null })
  })

  test('a scheduled one that fails stops entries until one succeeds (Q2)', async () => {
    const world = await tradingDesk()
    world.venue.answersNothing('workingOrders')
    await world.until(() => desk(world) === 'reconciling', 40_000)
    const at = world.clock.now()
    world.venue.moveTo('60300')
    await world.clock.advance(20_000)
    expect(buysSince(world, at)).toEqual([])
    world.venue.answersAgain()
    await world.until(() => desk(world) === 'trading')
    await world.until(() => buysSince(world, at).length > 0)
  })

  test('a link lost while it is under way cuts the desk off', async () => {
    const world = await tradingDesk()
    world.venue.isSlow(10_000, 'workingOrders')
    world.venue.dropsItsStreams()
    await world.until(() => desk(world) === 'reconciling', 5_000)
    world.venue.refusesStreams()
    await world.until(() => desk(world) === 'cutOff', 5_000)
    const at = world.clock.now()
    await world.clock.advance(40_000)
    expect({ desk: desk(world), buys: buysSince(world, at) }).toEqual({ desk: 'cutOff', buys: [] })
  })

  test('only one that began after the link was back lets entries begin (Z2)', async () => {
    const world = await tradingDesk({ tuning: { reconcileEveryMs: 20_000 } })
    world.venue.isSlow(8_000, 'ordersSince')
    const before = world.venue.calls.length
    // The schedule's own run is under way when the link goes and comes back.
    await world.until(() => world.venue.calls.slice(before).some(({ call }) => call === 'ordersSince'), 25_000)
    world.venue.dropsItsStreams()
    await world.until(() => desk(world) === 'cutOff')
    await world.until(() => desk(world) === 'reconciling')
    const restoredAt = world.clock.now()
    await world.until(() => desk(world) === 'trading', 60_000)
    const begun = world.venue.calls.find(({ call, at }) => call === 'ordersSince' && at >= restoredAt)?.at
    expect(world.clock.now() - (begun ?? world.clock.now())).toBeGreaterThanOrEqual(8_000)
  })
})
