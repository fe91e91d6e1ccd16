/** Orders and fills as the desk and its venues speak of them. */
import type { Money, Price, Quantity, Rate } from './decimal.ts'
import type { Millis } from './time.ts'

export type Side = 'buy' | 'sell'
/** The two legs of a trade pair; the buy leg buys, the sell leg covers it. */
export type Leg = Side
/** Maker orders rest first, taker orders meet a resting one. Venues do not always say. */
export type Liquidity = 'maker' | 'taker' | 'unknown'

/** A limit order the desk wants at a venue. Sized in base, good until cancelled. */
export interface OrderRequest {
  /** Minted once; written to the network at most once (I1). */
  readonly clientOrderId: string
  readonly instrument: string
  readonly side: Side
  readonly quantity: Quantity
  readonly price: Price
  /** Refused rather than executed when it would cross. */
  readonly postOnly: boolean
  /** A sell that closes its pair at once, at a person's wish or the kill switch's. */
  readonly closes?: true
}

/** How a venue speaks of an order's progress, in one vocabulary for all venues. */
export type VenueOrderStatus = 'pending' | 'open' | 'filled' | 'cancelled' | 'expired' | 'failed' | 'unknown'

/** A venue's word on one order at one moment: cumulative, never a delta. */
export interface OrderReport {
  readonly venueOrderId: string
  /** Empty when the venue shows none. */
  readonly clientOrderId: string
  readonly instrument: string
  readonly side: Side
  readonly status: VenueOrderStatus
  /** Base quantity executed so far, as the venue counts it. */
  readonly executed: Quantity
  /** The venue's text about the end, for people only. */
  readonly reason?: string
  /** Limit price and total quantity where the message carries them. */
  readonly price?: Price
  readonly quantity?: Quantity
  readonly createdAt?: Millis
}

/** One execution. Booked once, by (venue, instrument, tradeId, venueOrderId). */
export interface Fill {
  /** The venue's own key of the execution (Coinbase: `entry_id`). */
  readonly tradeId: string
  readonly venueOrderId: string
  readonly instrument: string
  readonly side: Side
  readonly quantity: Quantity
  readonly price: Price
  /** Positive: what was paid. */
  readonly fee: Money
  readonly feeAsset: string
  readonly liquidity: Liquidity
  readonly at: Millis
}

/** Free and held amounts of one asset at a venue. */
export interface Balance {
  readonly asset: string
  readonly free: Quantity
  readonly held: Quantity
}

/** The account's fee rates as fractions (0.006 is 0.6 %). */
export interface FeeRates {
  readonly maker: Rate
  readonly taker: Rate
}

const finished: ReadonlySet<VenueOrderStatus> = new Set(['filled', 'cancelled', 'expired', 'failed'])
/** True when the venue will not change the order any more. */
export const isFinished = (status: VenueOrderStatus): boolean => finished.has(status)
