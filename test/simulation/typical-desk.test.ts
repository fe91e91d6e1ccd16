/** The world of an ordinary desk, by which speed and growth are told: it trades, and keeps every promise. */
import { expect, test } from 'vitest'
import { runSeed, type SeedResult } from '../../simulation/run-seed.ts'
import { typicalDesk } from '../../simulation/typical-desk.ts'
import type { World } from '../../simulation/world.ts'

const hourMs = 3_600_000

test('a typical desk trades for an hour with no fault and no broken promise, twice in the same way', async () => {
  const seen: World[] = []
  const live = (): Promise<SeedResult> => runSeed({ seed: 'an hour', scenario: typicalDesk, only: new Set(), safetyMs: hourMs, watch: (world) => seen.push(world) })
  const [one, other] = [await live(), await live()]
  expect(one).toMatchObject({ violations: [], faults: {}, processes: 1 })
  expect(other).toEqual(one)
  expect(seen[0]?.host.current?.desk?.view.closed).toBeGreaterThan(0)
  const rungs = typicalDesk.instruments.reduce((sum, { ladder }) => sum + ladder.rungs, 0)
  expect(one.lives).toBeGreaterThan(rungs)
}, 60_000)

test('every breaker that a configuration has by default watches it, and none is tripped', async () => {
  const states = new Map<string, string>()
  const look = ({ clock, store }: World): void => void clock.after(hourMs / 2, () => {
    for (const { address, kind, state } of store.tables.actors.values()) if (kind === 'breaker') states.set(address, state)
  })
  await runSeed({ seed: 'breakers', scenario: typicalDesk, only: new Set(), safetyMs: hourMs, watch: look })
  expect(new Set([...states.keys()].map((address) => address.split(/[/:]/)[1]))).toEqual(new Set(typicalDesk.breakers.map(({ kind }) => kind)))
  expect(new Set(states.values())).toEqual(new Set(['clear']))
}, 60_000)
