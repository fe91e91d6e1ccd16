/** Instruments, prices and time by REST (coinbase-advanced-trade.md 5.1, 5.3, 5.4). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Quote } from '../../domain/quote.ts'
import type { Millis } from '../../domain/time.ts'
import type { MarketReads } from '../../ports/venue.ts'
import type { Aliases } from './aliases.ts'
import type { Settings } from './options.ts'
import type { Rest } from './rest.ts'
import { instrumentOf, isSpot, quoteOf } from './to-domain.ts'
import { readTime } from './time.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import { readBook, readProduct } from './wire.ts'

/** Ids in one URL: short enough for any proxy. */
const idsPerRequest = 100

export interface MarketReadParts {
  readonly rest: Rest
  readonly venueClock: VenueClock
  readonly aliases: Aliases
  readonly settings: Settings
}

export class CoinbaseMarketReads implements MarketReads {
  readonly #parts: MarketReadParts

  constructor(parts: MarketReadParts) {
    this.#parts = parts
  }

  /** With a key the list also tells what this account may only look at (5.3). Unreadable products are left out. */
  async instruments(): Promise<Result<readonly Instrument[]>> {
    const { rest, aliases, settings } = this.#parts
    const call = rest.hasKey ? ({ path: '/products', query: [['get_tradability_status', 'true']], lane: 'data' } as const) : ({ path: '/market/products', access: 'public' } as const)
    const read = await rest.read('products', call)
    if (!read.ok) return read
    const products = read.value.products.flatMap((row) => readProduct(row) ?? []).filter((row) => isSpot(row))
    const instruments = products.flatMap((row) => instrumentOf(row) ?? [])
    if (instruments.length === 0) return failed({ kind: 'malformed', detail: 'the product list has no readable spot product' })
    aliases.learn(products)
    settings.log.debug('venue.instruments', { listed: read.value.products.length, readable: instruments.length })
    return ok(instruments)
  }

  async quotes(instruments: readonly string[]): Promise<Result<readonly Quote[]>> {
    const targets = this.#parts.aliases.targets(instruments)
    const books = await this.#books(instruments)
    if (!books.ok) return books
    const receivedAt = this.#parts.settings.clock.now()
    const quotes = books.value
      .flatMap((row) => readBook(row) ?? [])
      .flatMap((book) => (targets.get(book.product_id) ?? []).flatMap((instrument) => quoteOf(book, instrument, receivedAt) ?? []))
    return ok([...new Map(quotes.map((quote) => [quote.instrument, quote])).values()])
  }

  /** Also dates the tokens from now on. */
  clockOffset(): Promise<Result<Millis>> {
    const { rest, venueClock } = this.#parts
    return venueClock.measure(() => readTime(rest))
  }

  async #books(instruments: readonly string[]): Promise<Result<readonly unknown[]>> {
    const books: unknown[] = []
    const step = this.#parts.rest.hasKey ? idsPerRequest : 1
    for (let start = 0; start < instruments.length; start += step) {
      const read = await (step === 1 ? this.#publicBook(instruments[start] ?? '') : this.#bestBidAsk(instruments.slice(start, start + step)))
      if (!read.ok) return read
      books.push(...read.value)
    }
    return ok(books)
  }

  async #bestBidAsk(instruments: readonly string[]): Promise<Result<readonly unknown[]>> {
    const query = instruments.map((id) => ['product_ids', id] as const)
    const read = await this.#parts.rest.read('books', { path: '/best_bid_ask', query, lane: 'data' })
    return read.ok ? ok(read.value.pricebooks) : read
  }

  /** The top of many books has no public twin (4). */
  async #publicBook(instrument: string): Promise<Result<readonly unknown[]>> {
    const query = [['product_id', instrument], ['limit', '1']] as const
    const read = await this.#parts.rest.read('book', { path: '/market/product_book', query, access: 'public' })
    return read.ok ? ok([read.value.pricebook]) : read
  }
}
