/** Live market data from the channels `ticker`, `market_trades`, `candles` and `status` (coinbase-advanced-trade.md 9.4, 9.5). */
import type { MarketFeed, MarketStreamListener, Stream } from '../../ports/venue.ts'
import type { Aliases } from './aliases.ts'
import { CandleChannel, ListingChannel, TradeChannel, type MarketChannel } from './market-channels.ts'
import type { Settings } from './options.ts'
import { FeedSocket, type ChannelFrame, type Progress } from './socket.ts'
import { TickerChannel } from './ticker-channel.ts'

export interface MarketFeedParts {
  readonly settings: Settings
  readonly aliases: Aliases
  readonly token: () => string | undefined
}

export class CoinbaseMarketFeed implements MarketFeed {
  readonly #parts: MarketFeedParts

  constructor(parts: MarketFeedParts) {
    this.#parts = parts
  }

  open(instruments: readonly string[], listener: MarketStreamListener): Stream {
    const { settings, aliases, token } = this.#parts
    const channels = channelsOf({ targets: aliases.targets(instruments), instruments, listener, settings })
    return new FeedSocket({
      url: settings.marketUrl,
      open: settings.openWebSocket,
      subscriptions: channels.map(({ name }) => ({ channel: name, productIds: instruments })),
      token,
      listener,
      log: settings.log,
      take: (frame, isOpen) => take(channels, frame, isOpen),
    })
  }
}

interface Hearing {
  /** Which instruments a label speaks of. */
  readonly targets: ReadonlyMap<string, readonly string[]>
  readonly instruments: readonly string[]
  readonly listener: MarketStreamListener
  readonly settings: Settings
}

/** One channel for each ear of the listener. */
const channelsOf = ({ targets, instruments, listener, settings }: Hearing): readonly MarketChannel[] => [
  new TickerChannel({ name: settings.tickerChannel, targets, wanted: instruments, listener, clock: settings.clock }),
  ...(listener.trade === undefined ? [] : [new TradeChannel(targets, (trade) => listener.trade?.(trade))]),
  ...(listener.candle === undefined ? [] : [new CandleChannel(targets, (instrument, candle) => listener.candle?.(instrument, candle))]),
  ...(listener.listing === undefined ? [] : [new ListingChannel(targets, (instrument, isOnline) => listener.listing?.(instrument, isOnline))]),
]

const take = (channels: readonly MarketChannel[], frame: ChannelFrame, isOpen: () => boolean): Progress => {
  channels.find(({ label }) => label === frame.channel)?.take(frame, isOpen)
  return channels.every(({ hasDelivered }) => hasDelivered) ? 'delivered' : 'awaited'
}
