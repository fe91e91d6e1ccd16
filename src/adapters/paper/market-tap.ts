/** The real market's prices on their way to the desk: what passes is heard by the simulated orders too, over no second connection. */
import type { Result } from '../../domain/failure.ts'
import type { Candle } from '../../domain/market-data.ts'
import type { Quote } from '../../domain/quote.ts'
import type { MarketFeed, MarketStreamListener, Stream } from '../../ports/venue.ts'
import type { Markets } from './markets.ts'
import type { RealMarket } from './options.ts'

export class MarketTap implements MarketFeed {
  readonly #market: Pick<RealMarket, 'marketFeed' | 'quotes'>
  readonly #markets: Pick<Markets, 'quote' | 'trade'>

  constructor(market: Pick<RealMarket, 'marketFeed' | 'quotes'>, markets: Pick<Markets, 'quote' | 'trade'>) {
    this.#market = market
    this.#markets = markets
  }

  open(instruments: readonly string[], listener: MarketStreamListener): Stream {
    const markets = this.#markets
    return this.#market.marketFeed.open(instruments, {
      opened: () => listener.opened(),
      subscribed: () => listener.subscribed(),
      received: () => listener.received(),
      gap: (detail) => listener.gap(detail),
      ended: (end, detail) => listener.ended(end, detail),
      quote: (quote) => {
        markets.quote(quote)
        listener.quote(quote)
      },
      trade: (trade) => {
        markets.trade(trade)
        listener.trade?.(trade)
      },
      ...(listener.candle !== undefined && { candle: (instrument: string, candle: Candle) => listener.candle?.(instrument, candle) }),
      ...(listener.listing !== undefined && { listing: (instrument: string, isOnline: boolean) => listener.listing?.(instrument, isOnline) }),
    })
  }

  /** A polled market is heard as well as a streamed one. */
  async quotes(instruments: readonly string[]): Promise<Result<readonly Quote[]>> {
    const read = await this.#market.quotes(instruments)
    if (read.ok) for (const quote of read.value) this.#markets.quote(quote)
    return read
  }
}
