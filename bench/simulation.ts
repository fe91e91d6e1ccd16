/**
 * Simulation: what the simulated world gets through in a second of real time: a whole desk, the sandbox's exchange, the store
 * in memory and the judges who check every invariant, as in `nightdesk simulate`.
 *
 * Two worlds. A typical desk is what a user runs: two ladders of ten rungs, a quote a second each, settings as they are by
 * default, real signatures, no faults; hours of it. The gate's are drawn as every gate draws them: a minute each, faults and
 * restarts all the while, narrow ladders that trade every few seconds; nobody's desk is so busy, and no aim is set for them.
 *
 * Fair: one world, one set of judges; a broken invariant fails the bench, and so does a desk that does not trade. Replaying
 * every row from its events at the end is in the time. Counted in the processor's time of this process.
 */
import { runSeed, type SeedOptions } from '../simulation/run-seed.ts'
import { typicalDesk } from '../simulation/typical-desk.ts'
import { insist, type Aim, type Figure, type Measure, type Scale } from './figure.ts'

const seeds: Readonly<Record<Scale, number>> = { tiny: 1, quick: 25, full: 200 }
const hours: Readonly<Record<Scale, number>> = { tiny: 0.05, quick: 6, full: 24 }
const warmUpHours: Readonly<Record<Scale, number>> = { tiny: 0.01, quick: 0.5, full: 1 }
const firstSeed = 9_000_000

/** Runs them one after the other, the first before the clock runs. */
const timed = async (name: string, [first, ...worlds]: readonly [SeedOptions, ...SeedOptions[]], aim?: Aim): Promise<readonly Figure[]> => {
  let [operations, simulatedMs] = [0, 0]
  await runSeed(first)
  const began = process.cpuUsage()
  for (const world of worlds) {
    const result = await runSeed(world)
    insist(result.violations.length === 0, `seed ${result.seed} breaks ${JSON.stringify(result.violations[0])}`)
    operations += result.operations
    simulatedMs += result.simulatedMs
  }
  insist(operations > 0, `${name}: no desk traded`)
  const { user, system } = process.cpuUsage(began)
  const tookMs = (user + system) / 1_000
  return [
    { measure: `${name}, venue operations`, value: (operations * 1_000) / tookMs, unit: 'operations/s' },
    { measure: `${name}, simulated time against real time`, value: simulatedMs / tookMs, unit: 'times', ...(aim && { aim }) },
  ]
}

const typicalFor = (length: number): SeedOptions => ({ seed: 'typical', scenario: typicalDesk, only: new Set(), safetyMs: length * 3_600_000 })
const gateSeed = (seed: number): SeedOptions => ({ seed: String(firstSeed + seed) })

const simulation = async (scale: Scale): Promise<readonly Figure[]> => [
  ...(await timed('a typical desk', [typicalFor(warmUpHours[scale]), typicalFor(hours[scale])], { atLeast: 1_000 })),
  ...(await timed("the gate's worlds", [gateSeed(0), ...Array.from({ length: seeds[scale] }, (_, seed) => gateSeed(seed + 1))])),
]

export const simulationMeasure: Measure = { name: 'simulation', about: 'the simulated world: a typical desk for hours, and seeds as every gate runs them', aloneAt: [], run: simulation }
