import { describe, expect, test } from 'vitest'
import { replayArguments, shrink } from '../../simulation/shrink.ts'
import type { SeedOptions } from '../../simulation/run-seed.ts'

const kinds = ['a', 'b', 'c', 'd', 'e', 'f']

describe('a failing seed', () => {
  test('is made as small as it still fails: fewer kinds of fault, for a shorter time (K1)', async () => {
    const fails = async ({ only, safetyMs = 0 }: SeedOptions): Promise<boolean> => only?.has('b') === true && only.has('e') && safetyMs >= 13_000
    const smallest = await shrink({ seed: '7', safetyMs: 60_000 }, kinds, fails)
    expect(replayArguments(smallest)).toBe('--seed 7 --only b,e --seconds 13')
  })

  test('that needs no fault at all says so', async () => {
    expect(replayArguments(await shrink({ seed: '7', safetyMs: 4_000 }, kinds, async () => true))).toBe('--seed 7 --only none --seconds 2')
  })

  test('stays as it is when nothing smaller fails, and is not tried for ever (K2)', async () => {
    let runs = 0
    const many = Array.from({ length: 1_000 }, (_, index) => `kind-${index}`)
    const smallest = await shrink({ seed: '7', safetyMs: 60_000 }, many, async () => {
      runs++
      return false
    })
    expect({ left: smallest.only?.size, safetyMs: smallest.safetyMs, bounded: runs <= 120 }).toEqual({ left: 1_000, safetyMs: 60_000, bounded: true })
  })
})
