/**
 * Simulation: what the simulated world gets through in a second of real time: a whole desk, the sandbox's exchange, the store
 * in memory and the judges who check every invariant, as in `nightdesk simulate`.
 *
 * Fair: the seeds are drawn as every gate draws them, faults and all; a broken invariant fails the bench. Counted in the
 * processor's time of this process.
 */
import { runSeed } from '../simulation/run-seed.ts'
import { insist, type Figure, type Measure, type Scale } from './figure.ts'

const seeds: Readonly<Record<Scale, number>> = { tiny: 1, quick: 25, full: 200 }
const first = 9_000_000

const simulation = async (scale: Scale): Promise<readonly Figure[]> => {
  let [operations, simulatedMs] = [0, 0]
  await runSeed({ seed: String(first) })
  const began = process.cpuUsage()
  for (let seed = 1; seed <= seeds[scale]; seed++) {
    const result = await runSeed({ seed: String(first + seed) })
    insist(result.violations.length === 0, `seed ${result.seed} breaks ${JSON.stringify(result.violations[0])}`)
    operations += result.operations
    simulatedMs += result.simulatedMs
  }
  const { user, system } = process.cpuUsage(began)
  const tookMs = (user + system) / 1_000
  return [
    { measure: 'simulated venue operations', value: (operations * 1_000) / tookMs, unit: 'operations/s' },
    { measure: 'simulated time against real time', value: simulatedMs / tookMs, unit: 'times', aim: { atLeast: 1_000 } },
  ]
}

export const simulationMeasure: Measure = { name: 'simulation', about: 'seeds of the simulated world, as every gate runs them', aloneAt: [], run: simulation }
