/** Live books from the `level2` channel, one connection each: a snapshot is several megabytes (coinbase-advanced-trade.md 9.2, 9.6). */
import type { BookFeed, BookStreamListener, Stream } from '../../ports/venue.ts'
import { isRecord } from '../venue-kit/reading.ts'
import { LevelBook } from './level-book.ts'
import type { MarketFeedParts } from './market-feed.ts'
import { FeedSocket, type ChannelFrame, type Progress } from './socket.ts'

/** Subscribed under one name, told under another (9.6). */
const channel = 'level2'
const label = 'l2_data'

export class CoinbaseBookFeed implements BookFeed {
  readonly #parts: MarketFeedParts

  constructor(parts: MarketFeedParts) {
    this.#parts = parts
  }

  /** A gap, or a book that contradicts itself, ends the stream: the next connection begins with a new snapshot. */
  open(instrument: string, listener: BookStreamListener): Stream {
    const { settings, aliases, token } = this.#parts
    const reader = new BookReader(instrument, new Set(aliases.targets([instrument]).keys()), listener)
    return new FeedSocket({
      url: settings.marketUrl,
      open: settings.openWebSocket,
      subscriptions: [{ channel, productIds: [instrument] }],
      token,
      listener: {
        opened: () => listener.opened(),
        subscribed: () => listener.subscribed(),
        received: () => listener.received(),
        gap: (detail) => reader.lose(detail),
        ended: (end, detail) => listener.ended(end, detail),
      },
      log: settings.log,
      take: (frame, isOpen) => reader.take(frame, isOpen),
      endsAtGap: true,
    })
  }
}

class BookReader {
  readonly #book: LevelBook
  readonly #labels: ReadonlySet<unknown>
  readonly #listener: BookStreamListener

  constructor(instrument: string, labels: ReadonlySet<unknown>, listener: BookStreamListener) {
    this.#book = new LevelBook(instrument)
    this.#labels = labels
    this.#listener = listener
  }

  lose(detail: string): void {
    this.#book.lose()
    this.#listener.book(this.#book)
    this.#listener.gap(detail)
  }

  take(frame: ChannelFrame, isOpen: () => boolean): Progress {
    if (frame.channel === label) for (const event of frame.events) if (isOpen() && !this.#event(event)) return 'lost'
    return this.#book.isLive ? 'delivered' : 'awaited'
  }

  /** False when the book contradicts itself. */
  #event(event: unknown): boolean {
    if (!isRecord(event) || !this.#labels.has(event['product_id'])) return true
    const rows: readonly unknown[] = Array.isArray(event['updates']) ? event['updates'] : []
    const whole = event['type'] === 'snapshot' ? this.#book.begin(rows) : this.#book.change(rows)
    if (this.#book.isLive || !whole) this.#listener.book(this.#book)
    return whole
  }
}
