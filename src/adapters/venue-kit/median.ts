/** One figure out of several measurements, of which some may be bad. */
import { ok, type Result } from '../../domain/failure.ts'

/**
 * The median of so many samples, taken one after the other: it forgives a bad minority.
 * @param samples an odd number
 */
export const medianOf = async (samples: number, sample: () => Promise<Result<number>>): Promise<Result<number>> => {
  const values: number[] = []
  for (let taken = 0; taken < samples; taken += 1) {
    const value = await sample()
    if (!value.ok) return value
    values.push(value.value)
  }
  return ok(values.sort((a, b) => a - b)[Math.floor(samples / 2)] ?? 0)
}
