/**
 * Which trouble a seed knows and how often: some kinds, many never, each at a rate of its own. Every kind draws from a
 * stream of its own, so that one can be left out and the others fall as before.
 */
import { seededRandom, type Random } from '../../src/simulated-market/random.ts'
import type { FaultKind } from './fault-kind.ts'
import { faultKinds } from './kinds.ts'

export interface DrawnFault {
  readonly kind: FaultKind
  /** Mean time between two of it. */
  readonly gapMs: number
  readonly random: Random
}

const shortestGapMs = 4_000
const longestGapMs = 40_000

/** @param only the kinds that may be drawn at all; all without it */
export const swarmOf = (seed: string, only?: ReadonlySet<string>): readonly DrawnFault[] => {
  const share = 0.04 + seededRandom(`${seed}/swarm`).uniform() * 0.3
  return faultKinds.flatMap((kind) => {
    const random = seededRandom(`${seed}/fault/${kind.id}`)
    const isDrawn = random.uniform() < share
    const gapMs = (shortestGapMs + random.uniform() * (longestGapMs - shortestGapMs)) * (kind.rarity ?? 1)
    return isDrawn && (only === undefined || only.has(kind.id)) ? [{ kind, gapMs, random }] : []
  })
}
