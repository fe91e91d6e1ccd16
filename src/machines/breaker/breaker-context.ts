/** What a breaker remembers: its limits, what it has counted, and why it is tripped. */
import type { BreakerEnd, BreakerKind } from '../../domain/breaker.ts'
import { money, type Money } from '../../domain/decimal.ts'
import type { Millis } from '../../domain/time.ts'

/** The limits of each kind, and how long a trip lasts. A limit itself may be reached where it counts orders; a loss that reaches its limit trips. */
export type BreakerPolicy =
  /** Quote money that a UTC day may lose: realised, and marked to market. */
  | { readonly kind: 'dailyLoss'; readonly maxLoss: Money }
  /** Quote money that equity may fall below its peak. */
  | { readonly kind: 'drawdown'; readonly maxDrawdown: Money }
  /** So many losing round trips in a row; a pause of 0 ms waits for a person. */
  | { readonly kind: 'consecutiveLosses'; readonly losses: number; readonly pauseMs: Millis }
  /** A rest after a round trip on the instrument has ended, with a loss or otherwise; 0 ms is none. */
  | { readonly kind: 'cooldown'; readonly afterLossMs: Millis; readonly afterExitMs: Millis }
  /** Entries that may begin in an hour, and in a UTC day. */
  | { readonly kind: 'hourlyOrders'; readonly orders: number }
  | { readonly kind: 'dailyOrders'; readonly orders: number }
  /** So many refused entries in a row; the first pause, which doubles up to the longest until an entry stands. */
  | { readonly kind: 'refusals'; readonly refusals: number; readonly pauseMs: Millis; readonly pauseMaxMs: Millis }
  /** So many calls to the venue that failed within the window. */
  | { readonly kind: 'errorRate'; readonly failures: number; readonly windowMs: Millis }
  /** So long without a live price. */
  | { readonly kind: 'staleData'; readonly staleMs: Millis }
  /** A commit that took so long. */
  | { readonly kind: 'journalLag'; readonly commitMs: Millis }

/** What has been counted; each kind uses its own part. */
export interface Tally {
  /** The UTC day or hour that it counts in, as a number since 1970; it never goes back. Null where no calendar counts. */
  readonly period: number | null
  /** Realised profit in quote: of the day, or for `drawdown` of all round trips since it was switched on. */
  readonly realised: Money
  /** Unrealised profit when the day was first marked to market. */
  readonly opening: Money | null
  /** The highest equity. */
  readonly peak: Money | null
  /** Losses in a row, entries of the period, or refusals in a row. */
  readonly count: number
  /** Pauses in a row without an entry that stood: the next is as much longer. */
  readonly pauses: number
  /** Since when it has counted: the first of the row, the moment of the peak. */
  readonly since: Millis | null
}

/** What was counted, the limit, and since when. */
export interface Evidence {
  readonly counted: string | number
  readonly limit: string | number
  readonly since: Millis | null
}

export interface Trip {
  /** 1 for the first of this breaker. */
  readonly number: number
  readonly at: Millis
  /** One sentence with the numbers. */
  readonly reason: string
  readonly evidence: Evidence
  readonly ends: BreakerEnd
  readonly until: Millis | null
}

export interface BreakerInput {
  readonly name: string
  readonly kind: BreakerKind
  /** Null when it guards the whole desk. */
  readonly instrument: string | null
}

export interface BreakerContext extends BreakerInput {
  /** Null while it is switched off. */
  readonly policy: BreakerPolicy | null
  readonly tally: Tally
  /** Set while it is tripped. */
  readonly trip: Trip | null
  /** How often it has tripped. */
  readonly trips: number
}

export const emptyTally: Tally = { period: null, realised: money('0'), opening: null, peak: null, count: 0, pauses: 0, since: null }

export const breakerContext = ({ name, kind, instrument }: BreakerInput): BreakerContext => ({ name, kind, instrument, policy: null, tally: emptyTally, trip: null, trips: 0 })

/** Events a breaker takes. The host adds `at`, the moment of the turn. */
export type BreakerEvent =
  /** The configuration's limits; null switches it off. */
  | { readonly type: 'configured'; readonly policy: BreakerPolicy | null }
  /** Realised profit has changed; `roundTrip` is what the one that ended earned in all, null when one that had ended came back. */
  | { readonly type: 'profitBooked'; readonly change: Money; readonly roundTrip: Money | null }
  /** What is held was valued at the bid. `realised` is the tally's own that belongs to it, `day` the UTC day. */
  | { readonly type: 'marked'; readonly day: number; readonly realised: Money; readonly unrealised: Money }
  | { readonly type: 'orderBegun' }
  | { readonly type: 'orderRefused'; readonly reason: string }
  | { readonly type: 'orderStood' }
  /** The trouble that it watches for is there, or has been gone for long enough. */
  | { readonly type: 'worsened'; readonly reason: string; readonly evidence: Evidence }
  | { readonly type: 'recovered' }
  /** A person ends the trip. */
  | { readonly type: 'reset'; readonly who: string; readonly reason: string }
  | { readonly type: 'deadlineDue'; readonly name: string }
