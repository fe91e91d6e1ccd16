/** What a trade pair remembers: the buy, what it cost, and the plan to sell it. */
import { money, quantity, type Money, type Price, type Quantity, type Rate } from '../../domain/decimal.ts'
import { plainExit, type ExitAge, type ExitPlan } from '../../domain/exits.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Fill, Leg, OrderReport } from '../../domain/order.ts'
import type { Target } from '../../domain/profit.ts'
import type { Millis } from '../../domain/time.ts'

/** The waits and bounds of a pair's life. */
export interface PairPolicy {
  /** A buy partly filled for this long is cancelled, once what it bought can be sold. */
  readonly partialBuyWaitMs: Millis
  /** First pause before a covering sell that did not stand is tried again; doubles up to `coverMaxMs`. */
  readonly coverAgainMs: Millis
  readonly coverMaxMs: Millis
  /** So many covering sells in a row that never stood, and a person must look. */
  readonly coverAttempts: number
}

export interface TradePairInput {
  readonly pairId: string
  /** Four characters that mark this install's orders. */
  readonly install: string
  readonly instrument: Instrument
  /** Which strategy proposed it, and where in its plan, for people and for the strategy itself. */
  readonly strategy: string
  readonly buy: { readonly quantity: Quantity; readonly price: Price; readonly postOnly: boolean }
  readonly target: Target
  /** How it is left; journals of before there were plans have none, which is `plainExit`. */
  readonly exit?: ExitPlan
  /** The fee rate expected for the sell. */
  readonly sellFee: Rate
  readonly sellPostOnly: boolean
  readonly policy: PairPolicy
}

/** How an order of a leg came to its end. */
export type LegEnd = 'filled' | 'cancelled' | 'expired' | 'rejected' | 'absent'

/** What is held is sold at once, whatever it earns. */
export interface Closing {
  /** The least price it is sold at; null until there is a fresh price: until then it stays on offer at its target. */
  readonly price: Price | null
  readonly reason: string
  /** Prices that it has been given so far. */
  readonly prices: number
  /** Its own plan wants it, so a halt holds it back; a person's closing, and the kill switch's, is not. */
  readonly planned: boolean
}

export interface TradePairContext extends TradePairInput, ExitAge {
  readonly exit: ExitPlan
  readonly bought: Quantity
  /** Bought, net of fees taken in base: what is to be sold. */
  readonly held: Quantity
  /** Everything paid for it, in quote. */
  readonly cost: Money
  readonly sold: Quantity
  /** What the sells brought, net of their fees, in quote. */
  readonly proceeds: Money
  /** Quote fees of both legs. */
  readonly fees: Money
  /** The live order of each leg, by client order id. */
  readonly buyOrder: string | null
  readonly sellOrder: string | null
  /** Orders begun for each leg; the number is part of the client order id. */
  readonly buys: number
  readonly sells: number
  /** Covering sells in a row that ended without a fill. */
  readonly fruitless: number
  readonly minSellPrice: Price | null
  readonly openedAt: Millis | null
  readonly boughtAt: Millis | null
  readonly closedAt: Millis | null
  readonly heldBecause: string | null
  /** The order whose fate it is held for; null when a person or a fault holds it. */
  readonly heldFor: string | null
  readonly closing: Closing | null
  /** The live sell, once it was asked to go for another to take its place. */
  readonly calledOff: string | null
  /** The highest bid noted since the trailing stop began to follow. */
  readonly high: Price | null
}

export const tradePairContext = (input: TradePairInput): TradePairContext => ({
  ...input,
  exit: input.exit ?? plainExit,
  bought: quantity('0'),
  held: quantity('0'),
  cost: money('0'),
  sold: quantity('0'),
  proceeds: money('0'),
  fees: money('0'),
  buyOrder: null,
  sellOrder: null,
  buys: 0,
  sells: 0,
  fruitless: 0,
  minSellPrice: null,
  openedAt: null,
  boughtAt: null,
  closedAt: null,
  heldBecause: null,
  heldFor: null,
  closing: null,
  calledOff: null,
  high: null,
  tightened: 0,
  overdue: false,
})

/** Events a trade pair takes. The host adds `at`, the moment of the turn. */
export type TradePairEvent =
  /** The first event of a pair: place the buy. */
  | { readonly type: 'proposed' }
  /** The first event of a pair that begins with a buy which somebody placed at the venue by hand. */
  | { readonly type: 'adopted'; readonly report: OrderReport & { readonly price: Price; readonly quantity: Quantity } }
  /** The risk gate would not let an order of this leg begin. */
  | { readonly type: 'denied'; readonly leg: Leg; readonly rule: string; readonly detail: string }
  /** `orderId` is the order that was filled, which may have ended before. */
  | { readonly type: 'fillBooked'; readonly leg: Leg; readonly orderId: string; readonly fill: Fill }
  | { readonly type: 'legEnded'; readonly leg: Leg; readonly orderId: string; readonly end: LegEnd; readonly reason: string }
  | { readonly type: 'orderUnresolved'; readonly leg: Leg; readonly orderId: string }
  /** What became of such an order is known after all. */
  | { readonly type: 'orderResolved'; readonly leg: Leg; readonly orderId: string }
  /** The strategy does not want the unfilled rest of the buy any more. */
  | { readonly type: 'buyUnwanted'; readonly reason: string }
  | { readonly type: 'deadlineDue'; readonly name: string }
  /** The venue has other rules for the instrument now (PX-09). */
  | { readonly type: 'rulesChanged'; readonly instrument: Instrument }
  /** Sell what is held now, at that price or better, whatever it earns. */
  | { readonly type: 'closeNow'; readonly price: Price; readonly reason: string }
  | { readonly type: 'closeNoMore'; readonly reason: string }
  /** The market has left the price that a pair is closed at, or there is one at last: sell at this one. */
  | { readonly type: 'closingPriced'; readonly price: Price; readonly reason: string }
  /** The bid has fallen to the pair's stop: sell at that price or better. */
  | { readonly type: 'stopReached'; readonly bid: Price; readonly price: Price }
  /** The bid has risen far enough to be noted for the trailing stop. */
  | { readonly type: 'highRaised'; readonly bid: Price }
  /** A person wants another profit, or another price. */
  | { readonly type: 'retargeted'; readonly target: Target; readonly reason: string }
  | { readonly type: 'hold'; readonly reason: string }
  | { readonly type: 'release'; readonly reason: string }
  /** A person sold or moved what was bought, outside the desk. */
  | { readonly type: 'closedByHand'; readonly reason: string }
