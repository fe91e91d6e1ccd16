/**
 * A live copy of one symbol's book: changes by stream, the snapshot by REST, and another one after every gap
 * (binance-spot.md 6.2).
 */
import type { Millis } from '../../domain/time.ts'
import type { BookFeed, BookStreamListener, Stream } from '../../ports/venue.ts'
import { diffOf, snapshotOf } from './book-rows.ts'
import type { EventFrame } from './frames.ts'
import type { Limits } from './limits.ts'
import type { Settings } from './options.ts'
import { OrderBook } from './order-book.ts'
import type { Reads } from './reads.ts'
import { RollingStream } from './rolling-stream.ts'
import { FeedSocket, inWords, type Conversation, type Line } from './socket.ts'
import type { Symbols } from './symbols.ts'
import { subscribeInBatches } from './stream-names.ts'
import type { ErrorBody } from './wire.ts'

export interface BookFeedParts {
  readonly settings: Settings
  readonly limits: Limits
  readonly symbols: Symbols
  readonly reads: Reads
}

/** The deepest snapshot there is, and what it costs (5.1). */
const snapshotLevels = '5000'
const snapshotWeight = 250
/** Snapshots are dear: so long between two, and no more than so many in a row that do not heal. */
const apartMs: Millis = 2_000
const mostAttempts = 10

export class BinanceBookFeed implements BookFeed {
  readonly #parts: BookFeedParts

  constructor(parts: BookFeedParts) {
    this.#parts = parts
  }

  open(instrument: string, listener: BookStreamListener): Stream {
    const { settings, limits } = this.#parts
    let newest = 0
    const tell = (book: OrderBook): void => {
      // While two connections serve, the slower one's book is older.
      if (book.isLive && book.lastId <= newest) return
      newest = book.lastId
      listener.book(book)
    }
    return new RollingStream({
      settings,
      listener,
      connect: (inner) =>
        new FeedSocket({
          url: new URL('/stream', settings.streamsUrl).href,
          settings,
          limits,
          heartbeat: 'LIST_SUBSCRIPTIONS',
          listener: inner,
          converse: (line) => new BookConversation(this.#parts, line, instrument, tell),
        }),
    })
  }
}

class BookConversation implements Conversation {
  readonly #parts: BookFeedParts
  readonly #line: Line
  readonly #instrument: string
  readonly #tell: (book: OrderBook) => void
  readonly #book: OrderBook
  #symbol = ''
  #attempts = 0
  #healing = false

  constructor(parts: BookFeedParts, line: Line, instrument: string, tell: (book: OrderBook) => void) {
    this.#parts = parts
    this.#line = line
    this.#instrument = instrument
    this.#book = new OrderBook(instrument)
    this.#tell = tell
  }

  opened(): void {
    void this.#subscribe()
  }

  /** A change that cannot be read is a change that was missed. */
  event({ type, data }: EventFrame): void {
    if (type !== 'depthUpdate' || data['s'] !== this.#symbol) return
    const diff = diffOf(data)
    if (diff === undefined) this.#book.lose()
    const taken = diff === undefined ? 'gap' : this.#book.take(diff)
    if (taken === 'applied') this.#tell(this.#book)
    if (taken === 'gap') this.#heal()
  }

  refused(error: ErrorBody): void {
    this.#line.end('retryable', inWords(error))
  }

  async #subscribe(): Promise<void> {
    const symbol = await this.#parts.symbols.symbolOf(this.#instrument)
    if (!symbol.ok) return this.#line.end('retryable', symbol.failure.detail)
    this.#symbol = symbol.value
    subscribeInBatches(this.#line, [`${symbol.value.toLowerCase()}@depth@100ms`], { confirmed: () => void this.#fetch(), refused: (error) => this.refused(error) })
  }

  #heal(): void {
    this.#parts.settings.log.warn('venue.bookGap', { instrument: this.#instrument })
    this.#tell(this.#book)
    if (!this.#healing) void this.#fetch()
  }

  async #fetch(): Promise<void> {
    const { settings, reads } = this.#parts
    if (!this.#line.isOpen) return
    this.#healing = true
    this.#attempts += 1
    const read = await reads.read('depth', { path: '/depth', params: [['symbol', this.#symbol], ['limit', snapshotLevels]], weight: snapshotWeight, access: 'public' })
    if (!this.#line.isOpen) return
    const snapshot = read.ok ? snapshotOf(read.value) : undefined
    if (snapshot !== undefined && this.#book.begin(snapshot)) return this.#healed()
    if (this.#attempts >= mostAttempts) return this.#line.end('retryable', `${mostAttempts} snapshots in a row did not heal the book`)
    settings.clock.after(apartMs, () => void this.#fetch())
  }

  #healed(): void {
    this.#healing = false
    this.#attempts = 0
    this.#line.subscribed()
    this.#tell(this.#book)
  }
}
