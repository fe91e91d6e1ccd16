import { expect, test } from 'vitest'
import { Embargo } from '../../src/adapters/venue-kit/embargo.ts'
import { ManualClock } from '../support/clock.ts'

test('holds until its end, and says how long', async () => {
  const clock = new ManualClock()
  const embargo = new Embargo(clock, 60_000)
  expect(embargo.failure).toBeUndefined()
  expect(embargo.impose('banned', 5_000)).toBe(clock.now() + 5_000)
  await clock.advance(4_999)
  expect(embargo.failure).toMatchObject({ kind: 'banned', retryAfterMs: 1 })
  await clock.advance(1)
  expect(embargo.failure).toBeUndefined()
})

test('is not shortened by a smaller word, nor by a wall clock that is set (G1)', () => {
  const clock = new ManualClock()
  const embargo = new Embargo(clock, 60_000)
  embargo.impose('banned', 5_000)
  embargo.impose('rateLimited', 1_000)
  clock.jump(3_600_000)
  expect(embargo.failure).toMatchObject({ kind: 'banned', retryAfterMs: 5_000 })
  embargo.impose('rateLimited', 9_000)
  expect(embargo.failure).toMatchObject({ kind: 'rateLimited', retryAfterMs: 9_000 })
})

test('ends, whatever was said (G2)', () => {
  const embargo = new Embargo(new ManualClock(), 60_000)
  embargo.impose('banned', Number.MAX_SAFE_INTEGER)
  expect(embargo.leftMs).toBe(60_000)
})
