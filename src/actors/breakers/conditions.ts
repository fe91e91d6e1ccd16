/** Trouble that is there or is not: prices that do not come, commits that take too long, calls that fail. */
import type { Millis } from '../../domain/time.ts'
import type { BreakerPolicy, Evidence } from '../../machines/breaker/breaker-context.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PriceBoard } from '../price-board.ts'
import type { CallMeter } from './call-meter.ts'

export interface Trouble {
  /** One sentence with the numbers. */
  readonly reason: string
  readonly evidence: Evidence
}

/** Asked every round; undefined while all is well. */
export type Condition = () => Trouble | undefined

export interface ConditionParts {
  readonly clock: Clock
  readonly board: PriceBoard
  readonly calls: CallMeter
  /** How long the commit under way has taken, or the last one took. */
  readonly commitMs: () => Millis
}

/** No live price for an instrument, counted from the last one, or from the start. */
const staleData = ({ clock, board }: ConditionParts, instrument: string, staleMs: Millis): Condition => {
  let liveAt = clock.monotonic()
  return () => {
    if (board.usable(instrument) !== undefined) liveAt = clock.monotonic()
    const staleForMs = Math.round(clock.monotonic() - liveAt)
    if (staleForMs <= staleMs) return undefined
    const limit = { counted: staleForMs, limit: staleMs, since: clock.now() - staleForMs }
    return { reason: `${instrument} has had no live price for ${staleForMs} ms, the limit is ${staleMs} ms`, evidence: limit }
  }
}

const journalLag = ({ clock, commitMs: lastCommitMs }: ConditionParts, commitMs: Millis): Condition => () => {
  const tookMs = Math.round(lastCommitMs())
  if (tookMs <= commitMs) return undefined
  return { reason: `a commit takes ${tookMs} ms, the limit is ${commitMs} ms`, evidence: { counted: tookMs, limit: commitMs, since: clock.now() - tookMs } }
}

const errorRate = ({ clock, calls }: ConditionParts, failures: number, windowMs: Millis): Condition => () => {
  const failed = calls.failedWithin(windowMs)
  if (failed < failures) return undefined
  return { reason: `${failed} calls to the venue have failed within ${windowMs} ms, the limit is ${failures}`, evidence: { counted: failed, limit: failures, since: clock.now() - windowMs } }
}

/** The condition of a policy; undefined for one that counts events. */
export const conditionOf = (policy: BreakerPolicy, instrument: string | null, parts: ConditionParts): Condition | undefined => {
  if (policy.kind === 'staleData') return staleData(parts, instrument ?? '', policy.staleMs)
  if (policy.kind === 'journalLag') return journalLag(parts, policy.commitMs)
  return policy.kind === 'errorRate' ? errorRate(parts, policy.failures, policy.windowMs) : undefined
}
