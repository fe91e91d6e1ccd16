/** The pure sentences that the order chart is written with. */
import { compare, greatest, isZero, plus, quantity, sum } from '../../domain/decimal.ts'
import { isFinished, type Fill, type OrderReport, type VenueOrderStatus } from '../../domain/order.ts'
import { pairAddress } from '../../domain/address.ts'
import type { Millis } from '../../domain/time.ts'
import type { Effect } from '../effect.ts'
import type { LookUpMoment, OrderContext } from './order-context.ts'

const rank: Record<VenueOrderStatus, number> = {
  unknown: 0,
  pending: 1,
  open: 2,
  failed: 3,
  expired: 3,
  cancelled: 3,
  filled: 3,
}

/** The context after a venue's word: ids are learnt once, status and quantity only move forward (I6). */
export const withReport = (context: OrderContext, report: OrderReport): Partial<OrderContext> => {
  const before = context.reported
  const forward = before === null || rank[report.status] > rank[before.status]
  return {
    venueOrderId: context.venueOrderId ?? report.venueOrderId,
    lookUps: 0,
    missed: null,
    reason: forward && report.reason !== undefined && report.reason !== '' ? report.reason : context.reason,
    reported: {
      status: forward ? report.status : before.status,
      executed: before === null ? report.executed : greatest(before.executed, report.executed),
    },
  }
}

/** Clock errors never reach this: an order older than that at the claim is not the one that was claimed. */
const namesakeMarginMs: Millis = 60_000

/** The report carries our id and speaks of something that was never asked for: an id met again, or a mix-up (A4). */
export const isNamesake = (context: OrderContext, report: OrderReport): boolean =>
  (context.venueOrderId !== null && report.venueOrderId !== context.venueOrderId) ||
  report.instrument !== context.instrument ||
  report.side !== context.side ||
  (report.quantity !== undefined && compare(report.quantity, context.quantity) !== 0) ||
  (report.price !== undefined && compare(report.price, context.price) !== 0) ||
  (report.createdAt !== undefined && report.createdAt < context.claimedAt - namesakeMarginMs)

/** Fills that are not booked yet (I3). */
export const newFills = (context: OrderContext, fills: readonly Fill[]): readonly Fill[] => {
  const known = new Set(context.tradeIds)
  return fills.filter((fill) => !known.has(fill.tradeId) && known.add(fill.tradeId))
}

/** The context after booking fills. */
export const withFills = (context: OrderContext, fills: readonly Fill[]): Partial<OrderContext> => {
  const fresh = newFills(context, fills)
  return {
    filled: plus(context.filled, sum([quantity('0'), ...fresh.map((fill) => fill.quantity)])),
    tradeIds: [...context.tradeIds, ...fresh.map((fill) => fill.tradeId)],
    venueOrderId: context.venueOrderId ?? fresh[0]?.venueOrderId ?? null,
  }
}

/** What booking asks for: the rows, and the news to the pair. */
export const bookingEffects = (context: OrderContext, fresh: readonly Fill[]): readonly Effect[] =>
  fresh.flatMap((fill): readonly Effect[] => [
    { type: 'bookFill', fill, clientOrderId: context.clientOrderId, pairId: context.pairId },
    { type: 'tell', to: pairAddress(context.pairId), event: { type: 'fillBooked', leg: context.leg, orderId: context.clientOrderId, fill } as { type: string } },
  ])

export const isComplete = (context: OrderContext): boolean => compare(context.filled, context.quantity) >= 0
export const hasFills = (context: OrderContext): boolean => !isZero(context.filled)

/** The venue counts more than is booked: the fills list must be read (FS-04). */
export const isShortOfFills = (context: OrderContext): boolean =>
  context.reported !== null &&
  (compare(context.reported.executed, context.filled) > 0 ||
    (context.reported.status === 'filled' && !isComplete(context)))

/** The venue has ended it in this way, and every execution it counts is booked (I7, FS-10). */
export const hasEnded = (context: OrderContext, ...statuses: readonly VenueOrderStatus[]): boolean =>
  context.reported !== null &&
  isFinished(context.reported.status) &&
  statuses.includes(context.reported.status) &&
  !isShortOfFills(context)

/** The pause before the next look-up: doubling, capped. */
export const lookUpPause = (context: OrderContext): Millis =>
  Math.min(context.policy.lookUpMs * 2 ** Math.min(context.lookUps, 16), context.policy.lookUpMaxMs)

/**
 * True when a look-up that began then, finding nothing, counts towards the proof of absence: window and margins have passed by
 * the venue's clock, and by our own since we first asked, so that neither clock alone, wrong as it may be, can hurry the proof.
 */
export const countsAsMiss = ({ claimedAt, policy }: OrderContext, { askedAt, askingMs = Number.POSITIVE_INFINITY }: LookUpMoment): boolean =>
  askedAt > claimedAt + policy.absentAfterMs && askingMs > policy.absentAfterMs

const isApart = (earlier: LookUpMoment, later: LookUpMoment, apartMs: Millis): boolean =>
  later.askedAt - earlier.askedAt >= apartMs && (later.askingMs === undefined || earlier.askingMs === undefined || later.askingMs - earlier.askingMs >= apartMs)

/** Two counting look-ups far enough apart, and nothing that says the order ever existed (R). */
export const isProvenAbsent = (context: OrderContext, moment: LookUpMoment): boolean =>
  countsAsMiss(context, moment) &&
  context.missed !== null &&
  isApart(context.missed, moment, context.policy.apartMs) &&
  context.venueOrderId === null &&
  context.reported === null &&
  !hasFills(context)
