/** A seed as the gates run it: once, or twice with the same trace; and made small when it fails. */
import { faultKinds } from './faults/kinds.ts'
import { swarmOf } from './faults/swarm.ts'
import { runSeed, type SeedOptions, type SeedResult } from './run-seed.ts'
import { scenarioOf } from './scenario.ts'
import { replayArguments, shrink } from './shrink.ts'

/** Every kind of fault that a run can meet. */
export const faultIds: readonly string[] = faultKinds.map(({ id }) => id)

/** Runs a seed twice; a difference between the two is a violation of I15. */
export const runTwice = async (options: SeedOptions): Promise<SeedResult> => {
  const first = await runSeed(options)
  const { print: _print, ...quietly } = options
  const second = await runSeed(quietly)
  if (first.digest === second.digest) return first
  return { ...first, violations: [...first.violations, { invariant: 'I15', detail: `two runs of the seed differ: ${first.digest} and ${second.digest}`, at: first.simulatedMs, turn: first.commits }] }
}

/** The command line's words for the smallest run that still fails. */
export const smallestReplay = async (options: SeedOptions): Promise<string> => {
  const { print: _print, ...quietly } = options
  const kinds = swarmOf(options.seed, options.only).map(({ kind }) => kind.id)
  const safetyMs = options.safetyMs ?? scenarioOf(options.seed).safetyMs
  return replayArguments(await shrink({ ...quietly, safetyMs }, kinds, async (smaller) => (await runSeed(smaller)).violations.length > 0))
}
