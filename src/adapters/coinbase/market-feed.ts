/** Live quotes from the `ticker` channel (coinbase-advanced-trade.md 9.4). */
import type { Quote } from '../../domain/quote.ts'
import { parseTimestamp } from '../../domain/time.ts'
import type { MarketFeed, MarketStreamListener, Stream } from '../../ports/venue.ts'
import type { Aliases } from './aliases.ts'
import type { Settings } from './options.ts'
import { FeedSocket, type ChannelFrame } from './socket.ts'
import { readTickers, type Ticker } from './frames.ts'

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
    const tickers = new TickerReader({ targets: aliases.targets(instruments), wanted: instruments, listener, settings })
    return new FeedSocket({
      url: settings.marketUrl,
      open: settings.openWebSocket,
      subscriptions: [{ channel: 'ticker', productIds: instruments }],
      token,
      listener,
      log: settings.log,
      take: (frame, isOpen) => tickers.take(frame, isOpen),
    })
  }
}

interface TickerReaderParts {
  readonly targets: ReadonlyMap<string, readonly string[]>
  readonly wanted: readonly string[]
  readonly listener: MarketStreamListener
  readonly settings: Settings
}

/** Turns ticker frames of one connection into quotes. */
class TickerReader {
  readonly #parts: TickerReaderParts
  /** Instruments without a quote so far. */
  readonly #missing: Set<string>

  constructor(parts: TickerReaderParts) {
    this.#parts = parts
    this.#missing = new Set(parts.wanted)
  }

  /** True when every instrument has delivered. */
  take(frame: ChannelFrame, isOpen: () => boolean): boolean {
    if (frame.channel === 'ticker') {
      const quotes = frame.events.flatMap((event) => readTickers(event)).flatMap((ticker) => this.#quotesOf(ticker, frame.timestamp))
      for (const quote of quotes) if (isOpen()) this.#tell(quote)
    }
    return this.#missing.size === 0
  }

  #quotesOf({ productId, bid, ask }: Ticker, timestamp: string): readonly Quote[] {
    const { targets, settings } = this.#parts
    const receivedAt = settings.clock.now()
    const at = parseTimestamp(timestamp) ?? receivedAt
    return (targets.get(productId) ?? []).map((instrument) => ({ instrument, bid, ask, at, receivedAt, source: 'stream' }))
  }

  #tell(quote: Quote): void {
    this.#missing.delete(quote.instrument)
    this.#parts.listener.quote(quote)
  }
}
