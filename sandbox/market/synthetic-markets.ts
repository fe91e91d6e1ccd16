import { hash32, seededRandom } from '../../src/simulated-market/random.ts'
import { busyMarket, syntheticMarket } from '../../src/simulated-market/synthetic-market.ts'
import type { MarketSource } from '../../src/simulated-market/market-event.ts'
import { amount } from '../exchange/amounts.ts'
import { Market } from '../exchange/market.ts'
import type { Product } from '../exchange/products.ts'

/** Opening prices of the synthetic markets by the product a recording would name, and how lively each is beside BTC-USD. Mean sizes in base units. */
const OPENINGS = [
  { id: 'BTC-USD', price: '61700', pace: 1, meanTrade: '0.02', meanQuote: '1.5', spacing: 100 },
  { id: 'ETH-USD', price: '2500', pace: 0.4, meanTrade: '0.4', meanQuote: '30', spacing: 10 },
  { id: 'SOL-USD', price: '150', pace: 0.2, meanTrade: '4', meanQuote: '300', spacing: 1 },
  { id: 'LTC-USD', price: '65', pace: 0.05, meanTrade: '5', meanQuote: '200', spacing: 1 },
  { id: 'XRP-USD', price: '0.55', pace: 0.05, meanTrade: '500', meanQuote: '20000', spacing: 1 },
  { id: 'BNB-USDT', price: '600', pace: 0.2, meanTrade: '1', meanQuote: '50', spacing: 5 },
] as const

const DEPTH_LEVELS = 50
const HISTORY_MINUTES = 1500

/** A market and where its movement comes from. */
export interface DrivenMarket {
  readonly market: Market
  readonly source: MarketSource
}

/** What a venue's markets are made of. `firstTicks`: where prices begin, by market; the opening without it. */
export interface MarketsSpec {
  readonly listing: ReadonlyMap<string, Product>
  readonly seed: string
  readonly nowMs: number
  readonly firstTicks: Readonly<Record<string, number>>
}

/** Every book of the listing with its synthetic movement for `seed`, the same at every venue, and an invented past of candles that ends at its first price. */
export function syntheticMarkets({ listing, seed, nowMs, firstTicks }: MarketsSpec): DrivenMarket[] {
  const books = [...listing.values()].filter(({ id, market }) => id === market)
  return OPENINGS.flatMap((opening) => {
    const product = books.find(({ recordedAs }) => recordedAs === opening.id)
    if (!product) return []
    const random = seededRandom(`${seed}/${opening.id}`)
    const step = product.baseIncrement
    const openTicks = Number(amount(opening.price) / product.priceIncrement)
    const sizes = { meanTrade: amount(opening.meanTrade), meanQuote: amount(opening.meanQuote), step }
    const pace = { quotesPerSecond: busyMarket.quotesPerSecond * opening.pace, tradesPerSecond: busyMarket.tradesPerSecond * opening.pace }
    // Later than any id of an earlier life of the same sandbox, so that a client never sees the tape's ids go back.
    const market = new Market(product.id, { spacing: opening.spacing, meanSize: sizes.meanQuote, step, levels: DEPTH_LEVELS }, Math.floor(nowMs / 1000) * 1000)
    inventPast(market, firstTicks[product.id] ?? openTicks, `${seed}/${opening.id}/past`, nowMs)
    return [{ market, source: syntheticMarket({ ...busyMarket, ...pace, ...sizes, openTicks }, random) }]
  })
}

function inventPast(market: Market, openTicks: number, stream: string, nowMs: number): void {
  const random = seededRandom(stream)
  const closes = [openTicks]
  for (let minute = 1; minute < HISTORY_MINUTES; minute += 1) closes.push(Math.max(1, Math.round((closes.at(-1) ?? openTicks) * (1 + 0.0004 * random.normal()))))
  const firstStart = (Math.floor(nowMs / 60_000) - HISTORY_MINUTES) * 60
  let open = closes.at(-1) ?? openTicks
  for (const [index, close] of closes.toReversed().entries()) {
    const reach = Math.round(open * 0.0002 * random.uniform())
    const high = Math.max(open, close) + reach
    const low = Math.max(1, Math.min(open, close) - reach)
    const draw = hash32(`${market.id}${index}`)
    const volume = BigInt(1 + (draw % 5000)) * 10n ** 15n
    const turnover = volume * BigInt(close)
    market.candles.put({ start: firstStart + index * 60, open, high, low, close, volume, turnover, trades: 1 + (draw % 200), takerBuyVolume: volume / 2n, takerBuyTurnover: turnover / 2n })
    open = close
  }
}
