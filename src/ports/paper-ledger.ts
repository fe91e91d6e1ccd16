/**
 * What a paper venue remembers: the events of one simulated account, append-only.
 *
 * PL1  Positions are consecutive and never used twice. `append` names the last position that its writer has read: whoever
 *      has not read everything writes nothing, so two processes on one ledger can never decide from the same past.
 * PL2  Events that are appended together are there together or not at all.
 * PL3  A client order id that was placed once is known for ever, also after its events were forgotten.
 * PL4  What was appended is durable before `append` resolves.
 *
 * Every method rejects when the store does not answer: what was asked for may or may not have happened, and only reading tells.
 */
import type { Money, Price, Quantity, Rate } from '../domain/decimal.ts'
import type { Balance, Fill, Liquidity, OrderRequest } from '../domain/order.ts'
import type { Millis } from '../domain/time.ts'

/** The fees of an order, as they were when it was placed. */
export interface FeeTerms {
  readonly maker: Rate
  readonly taker: Rate
  /** Which asset pays: always the quote asset, or the one that is received. */
  readonly feeIn: 'quote' | 'received'
}

/** One order of the account as it stands. */
export interface PaperOrder extends OrderRequest {
  readonly venueOrderId: string
  readonly base: string
  readonly quote: string
  readonly terms: FeeTerms
  readonly status: 'open' | 'filled' | 'cancelled'
  readonly executed: Quantity
  /** Sum of price times quantity of the fills, in quote. */
  readonly value: Money
  /** The exact fee of the fills so far; what was charged is this, rounded up. */
  readonly owed: Money
  readonly charged: Money
  /** Locked for the rest: quote for a buy, base for a sell. */
  readonly hold: Quantity
  readonly createdAt: Millis
  /** Why it ended, for people. */
  readonly reason?: string
  readonly fills: readonly Fill[]
}

/** Something that happened to the account. Stamps are the venue's time. */
export type PaperEvent =
  | { readonly type: 'opened'; readonly at: Millis; readonly accountId: string; readonly balances: readonly Balance[] }
  /** A process has taken over, or gone on after a doubt: whatever was decided before and not written is void by PL1. */
  | { readonly type: 'resumed'; readonly at: Millis }
  | {
      readonly type: 'placed'
      readonly at: Millis
      readonly venueOrderId: string
      readonly request: OrderRequest
      readonly base: string
      readonly quote: string
      readonly terms: FeeTerms
      readonly hold: Quantity
    }
  | {
      readonly type: 'filled'
      readonly at: Millis
      readonly venueOrderId: string
      readonly tradeId: string
      readonly price: Price
      readonly quantity: Quantity
      readonly liquidity: Exclude<Liquidity, 'unknown'>
      readonly fee: Money
      readonly feeAsset: string
      /** `PaperOrder.owed` and `hold` after it. */
      readonly owed: Money
      readonly hold: Quantity
    }
  | { readonly type: 'amended'; readonly at: Millis; readonly venueOrderId: string; readonly price: Price; readonly quantity: Quantity; readonly hold: Quantity }
  | { readonly type: 'ended'; readonly at: Millis; readonly venueOrderId: string; readonly reason: string }
  /** Everything that is remembered, in place of what came before it. */
  | { readonly type: 'snapshot'; readonly at: Millis; readonly accountId: string; readonly balances: readonly Balance[]; readonly orders: readonly PaperOrder[] }

export interface PaperEntry {
  /** 1 for the first event of the ledger. */
  readonly position: number
  readonly event: PaperEvent
}

export interface PaperLedger {
  /** What comes after a position, oldest first, at most so many. */
  read(after: number, limit: number): Promise<readonly PaperEntry[]>
  /** Writes events right after that position; `overtaken`: somebody has written there, or placed one of the client order ids, and nothing was written. */
  append(after: number, events: readonly PaperEvent[]): Promise<'appended' | 'overtaken'>
  /** Whether an order with this client order id was ever placed. */
  knows(clientOrderId: string): Promise<boolean>
  /** Deletes the events before a position that holds a snapshot. */
  forget(before: number): Promise<void>
  close(): Promise<void>
}
