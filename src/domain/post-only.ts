/** A post-only order is moved away from the spread so that it rests, never to the disadvantage of its owner. */
import { greatest, least, minus, plus, type Price } from './decimal.ts'
import type { Instrument } from './instrument.ts'
import type { OrderRequest } from './order.ts'

/** The price at which the order rests in this market: at or better than the one asked for. */
export const restingPrice = (
  order: Pick<OrderRequest, 'side' | 'price' | 'postOnly'>,
  quote: { readonly bid: Price; readonly ask: Price } | undefined,
  instrument: Pick<Instrument, 'tick'>,
): Price => {
  if (!order.postOnly || quote === undefined) return order.price
  return order.side === 'sell'
    ? greatest(order.price, plus(quote.bid, instrument.tick))
    : least(order.price, minus(quote.ask, instrument.tick))
}
