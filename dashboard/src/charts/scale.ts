/** From values to places on a chart, and the round values at which its grid stands. Pure. */

export interface Scale {
  readonly low: number
  readonly high: number
  /** Where a value is, in pixels. */
  at(value: number): number
}

/** @param from place of the lowest value, @param to place of the highest */
export const scaleOf = (low: number, high: number, from: number, to: number): Scale => ({ low, high, at: (value) => from + ((value - low) / (high - low || 1)) * (to - from) })

/** The span of values with some room on both sides, also where they are all the same. */
export const roomy = (values: readonly number[]): readonly [low: number, high: number] => {
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const, [Infinity, -Infinity] as const)
  if (!Number.isFinite(low)) return [0, 1]
  const room = Math.max((high - low) * 0.06, Math.abs(high) * 0.00002, 0.0001)
  return [low - room, high + room]
}

/** Round steps, about so many of them: 1, 2 or 5 of some power of ten. */
export const roundTicks = (low: number, high: number, about: number): readonly number[] => {
  const rough = (high - low) / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}

const second = 1_000
const timeSteps = [second, 2 * second, 5 * second, 10 * second, 30 * second, 60 * second, 120 * second, 300 * second, 600 * second, 1_800 * second, 3_600 * second, 10_800 * second, 21_600 * second, 86_400 * second]

/** Moments on whole seconds, minutes, hours or days here, about so many of them. */
export const timeTicks = (from: number, to: number, about: number): readonly number[] => {
  const step = timeSteps.find((one) => (to - from) / one <= about) ?? Math.ceil((to - from) / about / 86_400_000) * 86_400_000
  const zone = new Date(from).getTimezoneOffset() * 60_000
  const first = Math.ceil((from - zone) / step) * step + zone
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step)
}

/** So few of many values that each has a pixel, the last always among them. */
export const thinned = <T>(values: readonly T[], most: number): readonly T[] => {
  const every = Math.ceil(values.length / Math.max(1, most))
  return every <= 1 ? values : values.filter((_, index) => index % every === 0 || index === values.length - 1)
}
