/** A whole desk whose body fails it: a clock that leaps, a thread that stands still, a full disk, a loop of deaths (CK-03, DB-09, PR-05, PR-09). */
import { describe, expect, test } from 'vitest'
import { defaultTuning } from '../../src/actors/desk-options.ts'
import { DeskWorld, tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const oneRung = { ladder: { rungs: 1 } } as const
const reconnects = (world: DeskWorld): number => world.desk.connections.reduce((sum, one) => sum + one.reconnects, 0)

describe('a machine that has slept', () => {
  test('believes nothing it heard before: both streams begin anew, and entries wait for a reconciliation (CK-03)', async () => {
    const world = await tradingDesk(oneRung)
    world.clock.jump(3_600_000)
    await world.until(() => world.deskState() !== 'trading', 300)
    await world.until(() => world.deskState() === 'trading')
    expect(reconnects(world)).toBe(2)
    expect(world.desk.alerts.map(({ code }) => code)).toContain('desk.clock')
  })

  test('trades again only when the venue’s clock has been measured (CK-01)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.failsWith({ kind: 'network', detail: 'no route' }, 'clockOffset')
    world.clock.jump(3_600_000)
    await world.clock.advance(20_000)
    expect(world.deskState()).toBe('hindered')
    world.venue.answersAgain()
    await world.until(() => world.deskState() === 'trading', 5_000)
  })

  test('proves no absence too early: a create on its way is found, not repeated (OC-05, A6)', async () => {
    const world = new DeskWorld(oneRung)
    world.venue.holdsTheNextCreate(3_000)
    await world.start()
    await world.until(() => world.venue.creates() === 1)
    world.clock.jump(3_600_000)
    await world.until(() => world.states()['pending'] === 1)
    await world.clock.advance(30_000)
    expect(world.venue.creates()).toBe(1)
    expect(differences(world)).toEqual([])
  })
})

describe('a wall clock that is set back', () => {
  test('delays nothing that is waited for, in this process or the next (CK-05)', async () => {
    const world = new DeskWorld(oneRung)
    world.venue.losesTheNextRequest('create')
    await world.start()
    await world.until(() => world.venue.calls.some(({ call }) => call === 'create'))
    world.clock.jump(-3_600_000)
    await world.until(() => world.states()['absent'] === 1, 30_000)

    world.venue.losesTheNextRequest('create')
    const creates = world.venue.creates()
    await world.until(() => world.venue.creates() > creates, 60_000)
    world.kill()
    world.clock.jump(-3_600_000)
    await world.start()
    await world.until(() => world.states()['absent'] === 2, 60_000)
    expect(differences(world)).toEqual([])
  })
})

describe('a thread that stood still', () => {
  test('orders nothing by what it heard before (PR-05)', async () => {
    const world = await tradingDesk(oneRung)
    world.clock.stall(8_000)
    await world.clock.advance(1)
    expect(world.desk.prices.map(({ state }) => state)).toEqual(['suspect'])
    await world.until(() => world.deskState() === 'trading' && reconnects(world) === 2)
    expect(differences(world)).toEqual([])
  })
})

describe('a disk that is nearly full', () => {
  test('keeps entries back and lets covers through; when there is room again, all goes on (DB-09)', async () => {
    const world = await tradingDesk(oneRung)
    world.space = { bytes: 1_000_000, share: 0.01 }
    await world.until(() => world.deskState() === 'hindered', defaultTuning.disk.everyMs + 1_000)
    const buys = world.venue.creates()
    world.venue.moveTo('59000')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    world.venue.moveTo('61000')
    await world.clock.advance(5_000)
    expect(world.venue.creates()).toBe(buys + 1)
    world.space = { bytes: 1e12, share: 0.9 }
    await world.until(() => world.deskState() === 'trading', defaultTuning.disk.everyMs + 1_000)
    await world.until(() => world.venue.creates() > buys + 1)
  })
})

describe('a desk that dies again and again soon after its start', () => {
  test('waits longer and longer before it begins anything, and covers all the while (PR-09)', async () => {
    const world = await tradingDesk({ ...oneRung, tuning: { restarts: defaultTuning.restarts } })
    for (let death = 0; death < 4; death++) {
      world.kill()
      await world.start()
      await world.clock.advance(500)
    }
    expect(world.deskState()).toBe('observing')
    world.venue.moveTo('59000')
    await world.clock.advance(1_000)
    expect(world.venue.working().map(({ side }) => side)).toEqual(['sell'])
    await world.until(() => world.deskState() === 'trading', 60_000)
    expect(world.desk.alerts.map(({ code }) => code)).toContain('desk.restartLoop')
  })
})
