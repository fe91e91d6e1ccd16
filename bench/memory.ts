/**
 * Memory: what each resting pair (its row, its order's row, its place in the view) adds to the heap of a desk that has started
 * with so many, beyond a desk that has none.
 *
 * Fair: a real start over a real store, so that nothing is in memory but what the desk keeps there; the heap is counted after
 * full collections.
 */
import { startPostgres, type TestServer } from '../test/support/postgres.ts'
import type { Figure, Measure, Scale } from './figure.ts'
import { heapInUse } from './support/heap.ts'
import { restPairs, startDesk } from './support/resting-pairs.ts'

const sizes: Readonly<Record<Scale, readonly number[]>> = { tiny: [3], quick: [1_000, 5_000], full: [1_000, 10_000, 100_000] }
/** A desk without a single pair is the base; one rests there all the same, for a store is not filled with none. */
const base = 1
const settleMs = 200

const heapOf = async (server: TestServer, pairs: number): Promise<number> => {
  const address = await server.database()
  await restPairs(address, pairs)
  const started = await startDesk(address, pairs)
  // What only the start needed is let go of in later turns.
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    heapInUse()
  }
  const bytes = heapInUse()
  await started.stop()
  return bytes
}

const memory = async (scale: Scale): Promise<readonly Figure[]> => {
  const server = await startPostgres()
  const figures: Figure[] = []
  try {
    // The first desk brings code and caches with it that every later one finds.
    await heapOf(server, base)
    for (const pairs of sizes[scale]) {
      const empty = await heapOf(server, base)
      const full = await heapOf(server, pairs)
      figures.push({ measure: `memory of a resting pair, of ${pairs.toLocaleString('en')}`, value: (full - empty) / (pairs - base) / 1_000, unit: 'kB', aim: { atMost: 2 } })
    }
    return figures
  } finally {
    await server.stop()
  }
}

export const memoryMeasure: Measure = { name: 'memory', about: 'heap of a desk with resting pairs, beyond one without', aloneAt: [], run: memory }
