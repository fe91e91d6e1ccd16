/** A desk that is asked to stop (src/actors/desk.ts, `stop`; PR-10), and one that must end (W2, W3, I8). */
import { describe, expect, test, vi } from 'vitest'
import { MemoryJournal } from '../../src/adapters/memory/memory-journal.ts'
import { DeskWorld, tradingDesk, type WorldOptions } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const oneRung: WorldOptions = { ladder: { rungs: 1 } }

describe('stop', () => {
  test('waits for what is on its way, gives the lease back, and nothing is sent afterwards', async () => {
    const world = new DeskWorld(oneRung)
    await world.start()
    await world.until(() => world.venue.creates() === 1)
    await world.during(world.desk.stop('enough', 5_000))
    expect(await world.desk.ended).toBe('stopped')
    expect({ states: world.states(), desk: world.deskState(), holder: world.store.holder }).toEqual({ states: { pending: 1 }, desk: 'stopping', holder: undefined })
    const [sent, calls] = [world.venue.sent(), world.venue.calls.length]
    world.venue.moveTo('59000')
    await world.clock.advance(300_000)
    expect({ sent: world.venue.sent(), calls: world.venue.calls.length }).toEqual({ sent, calls })
  })

  test('books and covers what fills while it stops, and the next desk continues it', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.moveTo('59900')
    await world.during(world.desk.stop('enough', 5_000))
    await world.clock.advance(60_000)
    await world.start()
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    await world.clock.advance(5_000)
    expect(differences(world)).toEqual([])
  })

  test('does not wait longer than it was told to for a venue that is silent', async () => {
    const world = new DeskWorld(oneRung)
    world.venue.isSlow(60_000, 'create')
    world.venue.tellsNobodyOfOrders()
    await world.start()
    await world.until(() => world.venue.creates() === 1)
    const from = world.clock.monotonic()
    await world.during(world.desk.stop('enough', 2_000))
    expect(world.clock.monotonic() - from).toBeLessThan(3_000)
    expect(world.states()).toEqual({ submitting: 1 })
    world.venue.recovers()
    await world.start()
    await world.until(() => world.states()['pending'] === 1)
    expect(world.venue.creates()).toBe(1)
  })

  test('what has not left when its time is over never leaves, and the next desk proves that it does not exist', async () => {
    const world = new DeskWorld({ tuning: { sendsAtOnce: 1 } })
    world.venue.isSlow(1_800, 'create')
    await world.start()
    await world.until(() => world.venue.creates() === 1)
    await world.during(world.desk.stop('enough', 500))
    await world.clock.advance(30_000)
    expect(world.venue.creates()).toBe(1)
    world.venue.recovers()
    await world.start()
    await world.until(() => world.venue.working().length === 4)
    await world.clock.advance(1_000)
    expect({ states: world.states(), differences: differences(world) }).toEqual({ states: { pending: 4, absent: 3 }, differences: [] })
  })

  test('twice is once', async () => {
    const world = await tradingDesk(oneRung)
    await world.during(Promise.all([world.desk.stop('enough', 1_000), world.desk.stop('I said enough', 1_000)]))
    await world.during(world.desk.stop('really', 1_000))
    expect({ end: await world.desk.ended, desk: world.deskState(), holder: world.store.holder }).toEqual({ end: 'stopped', desk: 'stopping', holder: undefined })
  })

  test('comes to an end also while the store is away, within its bound (W2)', async () => {
    const world = await tradingDesk(oneRung)
    vi.spyOn(world.journal, 'commit').mockResolvedValue({ kind: 'inDoubt', detail: 'gone' })
    vi.spyOn(world.journal, 'reconnect').mockRejectedValue(new Error('no server'))
    await world.during(world.desk.stop('enough', 2_000), 120_000)
  })
})

describe('a desk that must end', () => {
  test('sends nothing more once another process has the store, and says why (I8, W3)', async () => {
    const world = await tradingDesk()
    const before = world.venue.sent().length
    await world.journal.close()
    await new MemoryJournal(world.store).takeLease({ environment: 'sandbox', venue: 'coinbase', account: 'account-1' }, 'zzzz')
    const rows = world.store.tables.events.length
    world.venue.moveTo('59000')
    expect(await world.during(world.desk.ended)).toBe('epochLost')
    await world.clock.advance(120_000)
    expect({ sent: world.venue.sent().length - before, untouched: world.store.tables.events.length === rows }).toEqual({ sent: 0, untouched: true })
  })

  test('sends nothing while the store is away, and ends past the bound (I2, W2)', async () => {
    const world = await tradingDesk({ tuning: { writer: { lostAfterMs: 5_000, againMs: 100, againMaxMs: 1_000 } } })
    vi.spyOn(world.journal, 'commit').mockResolvedValue({ kind: 'inDoubt', detail: 'gone' })
    vi.spyOn(world.journal, 'reconnect').mockRejectedValue(new Error('no server'))
    const before = world.venue.sent().length
    world.venue.moveTo('59000')
    expect(await world.during(world.desk.ended)).toBe('journalLost')
    await world.clock.advance(60_000)
    expect(world.venue.sent().length - before).toBe(0)
  })
})
