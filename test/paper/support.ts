/** A market moved by hand, and a paper venue on it. */
import { MemoryPaperLedger, PaperStore } from '../../src/adapters/memory/memory-paper-ledger.ts'
import { paperVenue, type PaperOptions, type RealMarket } from '../../src/adapters/paper/index.ts'
import type { Approved } from '../../src/domain/approved.ts'
import { money, price, quantity, rate } from '../../src/domain/decimal.ts'
import { failed, ok, type Result, type SendOutcome } from '../../src/domain/failure.ts'
import type { Instrument } from '../../src/domain/instrument.ts'
import type { Book, Level, PublicTrade } from '../../src/domain/market-data.ts'
import type { Fill, OrderReport, OrderRequest, Side } from '../../src/domain/order.ts'
import type { FullVenue, MarketStreamListener, Stream } from '../../src/ports/venue.ts'
import { ManualClock, recordingLog, settle } from '../support/clock.ts'

export const btc: Instrument = {
  id: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  tick: price('0.01'),
  step: quantity('0.0001'),
  minQuantity: quantity('0.0001'),
  maxQuantity: quantity('100'),
  minNotional: money('1'),
  status: 'online',
}

/** `100.00 x 2` as `['100', '2']`. */
export type Rung = readonly [price: string, quantity: string]

const levels = (rungs: readonly Rung[]): readonly Level[] => rungs.map(([at, of]) => ({ price: price(at), quantity: quantity(of) }))

export const silent: MarketStreamListener = { opened: () => undefined, subscribed: () => undefined, received: () => undefined, gap: () => undefined, ended: () => undefined, quote: () => undefined }

/** The real venue's part: a book, a tape and a clock that the test moves. */
export class HandMarket implements RealMarket {
  readonly capabilities = { venue: 'hand' }
  readonly clock: ManualClock
  instrument: Instrument = btc
  shown: Result<Book>
  looks = 0
  closed = 0
  #trades = 0
  readonly #listeners = new Set<MarketStreamListener>()
  readonly marketFeed = {
    open: (_instruments: readonly string[], listener: MarketStreamListener) => {
      this.#listeners.add(listener)
      this.clock.soon(() => {
        if (!this.#listeners.has(listener)) return
        listener.opened()
        listener.subscribed()
      })
      return { close: () => void this.#listeners.delete(listener) }
    },
  }

  constructor(clock: ManualClock) {
    this.clock = clock
    this.shown = ok({ instrument: btc.id, bids: [], asks: [], at: clock.now() })
  }

  budgets(): readonly [] {
    return []
  }

  now(): number {
    return this.clock.now()
  }

  get listeners(): number {
    return this.#listeners.size
  }

  /** What the book shows from now on; nobody is told. */
  show(bids: readonly Rung[], asks: readonly Rung[]): void {
    this.shown = ok({ instrument: btc.id, bids: levels(bids), asks: levels(asks), at: this.now() })
  }

  /** The stream tells a quote. */
  quote(bid: string, ask: string, at = this.now()): void {
    for (const listener of this.#listeners) {
      listener.received()
      listener.quote({ instrument: btc.id, bid: price(bid), ask: price(ask), at, receivedAt: this.now(), source: 'stream' })
    }
  }

  /** The stream tells a trade, in which `taker` came to the book. */
  trade(taker: Side, at: string, of: string, over: Partial<PublicTrade> = {}): void {
    const trade: PublicTrade = { tradeId: String(++this.#trades), instrument: btc.id, price: price(at), quantity: quantity(of), taker, at: this.now(), ...over }
    for (const listener of this.#listeners) listener.trade?.(trade)
  }

  async book(): Promise<Result<Book>> {
    this.looks++
    return this.shown
  }

  async instruments(): Promise<Result<readonly Instrument[]>> {
    return ok([this.instrument])
  }

  async quotes(): ReturnType<RealMarket['quotes']> {
    return this.shown.ok ? ok([{ instrument: btc.id, bid: this.shown.value.bids[0]!.price, ask: this.shown.value.asks[0]!.price, at: this.now(), receivedAt: this.now(), source: 'rest' }]) : failed(this.shown.failure)
  }

  async clockOffset(): Promise<Result<number>> {
    return ok(0)
  }

  async trades(): ReturnType<RealMarket['trades']> {
    return ok([])
  }

  async candles(): ReturnType<RealMarket['candles']> {
    return ok([])
  }

  close(): void {
    this.closed++
  }
}

export const latencyMs = 100

export interface Scene {
  readonly market: HandMarket
  readonly clock: ManualClock
  readonly store: PaperStore
  readonly ledger: MemoryPaperLedger
  readonly venue: FullVenue
  /** The stream by which the venue hears its market. */
  readonly hearing: Stream
  readonly log: ReturnType<typeof recordingLog>
  /** Another process on the same store and market. */
  readonly another: (over?: Partial<PaperOptions>) => Scene
  /** The venue's answer to a create, once it has arrived. */
  readonly send: (request: OrderRequest) => Promise<SendOutcome>
  /** The id of an order that must be accepted. */
  readonly place: (request: OrderRequest) => Promise<string>
  /** Runs something that takes the way to the venue. */
  readonly arrives: <T>(answer: Promise<T>) => Promise<T>
  readonly report: (venueOrderId: string) => Promise<OrderReport>
  readonly fills: (venueOrderId: string) => Promise<readonly Fill[]>
  /** `free/held` of an asset. */
  readonly balance: (asset: string) => Promise<string>
}

let orders = 0
export const request = (over: { side?: Side; price?: string; quantity?: string; postOnly?: boolean; clientOrderId?: string; instrument?: string } = {}): OrderRequest => ({
  clientOrderId: over.clientOrderId ?? `c${++orders}`,
  instrument: over.instrument ?? btc.id,
  side: over.side ?? 'buy',
  price: price(over.price ?? '99.99'),
  quantity: quantity(over.quantity ?? '1'),
  postOnly: over.postOnly ?? true,
})

export const got = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

const sceneOn = (market: HandMarket, store: PaperStore, over: Partial<PaperOptions>): Scene => {
  const { clock } = market
  const log = recordingLog()
  const ledger = new MemoryPaperLedger(store)
  const venue = paperVenue({
    market,
    ledger,
    clock,
    random: { fraction: () => 0.5, below: () => 0 },
    log,
    opening: { USD: money('10000'), BTC: money('10') },
    fees: { maker: rate('0.001'), taker: rate('0.002'), feeIn: 'quote' },
    latency: { baseMs: latencyMs, jitterMs: 0 },
    participation: rate('0.5'),
    ...over,
  })
  const hearing = venue.marketFeed.open([btc.id], silent)
  const arrives = async <T>(answer: Promise<T>): Promise<T> => {
    await clock.advance(latencyMs)
    return answer
  }
  const send = (wish: OrderRequest): Promise<SendOutcome> => arrives(venue.create({ request: wish as Approved<OrderRequest>, claimedAt: venue.now() }))
  return {
    market,
    clock,
    store,
    ledger,
    venue,
    hearing,
    log,
    another: (changes = {}) => sceneOn(market, store, { ...over, ...changes }),
    send,
    place: async (wish) => {
      const outcome = await send(wish)
      if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome))
      return outcome.venueOrderId
    },
    arrives,
    report: async (id) => got(await venue.order(id))!,
    fills: async (id) => got(await venue.fillsOf(id)),
    balance: async (asset) => {
      const { free, held } = got(await venue.balances()).find((one) => one.asset === asset)!
      return `${free}/${held}`
    },
  }
}

/** A paper venue on a market that shows 99.99 x 4 and 100.01 x 4, three levels deep. */
export const scene = (over: Partial<PaperOptions> = {}): Scene => {
  const market = new HandMarket(new ManualClock())
  market.show([['99.99', '4'], ['99.98', '4'], ['99.97', '4']], [['100.01', '4'], ['100.02', '4'], ['100.03', '4']])
  return sceneOn(market, new PaperStore(), over)
}

/** Lets the venue take what it was told. */
export const heard = settle
