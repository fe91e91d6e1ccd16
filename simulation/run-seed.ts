/**
 * One seed from its beginning to its verdict.
 *
 * R1  First safety: faults fall and no invariant may break. Then liveness: no fault falls, and within `livenessMs` the
 *     world must be at peace: every order's fate known, everything bought on offer, the streams live, both books equal.
 * R2  A fault is recovered from when it met something and the world came to peace afterwards with nothing broken.
 */
import type { Violation } from './judge/checker.ts'
import { World, type WorldOptions } from './world.ts'

export interface SeedOptions extends WorldOptions {
  /** How long faults fall, in simulated milliseconds; what the seed says without it. */
  readonly safetyMs?: number
  /** Sees the world as soon as it has begun. */
  readonly watch?: (world: World) => void
}

export interface SeedResult {
  readonly seed: string
  /** Orders that were claimed. */
  readonly lives: number
  /** Creates, cancels, look-ups, listings and fills at the venue. */
  readonly operations: number
  /** Batches that were committed. */
  readonly commits: number
  readonly processes: number
  readonly simulatedMs: number
  /** How often each kind of fault met something. */
  readonly faults: Readonly<Record<string, number>>
  readonly violations: readonly Violation[]
  /** The same for every run of the seed. */
  readonly digest: string
}

/** Longer than the longest proof of absence, with every growing pause that the faults may have left. */
export const livenessMs = 120_000
/** How long the market goes on after the last fault. */
const trafficMs = 8_000
const lookEveryMs = 1_000
/** At peace now is not enough: so many looks in a row. */
const calmLooks = 3

export const runSeed = async (options: SeedOptions): Promise<SeedResult> => {
  const world = new World(options)
  const { clock, judge } = world
  const isBroken = (): boolean => judge.violations.length > 0
  const onStray = (error: unknown): void => judge.report('I12', `nobody caught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.on('unhandledRejection', onStray)
  try {
    world.begin()
    options.watch?.(world)
    await clock.run(options.safetyMs ?? world.scenario.safetyMs, isBroken)
    world.faults.end()
    world.trace.note('phase', 'no fault falls any more')
    // The faults are over before the market is: what they left must be mended in full traffic, and then come to rest.
    if (!isBroken()) await clock.run(clock.now + trafficMs, isBroken)
    world.venue.path.rest()
    if (!isBroken()) await comeToPeace(world, isBroken)
    if (!isBroken()) judgeAtRest(world)
  } catch (error) {
    onStray(error)
  } finally {
    process.off('unhandledRejection', onStray)
  }
  return resultOf(world, options.seed)
}

const comeToPeace = async (world: World, isBroken: () => boolean): Promise<void> => {
  const { clock, judge } = world
  const until = clock.now + livenessMs
  for (let calm = 0; calm < calmLooks && !isBroken(); ) {
    await clock.run(clock.now + lookEveryMs, isBroken)
    const troubles = world.unrest()
    calm = troubles.length === 0 ? calm + 1 : 0
    if (clock.now < until || calm > 0) continue
    for (const [invariant, detail] of troubles) judge.report(invariant, `${livenessMs / 1_000} s after the last fault: ${detail}`)
  }
}

const judgeAtRest = ({ judge, store }: World): void => {
  judge.show('atRest')
  for (const row of store.tables.actors.values()) judge.show('told', `the row of ${row.address}`, JSON.stringify(row))
}

const resultOf = ({ clock, judge, store, venue, faults, tally, host, trace }: World, seed: string): SeedResult => ({
  seed,
  lives: [...store.tables.actors.values()].filter(({ kind }) => kind === 'order').length,
  operations: tally.total + venue.exchange.ledger.fills.length,
  commits: store.tables.batches.size,
  processes: host.count,
  simulatedMs: Math.round(clock.now),
  faults: Object.fromEntries([...faults.met].toSorted(([a], [b]) => a.localeCompare(b))),
  violations: judge.violations,
  digest: trace.digest(),
})
