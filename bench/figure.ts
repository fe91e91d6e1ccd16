/** One line of the bench: what was measured, and its ratio to a yardstick of the same run. */
export interface Figure {
  readonly measure: string
  readonly figure: string
  readonly against: string
  readonly ratio: number
}

/** Nanoseconds a call, the median of some rounds. */
export const nanosecondsOf = (calls: number, rounds: number, task: (call: number) => void): number => {
  const times = Array.from({ length: rounds }, () => {
    const start = process.hrtime.bigint()
    for (let call = 0; call < calls; call++) task(call)
    return Number(process.hrtime.bigint() - start) / calls
  })
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN
}
