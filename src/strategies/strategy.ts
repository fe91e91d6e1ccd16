/** What a strategy is: a pure function from a view of one market to what it wants. */
import type { Money, Price, Quantity, Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'

/** One of the strategy's open trade pairs. */
export interface PairSummary {
  readonly pairId: string
  /** `buying` while the buy can still be called off; `covering` once something was bought. */
  readonly phase: 'buying' | 'covering'
  readonly buyPrice: Price
  /** Quote money that it binds: the rest of its working buy, and what it has bought and not sold, at the price of the buy. */
  readonly bound: Money
  /** A wish to call the buy off is under way. */
  readonly unwanted: boolean
}

export interface MarketView {
  readonly instrument: Instrument
  readonly bid: Price
  readonly ask: Price
  /** Bids of the past, one every `sampleEveryMs`, oldest first, at most 500; none yet after a start, and none where nobody asked for them. */
  readonly bids: readonly Price[]
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
  /** What was wanted and is not proposed, in one sentence with the numbers. */
  readonly leftOut?: string
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

/** A strategy of the user's own: its budget is the configuration's, and what it leaves out of a decision it does not want. */
export interface OwnStrategy extends Pick<Strategy, 'unfit' | 'tooSmall'> {
  /** What its trade pairs are filed under; the name of its file when left out. */
  readonly name?: string
  decide(view: MarketView): Partial<Omit<Decision, 'leftOut'>>
}

/** What the configuration says beside a strategy's own settings. */
export interface StrategyContext {
  /** Such as BTC-USD. */
  readonly instrument: string
  /** Quote money that it may bind: `budgetQuote`. */
  readonly budget: Money
  /** The profit that a pair should make, as a fraction of its cost: `targetBps`. */
  readonly target: Rate
}

/** What a module exports as `strategy`. It throws when its settings cannot be meant. */
export type MakeStrategy<Settings = Readonly<Record<string, unknown>>> = (settings: Settings, context: StrategyContext) => OwnStrategy
