/** The pure sentences that the breaker chart is written with, each by the rule of its kind. */
import type { BreakerKind } from '../../domain/breaker.ts'
import type { Stamped } from '../effect.ts'
import type { BreakerContext, BreakerEvent, Tally, Trip } from './breaker-context.ts'
import { dailyOrders, hourlyOrders, refusals } from './order-rules.ts'
import { consecutiveLosses, cooldown, dailyLoss, drawdown } from './profit-rules.ts'
import type { Finding, Rule } from './rule.ts'

type Event = Stamped<BreakerEvent>

/** Others see the trouble and its end; the breaker makes it last over a death. */
const watched = {
  count: (tally: Tally): Tally => tally,
  judge: (_tally: Tally, event: Event): Finding | undefined => (event.type === 'worsened' ? { reason: event.reason, evidence: event.evidence, ends: 'condition', until: null } : undefined),
  after: (tally: Tally): Tally => tally,
}

const rules: { readonly [K in BreakerKind]: Rule<K> } = { dailyLoss, drawdown, consecutiveLosses, cooldown, hourlyOrders, dailyOrders, refusals, errorRate: watched, staleData: watched, journalLag: watched }

/** The tally after an event; the same object when the event changes nothing. */
export const counted = ({ policy, tally }: BreakerContext, event: Event): Tally => (policy === null ? tally : (rules[policy.kind] as Rule<BreakerKind>).count(tally, event, policy))

/** The trip that an event is, with the event counted; undefined when it is within the limits. */
export const tripOf = (context: BreakerContext, event: Event): Trip | undefined => {
  const { policy, trips } = context
  if (policy === null) return undefined
  const found = (rules[policy.kind] as Rule<BreakerKind>).judge(counted(context, event), event, policy)
  return found && { number: trips + 1, at: event.at, ...found }
}

/** The tally once a trip has ended. */
export const afterTrip = ({ policy, tally }: BreakerContext): Tally => (policy === null ? tally : (rules[policy.kind] as Rule<BreakerKind>).after(tally, policy))

/** The name of the deadline that ends a trip: its own, so that one told late for an earlier trip ends nothing. */
export const endName = ({ number }: Trip): string => `end ${number}`

/**
 * True when a deadline ends the trip. A trip for so much time ends when that has passed, whatever the wall clock says
 * meanwhile; one for the rest of a day or hour ends only when the wall clock is past it (X5).
 */
export const isOver = ({ trip }: BreakerContext, event: Event): boolean =>
  trip !== null && event.type === 'deadlineDue' && event.name === endName(trip) && (trip.ends !== 'period' || event.at >= (trip.until ?? 0))
