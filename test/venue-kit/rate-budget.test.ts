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
  for (let count = 0; count < 100; count += 1) taking(budget, granted, 'exit', String(count))
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
  for (const name of ['r1', 'r2', 'r3', 'r4']) taking(budget, granted, 'reconcile', name)
  taking(budget, granted, 'exit', 'o1')
  taking(budget, granted, 'exit', 'o2')
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
  for (const name of ['a', 'b', 'c']) taking(budget, granted, 'exit', name, 500)
  await clock.advance(500)
  expect(granted).toEqual(['a', 'b gave up', 'c gave up'])
  await clock.advance(60_000)
  expect(clock.pending).toBe(0)
})

test('a pause holds everything but cancels', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(30, clock)
  const granted: string[] = []
  budget.pause(2000)
  taking(budget, granted, 'reconcile', 'reconcile')
  taking(budget, granted, 'exit', 'exit')
  taking(budget, granted, 'cancel', 'cancel')
  await settle()
  expect(granted).toEqual(['cancel'])
  await clock.advance(2001)
  expect(granted).toEqual(['cancel', 'exit', 'reconcile'])
})

test('a cancel does not sleep with a paused read', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(1, clock)
  const granted: string[] = []
  taking(budget, granted, 'cancel', 'c1')
  budget.pause(30_000)
  taking(budget, granted, 'reconcile', 'reconcile')
  taking(budget, granted, 'cancel', 'c2')
  await clock.advance(1500)
  expect(granted).toEqual(['c1', 'c2'])
})

test('a limit of 0 is none', async () => {
  const budget = new RateBudget(0, new HandClock())
  for (let count = 0; count < 1000; count += 1) expect(await budget.take('reconcile', 1)).toBe(true)
})

test('a lane has a bound', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(1, clock)
  const granted: string[] = []
  for (let count = 0; count < 502; count += 1) taking(budget, granted, 'reconcile', String(count))
  await settle()
  expect(granted).toEqual(['0', '501 gave up'])
})

test('a call takes what the venue weighs it, and a dear one waits for its room', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(6_000, clock, 60_000)
  for (let count = 0; count < 6; count += 1) expect(await budget.take('exit', 1, 250)).toBe(true)
  expect(await budget.take('exit', 1, 300)).toBe(true)
  const granted: string[] = []
  void budget.take('exit', 10_000, 70).then((yes) => granted.push(String(yes)))
  await clock.advance(900)
  expect(granted).toEqual([])
  await clock.advance(150)
  expect(granted).toEqual(['true'])
})

test('a call dearer than the whole bucket goes when it is full', async () => {
  const budget = new RateBudget(100, new HandClock(), 60_000)
  expect(await budget.take('reconcile', 0, 250)).toBe(true)
  expect(await budget.take('cancel', 0)).toBe(false)
})

test('what the venue counted changes nothing where nobody else takes from the limit (B5)', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(1_000, clock, 10_000)
  let used = 0
  for (let step = 0; step < 100; step += 1) {
    while (await budget.take('exit', 0)) used += 1
    budget.counted(used, 10_000 - step * 100)
    await clock.advance(100)
  }
  expect(used).toBeGreaterThan(980)
  expect(used).toBeLessThanOrEqual(1_000)
})

test('where others have taken, no more leaves than the venue has left, and the next window is free again (B5)', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(1_000, clock, 10_000)
  await clock.advance(2_000)
  budget.counted(900, 8_000)
  let before = 0
  let after = 0
  for (let step = 0; step < 80; step += 1) {
    while (await budget.take('exit', 0)) before += 1
    await clock.advance(100)
  }
  for (let step = 0; step < 10; step += 1) {
    while (await budget.take('exit', 0)) after += 1
    await clock.advance(100)
  }
  expect(before).toBeLessThanOrEqual(100)
  expect(before).toBeGreaterThan(80)
  expect(after).toBeGreaterThan(60)
})

test('a limit can be learnt, unless there is none', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(10, clock)
  budget.resize(1_000)
  await clock.advance(1_000)
  let taken = 0
  while (await budget.take('exit', 0)) taken += 1
  expect(taken).toBe(300)
  budget.resize(10)
  await clock.advance(60_000)
  taken = 0
  while (await budget.take('exit', 0)) taken += 1
  expect(taken).toBe(3)
})

test('the more urgent goes first, whoever came first: cancel, exit, reconcile, entry, data', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(10, clock)
  const granted: string[] = []
  while (await budget.take('cancel', 0)) continue
  const urgent: readonly Lane[] = ['cancel', 'exit', 'reconcile', 'entry', 'data']
  for (const lane of urgent.toReversed()) taking(budget, granted, lane, lane)
  await clock.advance(3_000)
  expect(granted).toEqual(urgent)
})

test('market data leaves half of the burst, entries and reconciling a quarter, exits and cancels none', async () => {
  const taken = async (lane: Lane): Promise<number> => {
    const budget = new RateBudget(100, new HandClock())
    let count = 0
    while (await budget.take(lane, 0)) count += 1
    return count
  }
  expect(await Promise.all((['cancel', 'exit', 'reconcile', 'entry', 'data'] as const).map(taken))).toEqual([30, 30, 23, 23, 15])
})

test('the venue’s word on what is left holds, where it is less than we thought, until time has brought more (B5)', async () => {
  const clock = new HandClock()
  const budget = new RateBudget(30, clock)
  budget.left(2)
  const granted = async (): Promise<number> => {
    let count = 0
    while (await budget.take('cancel', 0)) count += 1
    return count
  }
  expect(await granted()).toBe(2)
  budget.left(1_000)
  expect(await granted()).toBe(0)
  await clock.advance(1_000)
  expect(await granted()).toBe(9)
})
