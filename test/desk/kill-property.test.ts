/** Over random markets, kills, lifts, deaths and restarts: what the switch says holds from its commit on (K1, K2, W1). */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KillLevel } from '../../src/machines/kill-switch/kill-switch-context.ts'
import { DeskWorld } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

type Step =
  | { readonly kind: 'move'; readonly bid: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'kill'; readonly level: KillLevel }
  | { readonly kind: 'unkill' }
  | { readonly kind: 'die'; readonly at: 'beforeCommit' | 'afterCommit' | 'now' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 59_700, max: 60_300 }).map((bid): Step => ({ kind: 'move', bid })) },
  { weight: 4, arbitrary: fc.integer({ min: 20, max: 8_000 }).map((ms): Step => ({ kind: 'wait', ms })) },
  { weight: 2, arbitrary: fc.constantFrom<KillLevel>('entries', 'orders', 'flatten').map((level): Step => ({ kind: 'kill', level })) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'unkill' }) },
  { weight: 2, arbitrary: fc.constantFrom('beforeCommit', 'afterCommit', 'now').map((at): Step => ({ kind: 'die', at: at as 'now' })) },
)

const ranks = { off: 0, quarter: 0, half: 0, entries: 1, orders: 2, flatten: 3 } as const
type KillState = keyof typeof ranks

/** What may be created in a state: 1 no buys, 2 nothing, 3 only what closes a pair. */
const forbidden = (state: KillState, order: { readonly side: string; readonly closes?: boolean }): boolean => {
  const rank = ranks[state]
  if (rank === 0) return false
  if (rank === 1) return order.side === 'buy'
  return order.side === 'buy' || order.closes !== true
}

const take = async (world: DeskWorld, one: Step, id: string): Promise<void> => {
  if (one.kind === 'move') world.venue.moveTo(String(one.bid))
  else if (one.kind === 'wait') await world.clock.advance(one.ms)
  else if (one.kind === 'kill') void world.desk.command({ id, kind: 'kill', level: one.level, who: 'ann', reason: 'a drill' })
  else if (one.kind === 'unkill') void world.desk.command({ id, kind: 'unkill', who: 'ann', reason: 'a drill' })
  else if (one.at === 'now') world.kill()
  else world.diesAt(one.at)
}

const play = async (steps: readonly Step[], seed: number): Promise<void> => {
  const world = new DeskWorld({}, `kill-${seed}`)
  let ids = 0
  const creates: { readonly at: number; readonly side: string; readonly closes?: boolean }[] = []
  const create = world.venue.create.bind(world.venue)
  world.venue.create = (order) => {
    creates.push({ at: world.clock.now(), ...order.request })
    return create(order)
  }
  await world.start()
  for (const one of steps) {
    if (!world.isAlive) await world.start()
    await take(world, one, `k${++ids}`)
    await world.clock.advance(30)
  }
  world.livesOn()
  if (!world.isAlive) await world.start()
  await world.clock.advance(60_000)
  const moves = world.store.tables.events.filter(({ address }) => address === 'kill-switch').map(({ at, from, to, type }) => ({ at, from: from as KillState, to: to as KillState, type }))
  for (const { from, to, type } of moves) if (type === 'kill') expect(ranks[to], 'K1').toBeGreaterThanOrEqual(ranks[from] ?? 0)
  // From its commit, which takes a millisecond, until it is lifted.
  const stateAt = (at: number): KillState => moves.findLast((move) => (ranks[move.to] > 0 ? move.at + 2 : move.at) <= at)?.to ?? 'off'
  expect(creates.filter((order) => forbidden(stateAt(order.at), order))).toEqual([])
  const last = moves.at(-1)?.to ?? 'off'
  if (ranks[last] >= 2) expect(world.venue.working().filter(({ side }) => side === 'buy'), 'W1').toEqual([])
  if (last !== 'orders' && last !== 'flatten') expect(differences(world)).toEqual([])
}

test('no order that the switch forbids is ever created after its commit, whatever dies when', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), fc.nat(1_000), play), { numRuns: 60 })
})
