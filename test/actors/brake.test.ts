/** src/actors/brake.ts (OC-15). */
import { expect, test } from 'vitest'
import { Brake } from '../../src/actors/brake.ts'
import { ManualClock } from '../support/clock.ts'

test('pauses double from the first to the longest, and several refusals in one pause are one', async () => {
  const clock = new ManualClock()
  const brake = new Brake(clock, 1_000, 5_000)
  expect(brake.waitMs).toBe(0)
  const pauses: number[] = []
  for (let round = 0; round < 5; round++) {
    brake.refused()
    brake.refused()
    pauses.push(brake.waitMs)
    await clock.advance(brake.waitMs)
    expect(brake.waitMs).toBe(0)
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
})

test('a success ends the pause and its growth', async () => {
  const clock = new ManualClock()
  const brake = new Brake(clock, 1_000, 5_000)
  brake.refused()
  await clock.advance(1_000)
  brake.refused()
  brake.passed()
  expect(brake.waitMs).toBe(0)
  brake.refused()
  expect(brake.waitMs).toBe(1_000)
})
