/**
 * Makes a failing seed small: which kinds of fault does it take, and for how long?
 *
 * K1  What is handed back fails, as the seed did; a run that fails in another way counts too, for it is smaller.
 * K2  At most `mostRuns` runs.
 */
import type { SeedOptions } from './run-seed.ts'

/** Enough to try every kind once and to halve the time some times. */
const mostRuns = 120
const shortestMs = 2_000

/**
 * @param kinds the kinds that the failing run could meet
 * @param fails runs a seed and says whether it fails
 */
export const shrink = async (failing: SeedOptions & { readonly safetyMs: number }, kinds: readonly string[], fails: (options: SeedOptions) => Promise<boolean>): Promise<SeedOptions> => {
  let runs = 0
  let only = new Set(kinds)
  let { safetyMs } = failing
  const stillFails = async (smaller: Partial<SeedOptions>): Promise<boolean> => ++runs <= mostRuns && fails({ ...failing, only, safetyMs, ...smaller })
  for (const kind of kinds) {
    const without = new Set([...only].filter((one) => one !== kind))
    if (await stillFails({ only: without })) only = without
  }
  for (let step = safetyMs / 2; step >= shortestMs / 2 && safetyMs > shortestMs; step /= 2) {
    const shorter = Math.max(Math.round((safetyMs - step) / 1_000) * 1_000, shortestMs)
    if (shorter < safetyMs && (await stillFails({ safetyMs: shorter }))) safetyMs = shorter
  }
  return { ...failing, only, safetyMs }
}

/** What repeats a run on the command line. */
export const replayArguments = ({ seed, only, safetyMs }: Pick<SeedOptions, 'seed' | 'only' | 'safetyMs'>): string =>
  [`--seed ${seed}`, ...(only === undefined ? [] : [`--only ${[...only].join(',') || 'none'}`]), ...(safetyMs === undefined ? [] : [`--seconds ${safetyMs / 1_000}`])].join(' ')
