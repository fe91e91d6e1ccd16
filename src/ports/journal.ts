/**
 * The store: the journal of events and the rows they lead to, written in one transaction for many turns.
 *
 * J1  Every batch begins with the epoch check: a process that lost the lease cannot commit (I8).
 * J2  The store itself refuses two live orders for one leg, more sold or on offer than was bought, and a fill
 *     booked twice, whatever the code above believes (I1, I3, I4).
 * J3  A batch is whole or absent; its id tells later whether it was committed.
 */
import type { Address } from '../domain/address.ts'
import type { ActorRecord, AuditRecord, BookedTotal, DeadlineRecord, EventRecord, FillRecord, KeptAudit, LotRecord, QuarantineRecord, ReconciliationRecord, TradePairRecord } from '../domain/records.ts'
import type { Money } from '../domain/decimal.ts'
import type { Millis } from '../domain/time.ts'

/** Everything one incoming message caused. */
export interface Turn {
  readonly id: string
  readonly at: Millis
  readonly events: readonly EventRecord[]
  /** The actors that changed, as they are after the turn. */
  readonly actors: readonly ActorRecord[]
  readonly fills: readonly FillRecord[]
  readonly lots: readonly LotRecord[]
  readonly deadlines: readonly DeadlineRecord[]
  readonly cleared: readonly Omit<DeadlineRecord, 'dueAt'>[]
  /** A message that could not be taken, kept for a person. */
  readonly quarantined?: QuarantineRecord
  /** A finished comparison with the venue, kept for people. */
  readonly reconciliation?: ReconciliationRecord
  /** The decisions of the turn, in order. */
  readonly audit?: readonly AuditRecord[]
}

/** How many comparisons without, and with, a difference are kept; the oldest go first. */
export const reconciliationsKept = { agreed: 500, others: 5_000 } as const

/** Turns committed together, in order. */
export interface Batch {
  readonly id: string
  readonly turns: readonly Turn[]
}

/** Which rule of the store a batch broke. */
export type JournalRule = 'liveOrder' | 'cover' | 'duplicateFill' | 'duplicateEvent' | 'duplicateCommand' | 'reference' | 'other'

export type CommitOutcome =
  | { readonly kind: 'committed' }
  /** Nothing of it was written, and nothing of it ever will be. */
  | { readonly kind: 'refused'; readonly rule: JournalRule; readonly detail: string }
  /** Another process has taken the lease. */
  | { readonly kind: 'epochLost' }
  /** The store did not answer: it may or may not have been written. Ask `wasCommitted` after `reconnect`. */
  | { readonly kind: 'inDoubt'; readonly detail: string }

/** The right to write: held by at most one process. */
export interface Lease {
  readonly epoch: number
  /** How often this desk has been started, this start included. */
  readonly starts: number
  /** Four characters that mark this install's orders. */
  readonly install: string
  /** Position of the newest event in the journal; 0 when it is empty. */
  readonly lastPosition: number
}

/** Who owns what is in the store; written once, compared at every start. */
export interface StoreStamp {
  readonly environment: string
  readonly venue: string
  readonly account: string
}

export type LeaseOutcome =
  | { readonly kind: 'taken'; readonly lease: Lease }
  | { readonly kind: 'held'; readonly detail: string }
  | { readonly kind: 'otherOwner'; readonly stamp: StoreStamp }

/** What a restart needs to begin with. */
export interface LiveRows {
  /** Every actor that has not finished. */
  readonly actors: readonly ActorRecord[]
  readonly deadlines: readonly DeadlineRecord[]
  /** The sums of everything ever booked. */
  readonly booked: readonly BookedTotal[]
}

export interface Journal {
  /** Takes the lock and the next epoch. */
  takeLease(stamp: StoreStamp, installWhenNew: string): Promise<LeaseOutcome>
  commit(batch: Batch): Promise<CommitOutcome>
  wasCommitted(batchId: string): Promise<boolean>
  /** Takes the lock again on a new connection; false when the epoch is no longer ours. Throws while the store is away. */
  reconnect(): Promise<boolean>
  liveRows(): Promise<LiveRows>
  actor(address: Address): Promise<ActorRecord | undefined>
  /** The order that the venue knows by that id; undefined when no row does. */
  orderAtVenue(venueOrderId: string): Promise<ActorRecord | undefined>
  /** The pair on an instrument that began last, open or not; undefined when there was none. */
  lastPairOn(instrument: string): Promise<ActorRecord | undefined>
  /** What became of a command; undefined when none with that id was ever carried out. */
  command(commandId: string): Promise<AuditRecord | undefined>
  /** Keys (`tradeId venueOrderId`) of the fills with venue stamps from then on. */
  bookedSince(at: Millis): Promise<ReadonlySet<string>>
  /** An actor's events after a number, oldest first. */
  history(address: Address, after: number, limit: number): Promise<readonly EventRecord[]>
  close(): Promise<void>
}

/** Reads for people and programs; never on the way of a turn. */
export interface JournalReads {
  actor(address: Address): Promise<ActorRecord | undefined>
  history(address: Address, after: number, limit: number): Promise<readonly EventRecord[]>
  /** An actor's newest events before a number, oldest first. */
  historyBefore(address: Address, before: number, limit: number): Promise<readonly EventRecord[]>
  deadlinesOf(address: Address): Promise<readonly DeadlineRecord[]>
  /** The desk's own actors, then trade pairs, then orders; pairs and orders newest first. */
  actors(query: ActorQuery): Promise<readonly ActorRecord[]>
  fillsOf(clientOrderId: string): Promise<readonly FillRecord[]>
  allFills(limit: number): Promise<readonly FillRecord[]>
  /** Comparisons with the venue, newest first. */
  reconciliations(limit: number, outcome?: ReconciliationRecord['outcome']): Promise<readonly ReconciliationRecord[]>
  /** Of round trips that closed in [from, to), wall time: newest day first, then by instrument. */
  realised(from: Millis, to: Millis): Promise<readonly RealisedTotal[]>
  /** Round trips that bought something and ended by themselves in [from, to), wall time: the first to end first. */
  endedTrips(from: Millis, to: Millis, limit: number): Promise<readonly TradePairRecord[]>
  /** Decisions, newest first. */
  audit(query: AuditQuery): Promise<readonly KeptAudit[]>
  /** Decisions after a number, oldest first: for walking along the chain. */
  auditAfter(number: number, limit: number): Promise<readonly KeptAudit[]>
  /** Events after a position, oldest first: what a reader missed. */
  since(position: number, limit: number): Promise<readonly EventRecord[]>
}

/** What the round trips have earned that closed on one UTC day on one instrument. */
export interface RealisedTotal {
  /** Such as 2026-11-21. */
  readonly day: string
  readonly instrument: string
  readonly pairs: number
  /** How many of them earned more than nothing. */
  readonly wins: number
  /** Proceeds less cost, fees of both legs included, in quote currency. */
  readonly profit: Money
  readonly fees: Money
}

/** Which decisions are wanted; what is left out is not asked about. */
export interface AuditQuery {
  readonly pairId?: string
  readonly orderId?: string
  readonly rule?: string
  readonly kind?: string
  /** Wall time: from then on, and before then. */
  readonly from?: Millis
  readonly to?: Millis
  readonly limit: number
}

export interface ActorQuery {
  readonly kind?: ActorRecord['kind']
  readonly states?: readonly string[]
  readonly finished?: boolean
  /** Only those in their state since before then. */
  readonly sinceBefore?: Millis
  /** Only those that come after this one in the list. */
  readonly after?: Address
  readonly limit: number
}
