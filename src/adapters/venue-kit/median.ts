/** One figure out of several measurements, of which some may be bad. */
import { ok, type Result } from '../../domain/failure.ts'

/** The middle of a majority whose values lie within so much of each other; undefined where there is none. */
const agreed = (sorted: readonly number[], majority: number, within: number): number | undefined => {
  const first = sorted.findIndex((value, index) => (sorted[index + majority - 1] ?? Infinity) - value <= within)
  return first < 0 ? undefined : sorted[first + Math.floor(majority / 2)]
}

/**
 * The median of so many samples, taken one after the other: it forgives a bad minority. When a majority of them agrees, those
 * that were not taken yet could move it no further than the agreement is wide, and are spared.
 * @param samples an odd number
 * @param within how far values may lie apart that agree, in the unit of the values
 */
export const medianOf = async ({ samples, within }: { readonly samples: number; readonly within: number }, sample: () => Promise<Result<number>>): Promise<Result<number>> => {
  const values: number[] = []
  while (values.length < samples) {
    const value = await sample()
    if (!value.ok) return value
    values.push(value.value)
    values.sort((a, b) => a - b)
    const middle = agreed(values, Math.ceil(samples / 2), within)
    if (middle !== undefined) return ok(middle)
  }
  return ok(values[Math.floor(samples / 2)] ?? 0)
}
