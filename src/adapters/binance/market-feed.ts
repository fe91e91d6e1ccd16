/** Live quotes from the `bookTicker` streams (binance-spot.md 6.1, 6.2). The venue dates none of them: receipt counts. */
import type { MarketFeed, MarketStreamListener, Stream } from '../../ports/venue.ts'
import { readBookTicker, type BookTicker, type EventFrame } from './frames.ts'
import { IgnoredEvents } from './ignored-events.ts'
import type { Limits } from './limits.ts'
import type { Settings } from './options.ts'
import { RollingStream } from './rolling-stream.ts'
import { FeedSocket, inWords, type Conversation, type Line } from './socket.ts'
import { subscribeInBatches } from './stream-names.ts'
import type { Symbols } from './symbols.ts'
import type { ErrorBody } from './wire.ts'

export interface MarketFeedParts {
  readonly settings: Settings
  readonly limits: Limits
  readonly symbols: Symbols
}

export class BinanceMarketFeed implements MarketFeed {
  readonly #parts: MarketFeedParts

  constructor(parts: MarketFeedParts) {
    this.#parts = parts
  }

  open(instruments: readonly string[], listener: MarketStreamListener): Stream {
    const { settings, limits } = this.#parts
    const newest = new NewestTickers()
    return new RollingStream({
      settings,
      listener,
      connect: (inner, serial) =>
        new FeedSocket({
          url: new URL('/stream', settings.streamsUrl).href,
          settings,
          limits,
          heartbeat: 'LIST_SUBSCRIPTIONS',
          listener: inner,
          converse: (line) => new TickerConversation(this.#parts, { line, instruments, listener, isNews: (ticker) => newest.isNews(ticker, serial) }),
        }),
    })
  }
}

/** While two connections serve, the one may bring what the other has overtaken. */
class NewestTickers {
  /** One entry for each symbol that was subscribed. */
  readonly #last = new Map<string, { readonly updateId: number; readonly serial: number }>()

  /** One connection never goes back, so within it every ticker counts. */
  isNews({ symbol, updateId }: BookTicker, serial: number): boolean {
    const last = this.#last.get(symbol)
    if (last !== undefined && last.serial !== serial && updateId <= last.updateId) return false
    this.#last.set(symbol, { updateId, serial })
    return true
  }
}

interface TickerConversationParts {
  readonly line: Line
  readonly instruments: readonly string[]
  readonly listener: MarketStreamListener
  readonly isNews: (ticker: BookTicker) => boolean
}

class TickerConversation implements Conversation {
  readonly #feed: MarketFeedParts
  readonly #parts: TickerConversationParts
  readonly #ignored: IgnoredEvents

  constructor(feed: MarketFeedParts, parts: TickerConversationParts) {
    this.#feed = feed
    this.#parts = parts
    this.#ignored = new IgnoredEvents(feed.settings.log)
  }

  opened(): void {
    void this.#subscribe()
  }

  event({ type, data }: EventFrame): void {
    const ticker = type === undefined ? readBookTicker(data) : undefined
    const instrument = ticker === undefined ? undefined : this.#feed.symbols.instrumentOf(ticker.symbol)
    const { instruments, listener, isNews } = this.#parts
    if (ticker === undefined || instrument === undefined || !instruments.includes(instrument)) return this.#ignored.note(type)
    if (!isNews(ticker)) return
    const receivedAt = this.#feed.settings.clock.now()
    listener.quote({ instrument, bid: ticker.bid, ask: ticker.ask, at: receivedAt, receivedAt, source: 'stream' })
  }

  refused(error: ErrorBody): void {
    this.#parts.line.end('retryable', inWords(error))
  }

  /** A name that the venue does not know is accepted and stays silent (6.1): only listed symbols are asked for. */
  async #subscribe(): Promise<void> {
    const { line, instruments } = this.#parts
    const markets = await this.#feed.symbols.listed(instruments)
    if (!markets.ok) return line.end('retryable', markets.failure.detail)
    if (markets.value.length === 0) return line.end('retryable', 'the venue lists none of the instruments')
    subscribeInBatches(line, markets.value.map(({ symbol }) => `${symbol.toLowerCase()}@bookTicker`), { confirmed: () => line.subscribed(), refused: (error) => this.refused(error) })
  }
}
