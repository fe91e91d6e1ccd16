/** The market's own movement: a seeded path for each book, played by the virtual clock, that can be led somewhere. */
import { pushable, type PushableMarket } from '../../src/simulated-market/price-push.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import { syntheticMarket } from '../../src/simulated-market/synthetic-market.ts'
import { amount } from '../../sandbox/exchange/amounts.ts'
import type { Exchange } from '../../sandbox/exchange/exchange.ts'
import { Market } from '../../sandbox/exchange/market.ts'
import { products } from '../../sandbox/exchange/products.ts'

/** A market and how it moves. Volatilities in basis points per square root of a second. */
export interface MarketTraits {
  readonly product: string
  readonly open: string
  /** Mean sizes in base units. */
  readonly meanTrade: string
  readonly meanQuote: string
  readonly quotesPerSecond: number
  readonly tradesPerSecond: number
  readonly swingBps: number
  readonly driftBps: number
}

interface Lane {
  readonly id: string
  readonly source: PushableMarket
  next: MarketEvent | undefined
}

const swingSeconds = 4
/** How often a resting market repeats its quotes. */
const restMs = 1_000
const firstTradeId = 1_000
/** Levels of a book behind its best: few, since the desk rests its orders and never walks a book. */
const levels = 3
const spacingTicks = 100

export class MarketPath {
  readonly markets: ReadonlyMap<string, Market>
  readonly #lanes: readonly Lane[]
  #isResting = false
  #repeatedAt = 0

  constructor(traits: readonly MarketTraits[], seed: string) {
    const made = traits.map((trait) => laneOf(trait, seed))
    this.markets = new Map(made.map(({ market }) => [market.id, market]))
    this.#lanes = made.map(({ lane }) => lane)
  }

  /** From now on prices stand still: the same quotes again and again, so that feeds stay alive and nothing is traded. */
  rest(): void {
    this.#isResting = true
  }

  /** Plays everything up to that moment of market time. */
  play(exchange: Exchange, nowMs: number): void {
    if (this.#isResting) return this.#repeat(exchange, nowMs)
    for (const lane of this.#lanes) {
      for (lane.next ??= lane.source.next(); lane.next !== undefined && lane.next.atMs <= nowMs; lane.next = lane.source.next()) exchange.onMarket(lane.id, lane.next)
    }
  }

  #repeat(exchange: Exchange, nowMs: number): void {
    if (nowMs - this.#repeatedAt < restMs) return
    this.#repeatedAt = nowMs
    for (const [id, { quote }] of this.markets) if (quote !== undefined) exchange.onMarket(id, { kind: 'quote', atMs: nowMs, quote })
  }

  /** Leads a market's price by that share of itself (0.01 is one per cent up), evenly over the time. */
  push(index: number, share: number, overMs: number): void {
    const lane = this.#lanes[index % this.#lanes.length]
    const last = lane === undefined ? undefined : this.markets.get(lane.id)?.lastTicks
    if (last !== undefined) lane?.source.push(Math.max(1, Math.round(last * (1 + share))), overMs)
  }
}

const laneOf = (trait: MarketTraits, seed: string): { readonly market: Market; readonly lane: Lane } => {
  const product = products.get(trait.product)
  if (product === undefined) throw new Error(`${trait.product} is not listed`)
  const step = product.baseIncrement
  const meanTrade = amount(trait.meanTrade)
  const meanQuote = amount(trait.meanQuote)
  const openTicks = Number(amount(trait.open) / product.priceIncrement)
  const { quotesPerSecond, tradesPerSecond, swingBps, driftBps } = trait
  const path = syntheticMarket({ openTicks, quotesPerSecond, tradesPerSecond, swingBps, swingSeconds, driftBps, meanTrade, meanQuote, step }, seededRandom(`${seed}/market/${product.id}`))
  return {
    market: new Market(product.id, { spacing: spacingTicks, meanSize: meanQuote, step, levels }, firstTradeId),
    lane: { id: product.id, source: pushable(path), next: undefined },
  }
}
