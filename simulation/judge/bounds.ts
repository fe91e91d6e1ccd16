/** I11: what waits stays within its bounds, whatever the world does. */
import type { Desk } from '../../src/actors/desk.ts'
import type { DeskTuning } from '../../src/actors/desk-options.ts'
import type { Checker, Report } from './checker.ts'

export interface Load {
  readonly backlog: Desk['backlog']
  /** Timers that one process has set. */
  readonly timers: number
  /** Events of the whole world that wait. */
  readonly waiting: number
  readonly liveActors: number
}

/** A look costs more than a commit, and what grows without bound is still there at the next one. */
const everyCommits = 16
/** Supervisors, alarm, pulses, calls: a few each, however long it lives. */
const mostTimers = 400
const mostWaiting = 4_000
/** An actor sets at most so many deadlines at once. */
const deadlinesEach = 5

export const bounds = (tuning: Pick<DeskTuning, 'loop' | 'sendsWaiting' | 'sendsAtOnce'>, load: () => Load | undefined, report: Report): Checker => {
  let commits = 0
  const most = (what: string, value: number, bound: number): void => {
    if (value > bound) report('I11', `${what}: ${value}, the bound is ${bound}`)
  }
  return {
    committed: () => {
      const now = ++commits % everyCommits === 0 ? load() : undefined
      if (now === undefined) return
      most('turns that wait', now.backlog.turns, tuning.loop.maxInbox + 2 * tuning.loop.maxTurnsPerBatch)
      most('calls that wait', now.backlog.calls, 2 * tuning.sendsWaiting + tuning.sendsAtOnce)
      most('deadlines', now.backlog.deadlines, deadlinesEach * (now.liveActors + 1))
      most('timers', now.timers, mostTimers)
      most('events of the world', now.waiting, mostWaiting)
    },
  }
}
