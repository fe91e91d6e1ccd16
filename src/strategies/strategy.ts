/** What a strategy is: a pure function from a view of one market to what it wants. */
import type { Money, Price, Quantity, Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'

/** One of the strategy's open trade pairs. */
export interface PairSummary {
  readonly pairId: string
  /** `buying` while the buy can still be called off; `covering` once something was bought. */
  readonly phase: 'buying' | 'covering'
  readonly buyPrice: Price
  /** A wish to call the buy off is under way. */
  readonly unwanted: boolean
}

export interface MarketView {
  readonly instrument: Instrument
  readonly bid: Price
  readonly ask: Price
  readonly pairs: readonly PairSummary[]
  readonly fees: { readonly maker: Rate; readonly taker: Rate }
  /** Which share of its budget it may use now. */
  readonly share: Rate
}

/** A buy that the strategy would like, with the profit its sell must make. */
export interface Proposal {
  readonly price: Price
  readonly quantity: Quantity
  readonly target: Rate
}

export interface Decision {
  readonly proposals: readonly Proposal[]
  /** Pairs whose unfilled buy is not wanted any more. */
  readonly unwanted: readonly { readonly pairId: string; readonly reason: string }[]
  /** Bids at which the strategy wants to be asked again. */
  readonly wakeAt: { readonly falls?: Price; readonly rises?: Price }
}

export interface Strategy {
  readonly name: string
  /** Quote money that it may bind. */
  readonly budget: Money
  /** Why it could only lose at these fees, in one sentence with the numbers; undefined when it need not. */
  unfit?(fees: MarketView['fees']): string | undefined
  /** Why its orders would be too small to be placed, or to be sold again, in one sentence with the arithmetic; undefined when they are not. */
  tooSmall?(instrument: Instrument, leastNotional: Money, fees: MarketView['fees']): string | undefined
  decide(view: MarketView): Decision
}
