/** Quotes from `ticker`, or from `ticker_batch`, which speaks every five seconds (coinbase-advanced-trade.md 9.4). */
import type { Quote } from '../../domain/quote.ts'
import { parseTimestamp } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { MarketStreamListener } from '../../ports/venue.ts'
import { readTickers } from './frames.ts'
import type { MarketChannel } from './market-channels.ts'
import type { ChannelFrame } from './socket.ts'

interface TickerChannelParts {
  readonly name: 'ticker' | 'ticker_batch'
  readonly targets: ReadonlyMap<string, readonly string[]>
  readonly wanted: readonly string[]
  readonly listener: MarketStreamListener
  readonly clock: Clock
}

export class TickerChannel implements MarketChannel {
  readonly #parts: TickerChannelParts
  /** Instruments without a quote so far. */
  readonly #missing: Set<string>

  constructor(parts: TickerChannelParts) {
    this.#parts = parts
    this.#missing = new Set(parts.wanted)
  }

  get name(): string {
    return this.#parts.name
  }

  get label(): string {
    return this.#parts.name
  }

  /** True when every instrument has delivered. */
  get hasDelivered(): boolean {
    return this.#missing.size === 0
  }

  take({ events, timestamp }: ChannelFrame, isOpen: () => boolean): void {
    const { targets, clock } = this.#parts
    const receivedAt = clock.now()
    const at = parseTimestamp(timestamp) ?? receivedAt
    for (const event of events) {
      for (const { productId, bid, ask, bidQuantity, askQuantity } of readTickers(event)) {
        for (const instrument of targets.get(productId) ?? []) if (isOpen()) this.#tell({ instrument, bid, ask, bidQuantity, askQuantity, at, receivedAt, source: 'stream' })
      }
    }
  }

  #tell(quote: Quote): void {
    this.#missing.delete(quote.instrument)
    this.#parts.listener.quote(quote)
  }
}
