/** Best prices, polled. */
import type { Result } from '../../domain/failure.ts'
import type { Quote } from '../../domain/quote.ts'
import type { MarketFeed, MarketStreamListener, Stream } from '../../ports/venue.ts'
import type { Settings } from './options.ts'
import { PollingStream } from './polling-stream.ts'

export class CcxtMarketFeed implements MarketFeed {
  readonly #settings: Settings
  readonly #quotes: (instruments: readonly string[]) => Promise<Result<readonly Quote[]>>

  constructor(settings: Settings, quotes: (instruments: readonly string[]) => Promise<Result<readonly Quote[]>>) {
    this.#settings = settings
    this.#quotes = quotes
  }

  /** The public tape is not polled, whether or not the listener has an ear for it: between two polls it could be longer than a page. */
  open(instruments: readonly string[], listener: MarketStreamListener): Stream {
    const { clock, pollMs } = this.#settings
    const missing = new Set(instruments)
    return new PollingStream({
      clock,
      pollMs,
      listener,
      ask: () => this.#quotes(instruments),
      tell: (quotes, isOpen) => {
        for (const quote of quotes) {
          if (!isOpen()) return false
          missing.delete(quote.instrument)
          listener.quote(quote)
        }
        return missing.size === 0
      },
    })
  }
}
