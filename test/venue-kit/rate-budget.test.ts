import { expect, test } from 'vitest'
import { RateBudget, type Lane } from '../../src/adapters/venue-kit/rate-budget.ts'
import { HandClock, settle } from '../support/hand-clock.ts'

const taking = (budget: RateBudget, granted: string[], lane: Lane, name: string, waitMs = 60_000): void => {
  void budget.take(lane, waitMs).then((yes) => granted.push(yes ? name : `${name} gave up`))
}

test('no second holds more than the limit', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(30, clock)
  const granted: string[] = []
  for (let count = 0; count < 100; count += 1) taking(budget, granted, 'create', String(count))
  await clock.advance(1000)
  expect(granted.length).toBeGreaterThanOrEqual(28)
  expect(granted.length).toBeLessThanOrEqual(30)
  await clock.advance(1000)
  expect(granted.length).toBeLessThanOrEqual(30 + 22)
})

test('a cancel goes first, a create before a read, and reads leave room', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(10, clock)
  const granted: string[] = []
  for (const name of ['r1', 'r2', 'r3', 'r4']) taking(budget, granted, 'read', name)
  taking(budget, granted, 'create', 'o1')
  taking(budget, granted, 'create', 'o2')
  taking(budget, granted, 'cancel', 'c1')
  await clock.advance(5000)
  expect(granted.indexOf('c1')).toBeLessThan(granted.indexOf('r4'))
  expect(granted.indexOf('o2')).toBeLessThan(granted.indexOf('r4'))
  expect(granted).toHaveLength(7)
})

test('a wait is bounded, and nothing is left behind', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(1, clock)
  const granted: string[] = []
  for (const name of ['a', 'b', 'c']) taking(budget, granted, 'create', name, 500)
  await clock.advance(500)
  expect(granted).toEqual(['a', 'b gave up', 'c gave up'])
  await clock.advance(60_000)
  expect(clock.pending).toBe(0)
})

test('a pause holds creates and reads, but no cancel', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(30, clock)
  const granted: string[] = []
  budget.pause(2000)
  taking(budget, granted, 'read', 'read')
  taking(budget, granted, 'create', 'create')
  taking(budget, granted, 'cancel', 'cancel')
  await settle()
  expect(granted).toEqual(['cancel'])
  await clock.advance(2001)
  expect(granted).toEqual(['cancel', 'create', 'read'])
})

test('a cancel does not sleep with a paused read', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(1, clock)
  const granted: string[] = []
  taking(budget, granted, 'cancel', 'c1')
  budget.pause(30_000)
  taking(budget, granted, 'read', 'read')
  taking(budget, granted, 'cancel', 'c2')
  await clock.advance(1500)
  expect(granted).toEqual(['c1', 'c2'])
})

test('a limit of 0 is none', async () => {
  const budget = new RateBudget(0, new HandClock())
  for (let count = 0; count < 1000; count += 1) expect(await budget.take('read', 1)).toBe(true)
})

test('a lane has a bound', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(1, clock)
  const granted: string[] = []
  for (let count = 0; count < 502; count += 1) taking(budget, granted, 'read', String(count))
  await settle()
  expect(granted).toEqual(['0', '501 gave up'])
})
