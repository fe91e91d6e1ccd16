/** The side of an order; on the tape, the side of the order that was resting. */
export type Side = 'BUY' | 'SELL'

/** Best bid and offer. Prices in ticks (safe integers), sizes in the caller's smallest quantity unit. */
export interface Quote {
  readonly bid: number
  readonly ask: number
  readonly bidSize: bigint
  readonly askSize: bigint
}

/** One print of the market's tape; `makerSide` is the side that was resting. */
export interface TapeTrade {
  readonly price: number
  readonly quantity: bigint
  readonly makerSide: Side
}

/** Something the market did, `atMs` milliseconds of market time after its beginning (fractions allowed). */
export type MarketEvent =
  | { readonly kind: 'quote'; readonly atMs: number; readonly quote: Quote }
  | { readonly kind: 'trade'; readonly atMs: number; readonly trade: TapeTrade }

/** An endless supply of market events in rising `atMs`; `undefined` only means "not read yet". */
export interface MarketSource {
  next(): MarketEvent | undefined
}

/** The same event with every price moved by `ticks`, never below one tick. */
export function shifted(event: MarketEvent, ticks: number): MarketEvent {
  if (ticks === 0) return event
  if (event.kind === 'trade') return { ...event, trade: { ...event.trade, price: Math.max(1, event.trade.price + ticks) } }
  const bid = Math.max(1, event.quote.bid + ticks)
  return { ...event, quote: { ...event.quote, bid, ask: Math.max(bid + 1, event.quote.ask + ticks) } }
}

/** The event's price in ticks: the trade's price, or the quote's bid. */
export function priceOf(event: MarketEvent): number {
  return event.kind === 'trade' ? event.trade.price : event.quote.bid
}
