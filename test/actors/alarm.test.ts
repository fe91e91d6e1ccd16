/** The alarm (src/actors/alarm.ts, K1 to K4). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Alarm } from '../../src/actors/alarm.ts'
import { ManualClock } from '../support/clock.ts'

const begin = () => {
  const clock = new ManualClock()
  const told: string[] = []
  const alarm = new Alarm(clock, ({ address, name }) => void told.push(`${address} ${name}`))
  const start = clock.now()
  const set = (name: string, inMs: number, address = 'order/a'): void => alarm.set({ address, name, dueAt: start + inMs })
  alarm.start()
  return { clock, alarm, told, set }
}

describe('a deadline', () => {
  test('is told when it is due, not before, and once (K1)', async () => {
    const { clock, alarm, told, set } = begin()
    set('answer', 4_000)
    await clock.advance(3_999)
    expect(told).toEqual([])
    await clock.advance(1)
    expect(told).toEqual(['order/a answer'])
    await clock.advance(100_000)
    expect(told).toEqual(['order/a answer'])
    // Still set until its turn is committed.
    expect(alarm.namesOf('order/a')).toEqual(['answer'])
    alarm.clear({ address: 'order/a', name: 'answer' })
    expect(alarm.namesOf('order/a')).toEqual([])
  })

  test('cleared is not told; set again it counts from the new moment', async () => {
    const { clock, alarm, told, set } = begin()
    set('answer', 1_000)
    set('resolve', 1_000)
    alarm.clear({ address: 'order/a', name: 'answer' })
    set('resolve', 5_000)
    await clock.advance(4_999)
    expect(told).toEqual([])
    await clock.advance(1)
    expect(told).toEqual(['order/a resolve'])
    set('resolve', 6_000)
    await clock.advance(1_000)
    expect(told).toEqual(['order/a resolve', 'order/a resolve'])
  })

  test('long past, as after a restart, is told at once', async () => {
    const { clock, told, set } = begin()
    set('cover', -86_400_000)
    await clock.advance(0)
    expect(told).toEqual(['order/a cover'])
  })

  test('of another owner with the same name is another deadline', async () => {
    const { clock, alarm, told, set } = begin()
    set('cover', 100, 'trade-pair/a')
    set('cover', 100, 'trade-pair/b')
    alarm.clear({ address: 'trade-pair/a', name: 'cover' })
    await clock.advance(100)
    expect(told).toEqual(['trade-pair/b cover'])
  })
})

test('many are told in the order of their moments; those of one moment in the order in which they were set', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), fc.array(fc.nat({ max: 59 }), { maxLength: 20 }), async (moments, cleared) => {
      const { clock, alarm, told, set } = begin()
      for (const [n, moment] of moments.entries()) set(`d${n}`, moment * 100)
      for (const n of cleared) alarm.clear({ address: 'order/a', name: `d${n}` })
      const kept = moments.map((moment, n) => ({ moment, n })).filter(({ n }) => !cleared.includes(n))
      expect(alarm.size).toBe(kept.length)
      await clock.advance(6_000)
      expect(told).toEqual(kept.toSorted((a, b) => a.moment - b.moment).map(({ n }) => `order/a d${n}`))
      expect(alarm.size).toBe(0)
    }),
    { numRuns: 30 },
  )
})

describe('waiting', () => {
  test('no wait is longer than a second, and only one timer runs (K2)', async () => {
    const { clock, set } = begin()
    for (let n = 0; n < 100; n++) set(`d${n}`, 1_000_000 + n)
    expect(clock.waiting).toBe(1)
    await clock.advance(10_000)
    expect(clock.waiting).toBe(1)
  })
})

test('stopped it tells nothing, and waits for nothing', async () => {
  const { clock, alarm, told, set } = begin()
  set('cover', 100)
  alarm.stop()
  set('answer', 100)
  await clock.advance(10_000)
  expect(told).toEqual([])
  expect(clock.waiting).toBe(0)
})

describe('when the wall clock is set back', () => {
  test('a deadline is told as far from now as it was (K3)', async () => {
    const { clock, told, set } = begin()
    set('answer', 1_000)
    await clock.advance(500)
    clock.jump(-3_600_000)
    await clock.advance(600)
    expect(told).toEqual(['order/a answer'])
  })

  test('between two processes, a deadline is never further away than when it was set (K3)', async () => {
    const { clock, alarm, told } = begin()
    const setAt = clock.now() + 3_600_000
    alarm.set({ address: 'order/a', name: 'cover', dueAt: setAt + 2_000, setAt })
    await clock.advance(1_999)
    expect(told).toEqual([])
    await clock.advance(1)
    expect(told).toEqual(['order/a cover'])
  })
})

test('what came due while the machine slept is told when it wakes', async () => {
  const { clock, alarm, told, set } = begin()
  set('answer', 60_000)
  set('cover', 10_000)
  clock.jump(59_000)
  alarm.advance(59_000)
  await clock.advance(1)
  expect(told).toEqual(['order/a cover'])
  await clock.advance(1_000)
  expect(told).toEqual(['order/a cover', 'order/a answer'])
})

describe('a deadline that could not be taken', () => {
  test('is told again after a while, unless it has been cleared (K4)', async () => {
    const { clock, alarm, told, set } = begin()
    set('fills', 1_000)
    await clock.advance(1_000)
    alarm.again({ address: 'order/a', name: 'fills' }, 60_000)
    await clock.advance(59_999)
    expect(told).toHaveLength(1)
    await clock.advance(1)
    expect(told).toHaveLength(2)
    alarm.clear({ address: 'order/a', name: 'fills' })
    alarm.again({ address: 'order/a', name: 'fills' }, 1_000)
    await clock.advance(10_000)
    expect(told).toHaveLength(2)
  })
})
