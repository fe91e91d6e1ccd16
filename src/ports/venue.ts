/**
 * What the desk needs from a venue, by use. An adapter offers all of it; each actor asks for its part.
 * No method throws: what went wrong is a `Failure`. No method repeats a create, at any layer (I1).
 */
import type { Approved } from '../domain/approved.ts'
import type { Money, Price, Quantity } from '../domain/decimal.ts'
import type { CancelOutcome, RefusalReason, Result, SendOutcome } from '../domain/failure.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { Book, Candle, CandleLength, PublicTrade } from '../domain/market-data.ts'
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
  /** What may be changed about a working order without a new one. */
  readonly amend: 'priceAndQuantity' | 'lessQuantity' | 'nothing'
  /** How long a client order id is guarded against a second order: for ever, or only while the first one works. */
  readonly clientOrderIdGuard: 'always' | 'whileWorking'
}

/** What the venue says that an order would cost, or why it would refuse it. Nothing is placed. */
export type OrderPreview =
  | { readonly kind: 'possible'; readonly fee: Money; /** Fee included: what a buy pays, what a sell brings. */ readonly total: Money }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly detail: string }

/** What a working order is to become. Its quantity counts what was executed already. */
export interface Amendment {
  readonly price: Price
  readonly quantity: Quantity
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

/** What callers may do with orders beside the order's own life. */
export interface OrderServices {
  /** Asks for many cancels, in as few requests as the venue allows: one outcome for each, in order. */
  cancelMany(venueOrderIds: readonly string[]): Promise<readonly CancelOutcome[]>
  /**
   * Asks to change a working order. Whatever is answered, only a look-up tells what the order is now; what the
   * capabilities do not name is refused without asking.
   */
  amend(venueOrderId: string, to: Amendment): Promise<CancelOutcome>
  preview(request: OrderRequest): Promise<Result<OrderPreview>>
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

/** What an API key may do. A trading desk needs to trade, and must not be able to send money away. */
export interface KeyPermissions {
  readonly canTrade: boolean
  /** Withdraw or transfer; undefined where the venue does not tell. */
  readonly canTransfer: boolean | undefined
}

export interface AccountReads {
  /** What the venue says that the key may do; asked at every start. */
  keyPermissions(): Promise<Result<KeyPermissions>>
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

/** What a market shows and did, for whoever judges or draws it. */
export interface MarketData {
  /** At most so many levels a side. */
  book(instrument: string, depth: number): Promise<Result<Book>>
  /** The latest trades of the public tape, newest first. */
  trades(instrument: string, limit: number): Promise<Result<readonly PublicTrade[]>>
  /**
   * Candles that open in [from, to), oldest first. One without a trade may be missing; the last may still be forming.
   * A span that would take more than 100 requests is a bad request.
   */
  candles(instrument: string, length: CandleLength, span: { readonly from: Millis; readonly to: Millis }): Promise<Result<readonly Candle[]>>
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

/** What a market stream carries beside quotes is what its listener has an ear for, where the venue has it. */
export interface MarketStreamListener extends StreamListener {
  quote(quote: Quote): void
  /** The public tape from now on: each trade once, what traded before is not told. */
  trade?(trade: PublicTrade): void
  /** The candle of the present five minutes, whenever it has changed; the last word on one that has ended may come after its end. */
  candle?(instrument: string, candle: Candle): void
  /** The venue's word on a listing. It says nothing of halts: `instruments` does. */
  listing?(instrument: string, isOnline: boolean): void
}

/** A live copy of one instrument's book. */
export interface LiveBook {
  readonly instrument: string
  /** False after a gap, until it is whole again: what was missed is never guessed. */
  readonly isLive: boolean
  /** The best levels, at most so many a side; none while the book is not live. */
  top(depth: number): Pick<Book, 'bids' | 'asks'>
}

export interface BookStreamListener extends StreamListener {
  /** The book after a change, and, not live, when a gap has made it unknown. */
  book(book: LiveBook): void
}

export interface AccountStreamListener extends StreamListener {
  /** The venue's cumulative word on an order. Fills are read by REST; this only says "look now". */
  order(report: OrderReport): void
}

export interface MarketFeed {
  open(instruments: readonly string[], listener: MarketStreamListener): Stream
}

export interface BookFeed {
  /** `subscribed` is told with the first whole book. */
  open(instrument: string, listener: BookStreamListener): Stream
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

/** Everything that the desk itself needs. */
export interface Venue extends VenueTime, OrderEntry, OrderReads, AccountReads, MarketReads {
  readonly capabilities: VenueCapabilities
  readonly marketFeed: MarketFeed
  readonly accountFeed: AccountFeed
}

/** How much of one of the venue's limits is left. */
export interface BudgetReading {
  /** What the limit is of, such as `private` or `REQUEST_WEIGHT`. */
  readonly class: string
  /** Calls, or weight, that may leave at once; null where there is no limit. */
  readonly left: number | null
}

/** The side of a venue that needs no account: what it trades, and how. Nothing on it can send an order. */
export interface MarketSide extends VenueTime, MarketReads, MarketData {
  readonly marketFeed: MarketFeed
  /** Whole books, for whoever needs more than the best prices; undefined where the venue streams none. */
  readonly bookFeed?: BookFeed
  /** What the limits have left now; asks nobody. */
  budgets(): readonly BudgetReading[]
  /** Lets go of kept connections. Streams are closed by whoever opened them. */
  close(): void
}

/** Everything that an adapter of a venue offers. */
export interface FullVenue extends Venue, OrderServices, MarketSide {}
