/** What a command says when it cannot do its work: one sentence, and the exit code that scripts read. */

/** Exit codes, as the README lists them. */
export const exitCodes = {
  fine: 0,
  foundProblem: 1,
  usage: 2,
  inputFile: 66,
  unavailable: 69,
  internal: 70,
  cannotCreate: 73,
  journalLost: 74,
  held: 75,
  credentials: 77,
  configuration: 78,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command with one clear sentence: what, where, and how to mend it. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ExitCode

  constructor(code: ExitCode, message: string) {
    super(message)
    this.code = code
  }
}
