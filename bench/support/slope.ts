/** Growth told by many samples, so that a single one decides nothing. */

/** How much the value grows while the time grows by one, by the line of least squares through all points; NaN of fewer than two. */
export const slopeOf = (points: readonly { readonly time: number; readonly value: number }[]): number => {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [middle, level] = [mean(points.map(({ time }) => time)), mean(points.map(({ value }) => value))]
  const spread = points.reduce((sum, { time }) => sum + (time - middle) ** 2, 0)
  return points.reduce((sum, { time, value }) => sum + (time - middle) * (value - level), 0) / spread
}
