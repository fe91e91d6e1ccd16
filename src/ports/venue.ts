/**
 * What the desk needs from a venue, by use. An adapter offers all of it; each actor asks for its part.
 * No method throws: what went wrong is a `Failure`. No method repeats a create, at any layer (I1).
 */
import type { Approved } from '../domain/approved.ts'
import type { CancelOutcome, Result, SendOutcome } from '../domain/failure.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { Balance, FeeRates, Fill, OrderReport, OrderRequest } from '../domain/order.ts'
import type { Quote } from '../domain/quote.ts'
import type { Millis } from '../domain/time.ts'

/** The times that decide when "not found" proves that an order never existed (docs/guarantees.md). */
export interface ProofOfAbsence {
  /** How long after signing the venue may still admit a request. */
  readonly windowMs: Millis
  /** Longest time the venue works on an admitted request before it shows. */
  readonly engineMs: Millis
  /** How far look-ups may lag behind. */
  readonly lookUpLagMs: Millis
  /** How far our clock may be from the venue's. */
  readonly skewMs: Millis
}

/** What a venue can do, as data. */
export interface VenueCapabilities {
  readonly venue: string
  readonly proofOfAbsence: ProofOfAbsence
  /** Most orders one cancel request may name. */
  readonly cancelBatch: number
}

/** A claimed order and when it was claimed, by the venue's clock. The request is signed with that time and never signed again. */
export interface ClaimedOrder {
  readonly request: Approved<OrderRequest>
  readonly claimedAt: Millis
}

export interface OrderEntry {
  /** Writes the create once. Signed with `claimedAt`, so that a late copy is refused by the venue itself. */
  create(order: ClaimedOrder): Promise<SendOutcome>
  /** Asks for a cancel by the venue's own id; repeating is harmless. */
  cancel(venueOrderId: string): Promise<CancelOutcome>
}

export interface OrderReads {
  /** One order by the venue's id; undefined when the venue knows none. */
  order(venueOrderId: string): Promise<Result<OrderReport | undefined>>
  /**
   * The order that carries a client order id, among everything created since then (venue time), whatever its state.
   * Undefined only after all pages were read.
   */
  findByClientOrderId(clientOrderId: string, since: Millis): Promise<Result<OrderReport | undefined>>
  /** Every order working at the venue, also those not yet in the book. */
  workingOrders(): Promise<Result<AccountOrders>>
  /** Every order created since then (venue time), whatever its state. */
  ordersSince(since: Millis): Promise<Result<AccountOrders>>
  /** All executions of one order, all pages. */
  fillsOf(venueOrderId: string): Promise<Result<readonly Fill[]>>
  /** All executions of the account since then (venue time), all pages, of whichever order. */
  fillsSince(since: Millis): Promise<Result<AccountFills>>
}

export interface AccountOrders {
  readonly orders: readonly OrderReport[]
  /** Rows of the venue's list that cannot be read, with as much of their names as can: whether they matter depends on whose they are. */
  readonly unread: readonly { readonly venueOrderId: string | undefined; readonly clientOrderId: string | undefined }[]
}

export interface AccountFills {
  readonly fills: readonly Fill[]
  /** Like `AccountOrders.unread`. */
  readonly unread: readonly { readonly tradeId: string | undefined; readonly venueOrderId: string | undefined }[]
  /** Rows of the venue's list that are no plain execution (a reversal, a correction): for a person, never booked (FS-27). */
  readonly odd: readonly { readonly tradeId: string; readonly venueOrderId: string; readonly detail: string }[]
}

export interface AccountReads {
  balances(): Promise<Result<readonly Balance[]>>
  feeRates(): Promise<Result<FeeRates>>
  /** Names the account that the key acts on, to stamp the store with. */
  accountId(): Promise<Result<string>>
}

export interface MarketReads {
  instruments(): Promise<Result<readonly Instrument[]>>
  quotes(instruments: readonly string[]): Promise<Result<readonly Quote[]>>
  /** Measures the venue's clock less ours, in milliseconds; `now` follows it from then on. */
  clockOffset(): Promise<Result<Millis>>
}

/** How a stream ended, the whole vocabulary between a socket and its supervisor. */
export type StreamEnd = 'drained' | 'retryable' | 'fatal'

/** What a stream tells its supervisor. `received` is called for every frame before its meaning. */
export interface StreamListener {
  opened(): void
  /** Every subscription is confirmed or has delivered. */
  subscribed(): void
  received(): void
  /** Messages were missed: everything told so far may be out of date. */
  gap(detail: string): void
  ended(end: StreamEnd, detail: string): void
}

export interface Stream {
  /** Closes the socket; no listener is called afterwards. */
  close(): void
}

export interface MarketStreamListener extends StreamListener {
  quote(quote: Quote): void
}

export interface AccountStreamListener extends StreamListener {
  /** The venue's cumulative word on an order. Fills are read by REST; this only says "look now". */
  order(report: OrderReport): void
}

export interface MarketFeed {
  open(instruments: readonly string[], listener: MarketStreamListener): Stream
}

export interface AccountFeed {
  open(instruments: readonly string[], listener: AccountStreamListener): Stream
}

export interface VenueTime {
  /**
   * The venue's clock now: as last measured, carried on by the monotonic clock. Neither a step of our wall clock nor a
   * sleep of the machine moves it ahead, so nothing that is proven by time is proven too early.
   */
  now(): Millis
}

/** Everything a venue adapter offers. */
export interface Venue extends VenueTime,  OrderEntry, OrderReads, AccountReads, MarketReads {
  readonly capabilities: VenueCapabilities
  readonly marketFeed: MarketFeed
  readonly accountFeed: AccountFeed
}
