/** The seeds that have found something, first; then fresh ones: nothing may break, and every kind of fault must be met. */
import { describe, expect, test } from 'vitest'
import { committedSeeds } from '../../simulation/seeds.ts'
import { faultIds, runTwice } from '../../simulation/run-checked.ts'
import { runSeed, type SeedResult } from '../../simulation/run-seed.ts'

const from = Number(process.env['NIGHTDESK_SEEDS_FROM'] ?? 1_000)
const count = Number(process.env['NIGHTDESK_SEEDS'] ?? 200)
/** Every so many seeds one is run twice. */
const twiceEvery = 20
/** Kinds whose moment comes so rarely that two hundred seeds may do without them; a run of 500 may not. */
const rare: ReadonlySet<string> = new Set(faultIds.filter((id) => id.includes('@')))

const results: SeedResult[] = []

/** What a person needs to repeat it. */
const verdict = ({ seed, violations }: SeedResult): string => violations.map(({ invariant, detail, at }) => `${invariant} after ${at} ms: ${detail}; npm run nightdesk -- simulate --seed ${seed} --trace`).join('\n')

describe('the whole desk in a simulated world', () => {
  test.each(committedSeeds)('seed $seed, again: $found', async ({ seed, only, safetyMs }) => {
    const result = await runTwice({ seed, ...(only && { only: new Set(only) }), ...(safetyMs !== undefined && { safetyMs }) })
    expect(verdict(result)).toBe('')
  })

  test.each(Array.from({ length: count / twiceEvery }, (_, index) => from + index * twiceEvery))('twenty fresh seeds from %i on, the first of them twice', async (first) => {
    for (let seed = first; seed < first + twiceEvery; seed++) {
      const result = await (seed === first ? runTwice({ seed: String(seed) }) : runSeed({ seed: String(seed) }))
      results.push(result)
      expect(verdict(result)).toBe('')
    }
  }, 120_000)

  test('met every kind of fault but the rarest', () => {
    const met = new Set(results.flatMap(({ faults }) => Object.keys(faults)))
    expect(faultIds.filter((id) => !met.has(id) && !rare.has(id))).toEqual([])
    expect(faultIds.filter((id) => met.has(id)).length).toBeGreaterThan(faultIds.length * 0.9)
  })

  test('was worth its while: orders, executions, deaths', () => {
    const sum = (of: (result: SeedResult) => number): number => results.reduce((total, result) => total + of(result), 0)
    expect(sum(({ operations }) => operations)).toBeGreaterThan(count * 100)
    expect(sum(({ lives }) => lives)).toBeGreaterThan(count * 10)
    expect(sum(({ processes }) => processes)).toBeGreaterThan(count * 3)
  })
})

describe('a run', () => {
  test('without any fault comes to peace by itself, and does the same things twice', async () => {
    const quiet = { seed: '3', only: new Set<string>() }
    const result = await runTwice(quiet)
    expect(verdict(result)).toBe('')
    expect(result.faults).toEqual({})
  })

  test('differs from another seed\'s', async () => {
    const [one, other] = [await runSeed({ seed: '4', only: new Set() }), await runSeed({ seed: '5', only: new Set() })]
    expect(one.digest).not.toBe(other.digest)
  })

  test('tells what happens to whoever asks, and is the same for it', async () => {
    const lines: string[] = []
    const told = await runSeed({ seed: '6', print: (line) => lines.push(line) })
    expect((await runSeed({ seed: '6' })).digest).toBe(told.digest)
    expect(lines.some((line) => line.includes('host'))).toBe(true)
    expect(lines.length).toBeGreaterThan(100)
  })

  test('hands the desk\'s options to whoever wants to plant a bug', async () => {
    let desks = 0
    await runSeed({ seed: '7', only: new Set(), sabotage: (options) => {
      desks++
      return options
    } })
    expect(desks).toBe(1)
  })
})
