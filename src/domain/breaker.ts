/** Breakers: durable locks on new entries, each with a scope, a reason and an end. */
import type { Millis } from './time.ts'

/** Those that guard the whole desk, and those that there is one of for each instrument. */
export const deskBreakers = ['dailyLoss', 'drawdown', 'consecutiveLosses', 'hourlyOrders', 'dailyOrders', 'errorRate', 'journalLag'] as const
export const instrumentBreakers = ['cooldown', 'refusals', 'staleData'] as const
export type BreakerKind = (typeof deskBreakers)[number] | (typeof instrumentBreakers)[number]

/** What ends a trip: so much time, the end of the UTC day or hour that was counted in, the end of the trouble itself, or a person. */
export type BreakerEnd = 'time' | 'period' | 'condition' | 'person'

/** A breaker that keeps entries back now. */
export interface TrippedBreaker {
  /** `dailyLoss`, or with its instrument `refusals:BTC-USD`. */
  readonly name: string
  /** Null when it guards the whole desk. */
  readonly instrument: string | null
  /** One sentence with the numbers. */
  readonly reason: string
  readonly since: Millis
  readonly ends: BreakerEnd
  /** When it ends by itself; null when that is not known. */
  readonly until: Millis | null
}

export const breakerName = (kind: BreakerKind, instrument: string | null): string => (instrument === null ? kind : `${kind}:${instrument}`)
