/**
 * What the journal keeps, in the domain's words. The typed fields are the truth; `context` is a cache of the
 * machine's memory for fast starts, and can be folded again from the events.
 */
import type { ActorKind, Address } from './address.ts'
import type { Money, Price, Quantity } from './decimal.ts'
import type { Fill, Leg, Side } from './order.ts'
import type { Millis } from './time.ts'

/** One event that one durable actor took, in order. */
export interface EventRecord {
  /** Place in the whole journal; there is one writer, so it only grows. */
  readonly position: number
  readonly address: Address
  /** 1 for the first event of the actor. */
  readonly seq: number
  readonly turn: string
  readonly at: Millis
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
  /** State paths such as `buying.pending`; empty before the first event. */
  readonly from: string
  readonly to: string
}

/** The typed columns of an order. */
export interface OrderRecord {
  readonly clientOrderId: string
  readonly pairId: string
  readonly leg: Leg
  readonly attempt: number
  readonly instrument: string
  readonly side: Side
  readonly quantity: Quantity
  readonly price: Price
  readonly filled: Quantity
  readonly venueOrderId: string | null
  readonly claimedAt: Millis
  /** In one of the states that the one-live-order-a-leg rule counts. */
  readonly live: boolean
  readonly reason: string | null
}

/** The typed columns of a trade pair. */
export interface TradePairRecord {
  readonly pairId: string
  readonly instrument: string
  readonly strategy: string
  readonly bought: Quantity
  readonly held: Quantity
  readonly sold: Quantity
  readonly cost: Money
  readonly proceeds: Money
  readonly fees: Money
  readonly minSellPrice: Price | null
  readonly openedAt: Millis | null
  readonly closedAt: Millis | null
  readonly heldBecause: string | null
}

/** One durable actor as its row says. */
export interface ActorRecord {
  readonly address: Address
  readonly kind: ActorKind
  /** Version of the machine that wrote it. */
  readonly version: number
  /** The number of events folded into it. */
  readonly seq: number
  readonly state: string
  /** When the state was entered. */
  readonly since: Millis
  readonly context: Readonly<Record<string, unknown>>
  /** An actor that has come to an end and waits for nothing. */
  readonly finished: boolean
  readonly order?: OrderRecord
  readonly tradePair?: TradePairRecord
}

/** A booked execution and whose it is. */
export interface FillRecord {
  readonly venue: string
  readonly fill: Fill
  readonly clientOrderId: string
  readonly pairId: string
}

/** What one buy fill left, net of base fees, in exactly one pair. Keyed as its fill. */
export interface LotRecord {
  readonly venue: string
  readonly instrument: string
  readonly tradeId: string
  readonly venueOrderId: string
  readonly pairId: string
  readonly net: Quantity
}

export interface DeadlineRecord {
  readonly address: Address
  readonly name: string
  readonly dueAt: Millis
  /** When it was set, by the clock that `dueAt` counts on: it is never further away than then. */
  readonly setAt?: Millis
}

/** One thing that the rows and the venue did not agree on, in sentences for people. */
export interface Difference {
  /** What it is: an order at the venue with nothing in the rows, a balance that the books do not explain ... */
  readonly kind: 'order' | 'vanished' | 'lostOrder' | 'foreignOrder' | 'fill' | 'oddFill' | 'balance'
  /** A client order id, a fill's id or an asset. */
  readonly about: string
  readonly expected: string
  readonly found: string
  readonly done: string
}

/** One comparison of the rows with the venue: what was compared, what differed, what was done. */
export interface ReconciliationRecord {
  /** Unique in the store. */
  readonly id: string
  readonly began: Millis
  readonly ended: Millis
  /** Why it was run, for people. */
  readonly reason: string
  readonly outcome: 'agreed' | 'repaired' | 'failed'
  /** How many live orders, fills and assets were compared. */
  readonly compared: { readonly orders: number; readonly fills: number; readonly assets: number }
  readonly differences: readonly Difference[]
  /** Differences beyond those that are kept. */
  readonly omitted: number
  /** Why it failed. */
  readonly detail: string | null
}

/** One decision: what was wanted, by whom, why, and what became of it. */
export interface AuditRecord {
  readonly at: Millis
  /** A command such as `kill` or `hold`; or `proposal`, `denial`, `withdrawal`, `repair`, `ramp`, `breaker`. */
  readonly kind: string
  /** A person, a strategy, the gate, the reconciliation. */
  readonly who: string
  readonly reason: string
  readonly target: Address
  /** State of the target before and after; empty where there was none. */
  readonly before: string
  readonly after: string
  readonly pairId: string | null
  readonly orderId: string | null
  /** The gate's rule, where one has decided. */
  readonly rule: string | null
  /** Chosen by whoever commands: the same id again does nothing. */
  readonly commandId: string | null
}

/** A decision as it is kept: in its place, and chained to the one before. */
export interface KeptAudit extends AuditRecord {
  readonly number: number
  /** SHA-256 in hexadecimal (domain/audit-chain.ts). */
  readonly hash: string
}

/** What was booked on one side of one instrument: the sums of its fills. */
export interface BookedTotal {
  readonly instrument: string
  readonly side: Side
  readonly feeAsset: string
  readonly quantity: Quantity
  /** Sum of price times quantity, in quote. */
  readonly value: Money
  readonly fee: Money
}

/** A message that the desk could not take, with what was wrong. */
export interface QuarantineRecord {
  readonly id: string
  readonly at: Millis
  readonly address: Address
  readonly event: Readonly<Record<string, unknown>>
  readonly detail: string
}
