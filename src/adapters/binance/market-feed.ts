/**
 * Live market data from the streams `bookTicker`, `trade` and `kline_5m` (binance-spot.md 6.1, 6.2). The venue dates no
 * ticker: receipt counts. It has no stream of listings.
 */
import type { PublicTrade } from '../../domain/market-data.ts'
import type { MarketFeed, MarketStreamListener, Stream } from '../../ports/venue.ts'
import { textOf } from '../venue-kit/reading.ts'
import { readBookTicker, type BookTicker, type EventFrame } from './frames.ts'
import type { Limits } from './limits.ts'
import { readKline, readStreamTrade, type Kline } from './market-shapes.ts'
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
    const newest = new NewestOfTwo()
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
          converse: (line) => new MarketConversation(this.#parts, { line, instruments, listener, isNews: (key, number) => newest.isNews(key, number, serial) }),
        }),
    })
  }
}

/** While two connections serve, the one may bring what the other has overtaken. */
class NewestOfTwo {
  /** One entry for each stream that was subscribed. */
  readonly #last = new Map<string, { readonly number: number; readonly serial: number }>()

  /** One connection never goes back, so within it everything counts. */
  isNews(key: string, number: number, serial: number): boolean {
    const last = this.#last.get(key)
    if (last !== undefined && last.serial !== serial && number <= last.number) return false
    this.#last.set(key, { number, serial })
    return true
  }
}

interface MarketConversationParts {
  readonly line: Line
  readonly instruments: readonly string[]
  readonly listener: MarketStreamListener
  /** @param key names the stream, @param number rises along it */
  readonly isNews: (key: string, number: number) => boolean
}

class MarketConversation implements Conversation {
  readonly #feed: MarketFeedParts
  readonly #parts: MarketConversationParts

  constructor(feed: MarketFeedParts, parts: MarketConversationParts) {
    this.#feed = feed
    this.#parts = parts
  }

  opened(): void {
    void this.#subscribe()
  }

  event({ type, data }: EventFrame): void {
    const symbol = textOf(data['s'])
    const instrument = symbol === undefined ? undefined : this.#feed.symbols.instrumentOf(symbol)
    const isOurs = instrument !== undefined && this.#parts.instruments.includes(instrument)
    if (!isOurs || !this.#take(instrument, type, data)) this.#feed.settings.novelties.ignored(type)
  }

  /** False when it is nothing that was asked for, or cannot be read. */
  #take(instrument: string, type: string | undefined, data: EventFrame['data']): boolean {
    const { listener } = this.#parts
    if (type === undefined) return this.#ticker(instrument, readBookTicker(data))
    if (type === 'trade' && listener.trade !== undefined) return this.#trade(instrument, readStreamTrade(data, instrument))
    if (type === 'kline' && listener.candle !== undefined) return this.#kline(instrument, readKline(data))
    return false
  }

  #ticker(instrument: string, ticker: BookTicker | undefined): boolean {
    if (ticker === undefined) return false
    const { symbol, updateId, bid, ask, bidQuantity, askQuantity } = ticker
    const receivedAt = this.#feed.settings.clock.now()
    if (this.#parts.isNews(symbol, updateId)) this.#parts.listener.quote({ instrument, bid, ask, bidQuantity, askQuantity, at: receivedAt, receivedAt, source: 'stream' })
    return true
  }

  #trade(instrument: string, trade: PublicTrade | undefined): boolean {
    if (trade === undefined) return false
    if (this.#parts.isNews(`${instrument} trade`, Number(trade.tradeId))) this.#parts.listener.trade?.(trade)
    return true
  }

  #kline(instrument: string, kline: Kline | undefined): boolean {
    if (kline === undefined) return false
    if (this.#parts.isNews(`${instrument} kline`, kline.toldAt)) this.#parts.listener.candle?.(instrument, kline.candle)
    return true
  }

  refused(error: ErrorBody): void {
    this.#parts.line.end('retryable', inWords(error))
  }

  /** A name that the venue does not know is accepted and stays silent (6.1): only listed symbols are asked for. */
  async #subscribe(): Promise<void> {
    const { line, instruments, listener } = this.#parts
    const markets = await this.#feed.symbols.listed(instruments)
    if (!markets.ok) return line.end('retryable', markets.failure.detail)
    if (markets.value.length === 0) return line.end('retryable', 'the venue lists none of the instruments')
    const kinds = ['bookTicker', ...(listener.trade === undefined ? [] : ['trade']), ...(listener.candle === undefined ? [] : ['kline_5m'])]
    const names = markets.value.flatMap(({ symbol }) => kinds.map((kind) => `${symbol.toLowerCase()}@${kind}`))
    subscribeInBatches(line, names, { confirmed: () => line.subscribed(), refused: (error) => this.refused(error) })
  }
}
