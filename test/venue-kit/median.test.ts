/** One figure out of several measurements (src/adapters/venue-kit/median.ts). */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { medianOf } from '../../src/adapters/venue-kit/median.ts'
import { failed, ok } from '../../src/domain/failure.ts'

const measured = async (values: readonly number[], within = 50) => {
  let taken = 0
  const median = await medianOf({ samples: 5, within }, async () => ok(values[taken++] ?? Number.NaN))
  return { median: median.ok ? median.value : undefined, taken }
}

test('three that agree are enough, and a bad one before them is forgiven', async () => {
  expect(await measured([100, 120, 110, 0, 0])).toEqual({ median: 110, taken: 3 })
  expect(await measured([9_000, 100, 120, 110, 0])).toEqual({ median: 110, taken: 4 })
  expect(await measured([9_000, 100, -700, 120, 110])).toEqual({ median: 110, taken: 5 })
})

test('where no majority agrees it is the median of all', async () => {
  expect(await measured([0, 1_000, 2_000, 3_000, 4_000])).toEqual({ median: 2_000, taken: 5 })
})

test('differs from the median of all by no more than the agreement is wide', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -200, max: 200 }), { minLength: 5, maxLength: 5 }), async (values) => {
      const { median = Number.NaN } = await measured(values)
      expect(Math.abs(median - (values.toSorted((a, b) => a - b)[2] ?? Number.NaN))).toBeLessThanOrEqual(50)
    }),
  )
})

test('a sample that fails is the answer', async () => {
  const failure = { kind: 'network', detail: 'ECONNRESET' } as const
  expect(await medianOf({ samples: 5, within: 50 }, async () => failed(failure))).toEqual(failed(failure))
})
