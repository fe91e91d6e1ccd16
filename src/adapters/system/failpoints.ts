/**
 * Failpoints that do something: this process kills or freezes itself at a named moment, as a plan says.
 *
 * F1  The signal is the system's own, so nothing of this process runs after a kill, not even a `finally`.
 * F2  It says where it stands before it goes: a test never guesses which moment was met.
 */
import { writeSync } from 'node:fs'
import { failpoints, type Failpoint, type Failpoints } from '../../ports/failpoints.ts'

const signals = { kill: 'SIGKILL', freeze: 'SIGSTOP' } as const

export type FailpointAction = keyof typeof signals

/** What to do at which moment, and the how manieth time it is reached. */
export interface FailpointStep {
  readonly point: Failpoint
  readonly action: FailpointAction
  readonly time: number
}

/** Thrown when a plan cannot be read; the message says what is wrong with it. */
export class BadFailpoints extends Error {
  override readonly name = 'BadFailpoints'
}

const isPoint = (text: string): text is Failpoint => Object.hasOwn(failpoints, text)
const isAction = (text: string): text is FailpointAction => Object.hasOwn(signals, text)

const stepOf = (text: string): FailpointStep => {
  const [, point = '', action = '', time = ''] = /^([^=]*)=([^@]*)@(.*)$/.exec(text) ?? []
  if (!/^[1-9]\d{0,6}$/.test(time)) throw new BadFailpoints(`${JSON.stringify(text)} is not of the form point=action@time, such as send.signed=kill@3`)
  if (!isPoint(point)) throw new BadFailpoints(`there is no failpoint ${JSON.stringify(point)}; there are ${Object.keys(failpoints).join(', ')}`)
  if (!isAction(action)) throw new BadFailpoints(`${JSON.stringify(action)} is not something to do at a failpoint; that is ${Object.keys(signals).join(' or ')}`)
  return { point, action, time: Number(time) }
}

/**
 * Reads a plan such as `send.signed=kill@3,commit.sent=freeze@1`.
 * @throws BadFailpoints
 */
export const readFailpointPlan = (plan: string): readonly FailpointStep[] => plan.split(',').map((text) => stepOf(text.trim()))

/** Whoever listened may be gone; the blow falls all the same. */
const sayAloud = (line: string): void => {
  try {
    writeSync(process.stderr.fd, line)
  } catch {
    // Nobody listens.
  }
}

/** Carries a plan out; `signal` and `say` are the system's own unless a test listens. */
export const plannedFailpoints = (
  steps: readonly FailpointStep[],
  signal: (name: (typeof signals)[FailpointAction]) => void = (name) => void process.kill(process.pid, name),
  say: (line: string) => void = sayAloud,
): Failpoints => {
  const reached = new Map<Failpoint, number>()
  return {
    reach: (point) => {
      const time = (reached.get(point) ?? 0) + 1
      reached.set(point, time)
      const step = steps.find((one) => one.point === point && one.time === time)
      if (step === undefined) return
      say(`failpoint ${point} reached (${time}): ${step.action}\n`)
      signal(signals[step.action])
    },
  }
}
