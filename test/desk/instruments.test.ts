/** A venue that changes its rules while the desk runs (src/actors/instrument-watch.ts; PX-09, PX-10, PX-11). */
import { describe, expect, test } from 'vitest'
import { isMultipleOf, price } from '../../src/domain/decimal.ts'
import { bitcoin } from '../support/loop.ts'
import { tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const oneRung = { ladder: { rungs: 1 }, tuning: { instrumentsEveryMs: 1_000 } } as const

describe('an instrument', () => {
  test('that is halted takes no entries; what was bought waits, and is covered when it opens (PX-10)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.listed = [{ ...bitcoin, status: 'halted' }]
    await world.clock.advance(2_000)
    const creates = world.venue.creates()
    world.venue.moveTo('59000')
    await world.clock.advance(120_000)
    expect(world.venue.creates()).toBe(creates)
    expect(world.pairRows().map(({ state }) => state)).toContain('filled')
    expect(world.desk.alerts.map(({ code, detail }) => `${code}: ${detail}`)).toContain("instrument.changed: the venue's rules for BTC-USD have changed: status online -> halted")
    world.venue.listed = [bitcoin]
    await world.clock.advance(10_000)
    expect(world.venue.working().some(({ side }) => side === 'sell')).toBe(true)
    expect(differences(world)).toEqual([])
  })

  test('that is listed no more is halted like any other, and its pairs wait (PX-11)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.moveTo('59000')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    world.venue.listed = []
    await world.clock.advance(60_000)
    expect(world.desk.instruments.get('BTC-USD')?.status).toBe('delisted')
    expect(differences(world)).toEqual([])
  })

  test('that is listed no more at a start is known from its last pair: the pair waits, the fills count, and the desk goes on (PX-11)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.moveTo('59000')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    world.kill()
    world.venue.listed = []
    await world.start()
    await world.clock.advance(60_000)
    expect(world.desk.instruments.get('BTC-USD')?.status).toBe('delisted')
    expect(world.desk.alerts.map(({ code }) => code)).toEqual(['instrument.delisted'])
    expect(world.pairRows().filter(({ finished }) => !finished)).toHaveLength(1)
    world.venue.listed = [bitcoin]
    world.venue.moveTo('61000')
    await world.until(() => world.pairRows().some(({ state }) => state === 'closed'), 60_000)
    expect(differences(world)).toEqual([])
  })

  test('whose tick has changed is ordered in the new steps, open pairs included, also over a restart (PX-09)', async () => {
    const world = await tradingDesk({ ...oneRung, tuning: { ...oneRung.tuning } })
    const coarse = { ...bitcoin, tick: price('0.5') }
    world.venue.listed = [coarse]
    await world.clock.advance(2_000)
    world.venue.moveTo('59000')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    const prices = () => world.venue.working().map((order) => order.price)
    expect(prices().filter((one) => !isMultipleOf(one, coarse.tick))).toEqual([])
    world.kill()
    world.venue.listed = [{ ...bitcoin, tick: price('1') }]
    await world.start()
    await world.clock.advance(1_000)
    expect(world.pairRows().filter(({ finished }) => !finished).map(({ context }) => (context['instrument'] as { tick: string }).tick)).toEqual(['1'])
  })
})
