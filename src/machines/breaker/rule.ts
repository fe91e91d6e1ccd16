/** What one kind of breaker counts, and when that is too much. */
import type { BreakerEnd, BreakerKind } from '../../domain/breaker.ts'
import type { Millis } from '../../domain/time.ts'
import type { Stamped } from '../effect.ts'
import type { BreakerEvent, BreakerPolicy, Evidence, Tally } from './breaker-context.ts'

export type PolicyOf<K extends BreakerKind> = Extract<BreakerPolicy, { readonly kind: K }>

/** Too much: why, and how long entries wait. */
export interface Finding {
  readonly reason: string
  readonly evidence: Evidence
  readonly ends: BreakerEnd
  readonly until: Millis | null
}

export interface Rule<K extends BreakerKind> {
  /** The tally after an event; the same object when the event is none of its own. */
  count(tally: Tally, event: Stamped<BreakerEvent>, policy: PolicyOf<K>): Tally
  /** Whether an event, counted already, was too much. */
  judge(tally: Tally, event: Stamped<BreakerEvent>, policy: PolicyOf<K>): Finding | undefined
  /** The tally when a trip has ended. */
  after(tally: Tally, policy: PolicyOf<K>): Tally
}
