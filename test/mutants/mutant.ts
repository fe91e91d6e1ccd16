/** A bug planted on purpose, in one sentence and in code; whatever is meant to catch it must. */
export interface Edit {
  readonly file: string
  /** Must be in the file exactly once. */
  readonly from: string
  readonly to: string
}

export interface Mutant {
  readonly id: string
  readonly invariant: string
  readonly bug: string
  readonly edits: readonly Edit[]
  /** `simulation`: some seed of the first ones must fail. Otherwise test files, one of which must fail. */
  readonly caughtBy: 'simulation' | readonly string[]
}
