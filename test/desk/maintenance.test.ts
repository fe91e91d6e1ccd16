/** A venue that is away for two hours (CN-13 to CN-16): nothing is lost, nothing is sent twice, nobody is called in a loop. */
import { expect, test } from 'vitest'
import { tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const twoHours = 2 * 3_600_000
const everyCall = ['create', 'cancel', 'order', 'findByClientOrderId', 'workingOrders', 'ordersSince', 'fillsOf', 'fillsSince', 'balances', 'instruments', 'quotes', 'clockOffset'] as const

test('a maintenance of two hours is waited out at a bounded pace; then the desk reconciles by itself and closes what was open', async () => {
  const world = await tradingDesk()
  world.venue.moveTo('59000')
  await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
  const covered = world.venue.working().filter(({ side }) => side === 'sell').length
  world.venue.failsWith({ kind: 'unavailable', detail: '503 maintenance' }, ...everyCall)
  world.venue.refusesStreams()
  world.venue.dropsItsStreams()
  await world.clock.advance(1_000)
  const before = world.venue.calls.length
  const sent = world.venue.creates()
  await world.clock.advance(twoHours)
  const asked = world.venue.calls.length - before
  expect(world.deskState()).not.toBe('trading')
  expect(world.venue.creates()).toBe(sent)
  // Polling in place of two streams, and a comparison that is tried again twice a minute.
  expect(asked / (twoHours / 1_000)).toBeLessThan(3)
  expect(asked).toBeGreaterThan(100)
  expect(world.desk.alerts.map(({ code }) => code)).toContain('desk.cutOff')
  expect(world.venue.working().filter(({ side }) => side === 'sell')).toHaveLength(covered)
  world.venue.recovers()
  world.venue.takesStreams()
  await world.until(() => world.deskState() === 'trading', 300_000)
  world.venue.moveTo('62000')
  await world.until(() => world.pairRows().filter(({ state }) => state === 'closed').length >= covered, 300_000)
  expect(differences(world)).toEqual([])
})
