/** What the bench prints: figures, each beside a yardstick of the same run where there is one. */

/** How much work a measure does: `tiny` only proves that it works, `quick` fits two minutes in all, `full` is for figures to keep. */
export type Scale = 'tiny' | 'quick' | 'full'

/** A limit that a figure is meant to keep: on its ratio to the yardstick or, where it has none, on its value. */
export interface Aim {
  readonly atLeast?: number
  readonly atMost?: number
}

export interface Figure {
  readonly measure: string
  readonly value: number
  readonly unit: string
  /** What it is held against, measured in the same run, in the same unit. */
  readonly against?: { readonly what: string; readonly value: number }
  readonly aim?: Aim
}

/** One row of the table. */
export interface Measure {
  readonly name: string
  /** What is measured against what, in one line. */
  readonly about: string
  /** Left out of the whole at these scales: it takes too long beside the others, and is run with `--only`. */
  readonly aloneAt: readonly Scale[]
  run(scale: Scale): Promise<readonly Figure[]>
}

/** The figure as so many times its yardstick; undefined where it has none. */
export const ratioOf = ({ value, against }: Figure): number | undefined => against && value / against.value

/** Whether the figure keeps its aim; undefined where it has none. */
export const keepsAim = (figure: Figure): boolean | undefined => {
  if (figure.aim === undefined) return undefined
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = figure.aim
  const held = ratioOf(figure) ?? figure.value
  return held >= atLeast && held <= atMost
}

/** The value below which such a share of the values lies; NaN of none. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Nanoseconds a call, the median of some rounds. */
export const nanosecondsOf = (calls: number, rounds: number, task: (call: number) => void): number =>
  median(
    Array.from({ length: rounds }, () => {
      const start = process.hrtime.bigint()
      for (let call = 0; call < calls; call++) task(call)
      return Number(process.hrtime.bigint() - start) / calls
    }),
  )

/** Thrown when the work that was to be measured was not done: the only reason for the bench to fail. */
export class BrokenWork extends Error {
  override readonly name = 'BrokenWork'
}

/** @throws BrokenWork when it does not hold */
export const insist = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new BrokenWork(otherwise)
}
