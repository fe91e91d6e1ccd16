/** What an order remembers: plain data, decimals as strings. */
import { quantity, type Quantity } from '../../domain/decimal.ts'
import type { Arrival } from '../../domain/execution.ts'
import type { Fill, OrderReport } from '../../domain/order.ts'
import type { OrderRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'

/** The waits and bounds of an order's life, per venue. */
export interface OrderPolicy {
  /** An order without an answer for this long is resolved. */
  readonly answerWithinMs: Millis
  /** After the claim, a look-up that finds nothing counts only when it began this much later. */
  readonly absentAfterMs: Millis
  /** Two look-ups that find nothing must be at least this far apart. */
  readonly apartMs: Millis
  /** First pause between look-ups; doubles up to `lookUpMaxMs`. */
  readonly lookUpMs: Millis
  readonly lookUpMaxMs: Millis
  /** An order unresolved for this long is flagged, and its pair held. */
  readonly flagAfterMs: Millis
  /** How long a cancel may stay open before it is asked again. */
  readonly cancelAgainMs: Millis
}

type Decided = 'clientOrderId' | 'pairId' | 'leg' | 'attempt' | 'instrument' | 'side' | 'quantity' | 'price' | 'claimedAt'

export interface OrderInput extends Pick<OrderRecord, Decided> {
  readonly postOnly: boolean
  /** A sell that closes its pair at once: a halt does not stop it. */
  readonly closes?: true
  /** The market when it was decided; missing where nobody looked: an adopted order, a journal of an older version. */
  readonly arrival?: Arrival
  readonly policy: OrderPolicy
  /** When it began, by our clock; `claimedAt` is the same moment by the venue's, and dates its signature. */
  readonly openedAt: Millis
  /** Set for an order that somebody else placed: the venue's word on it. Nothing is sent for it. */
  readonly adopted?: OrderReport
}

/** When a look-up began, by two clocks that know nothing of each other. */
export interface LookUpMoment {
  /** Venue time. */
  readonly askedAt: Millis
  /** How long this process had been asking about the order, by its monotonic clock; missing in journals of version 0.1.0. */
  readonly askingMs?: Millis
}

export interface OrderContext extends OrderInput {
  readonly venueOrderId: string | null
  /** The sum of the booked fills, never anything else (FS-13). */
  readonly filled: Quantity
  readonly tradeIds: readonly string[]
  /** The furthest that the venue has reported; status and quantity never go back (I6). */
  readonly reported: { readonly status: OrderReport['status']; readonly executed: Quantity } | null
  /** Somebody wanted it cancelled before it could be. */
  readonly cancelWanted: boolean
  /** Look-ups made since the last news. */
  readonly lookUps: number
  /** When the first look-up began that counts as "not found". */
  readonly missed: LookUpMoment | null
  /** Since when something about it does not add up: a cancel without an end, fills that do not come, an id that the venue has forgotten. */
  readonly doubtSince: Millis | null
  /** A person was told, and the pair is held, until the doubt is over. */
  readonly flagged: boolean
  /** Why it ended, for people. */
  readonly reason: string | null
}

export const orderContext = (input: OrderInput): OrderContext => ({
  ...input,
  // Journals of version 0.1.0 know one clock only.
  openedAt: (input as Partial<OrderInput>).openedAt ?? input.claimedAt,
  venueOrderId: input.adopted?.venueOrderId ?? null,
  filled: quantity('0'),
  tradeIds: [],
  reported: input.adopted === undefined ? null : { status: input.adopted.status, executed: input.adopted.executed },
  cancelWanted: false,
  lookUps: 0,
  missed: null,
  doubtSince: null,
  flagged: false,
  reason: null,
})

/** Events an order takes. The host adds `at`, the moment of the turn. */
export type OrderEvent =
  | { readonly type: 'accepted'; readonly venueOrderId: string }
  /** The venue refused it: a listed code that means "not executed". */
  | { readonly type: 'rejected'; readonly reason: string; readonly detail: string }
  | { readonly type: 'outcomeUnknown'; readonly detail: string }
  /** It never left: the second risk check or the send deadline said no, before the first byte. */
  | { readonly type: 'withdrawn'; readonly reason: string }
  | { readonly type: 'reported'; readonly report: OrderReport }
  | { readonly type: 'fillsListed'; readonly fills: readonly Fill[] }
  /** A complete look-up that began then found nothing. */
  | ({ readonly type: 'notFound' } & LookUpMoment)
  | { readonly type: 'cancelRequested'; readonly reason: string }
  | { readonly type: 'cancelAnswered'; readonly detail: string }
  | { readonly type: 'deadlineDue'; readonly name: string }
  /** The desk has started again; what was on its way has been lost. */
  | { readonly type: 'restarted' }
