/** Creates whose fate is unknown, in a running desk (OC-01 to OC-07, OC-12; I1, I7). */
import { describe, expect, test } from 'vitest'
import { DeskWorld } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const oneRung = { ladder: { rungs: 1 } }
const first = (world: DeskWorld) => world.orderRows()[0]?.state

/** A desk whose first create meets this, and what is left of it a while later. */
const after = async (happens: (world: DeskWorld) => void) => {
  const world = new DeskWorld(oneRung)
  happens(world)
  await world.start()
  await world.until(() => world.orderRows().length > 0)
  await world.until(() => world.venue.working().length === 1, 30_000)
  await world.clock.advance(20_000)
  return { states: world.orderRows().map(({ state }) => state), creates: world.venue.creates(), differences: differences(world) }
}
const adopted = { states: ['pending'], creates: 1, differences: [] }
const begunAnew = { states: ['absent', 'pending'], creates: 2, differences: [] }

describe('a create', () => {
  test.each([
    ['that never arrived is proven absent, and a new one has a new id (OC-01)', (world: DeskWorld) => world.venue.losesTheNextRequest('create'), begunAnew],
    ['whose answer was lost is adopted from the stream (OC-02)', (world: DeskWorld) => world.venue.losesTheNextAnswer('create'), adopted],
    ['whose answer and stream were lost is found by its own id (OC-02)', (world: DeskWorld) => {
      world.venue.losesTheNextAnswer('create')
      world.venue.tellsNobodyOfOrders()
    }, adopted],
    ['that look-ups do not show yet is found later (OC-12)', (world: DeskWorld) => {
      world.venue.losesTheNextAnswer('create')
      world.venue.tellsNobodyOfOrders()
      world.venue.delaysLookUps(500)
    }, adopted],
    ['that sat on its way, past several look-ups, is not believed absent (OC-05)', (world: DeskWorld) => {
      world.venue.holdsTheNextCreate(3_500)
      world.venue.tellsNobodyOfOrders()
    }, adopted],
    ['that sat longer than its signature counts is refused by the venue and proven absent (OC-06)', (world: DeskWorld) => world.venue.holdsTheNextCreate(4_500), begunAnew],
  ])('%s', async (_case, happens, outcome) => {
    expect(await after(happens)).toEqual(outcome)
  })

  test('is never proven absent by look-ups that fail (FS-24)', async () => {
    const world = new DeskWorld(oneRung)
    world.venue.losesTheNextRequest('create')
    world.venue.failsWith({ kind: 'network', detail: 'no route' }, 'findByClientOrderId')
    await world.start()
    await world.until(() => first(world) === 'resolving')
    await world.clock.advance(3_600_000)
    expect({ state: first(world), alerts: world.desk.alerts.map(({ code }) => code), creates: world.venue.creates() }).toEqual({ state: 'resolving', alerts: ['order.unresolved', 'pair.held'], creates: 1 })
  })
})
