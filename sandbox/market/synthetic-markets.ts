import { hash32, seededRandom } from '../../src/simulated-market/random.ts'
import { busyMarket, syntheticMarket } from '../../src/simulated-market/synthetic-market.ts'
import type { MarketSource } from '../../src/simulated-market/market-event.ts'
import { amount } from '../exchange/amounts.ts'
import { Market } from '../exchange/market.ts'
import { products, type Product } from '../exchange/products.ts'

/** Opening prices of the synthetic markets and how lively each is beside BTC-USD. Mean sizes in base units. */
const OPENINGS = [
  { id: 'BTC-USD', price: '61700', pace: 1, meanTrade: '0.02', meanQuote: '1.5', spacing: 100 },
  { id: 'ETH-USD', price: '2500', pace: 0.4, meanTrade: '0.4', meanQuote: '30', spacing: 10 },
  { id: 'SOL-USD', price: '150', pace: 0.2, meanTrade: '4', meanQuote: '300', spacing: 1 },
  { id: 'LTC-USD', price: '65', pace: 0.05, meanTrade: '5', meanQuote: '200', spacing: 1 },
  { id: 'XRP-USD', price: '0.55', pace: 0.05, meanTrade: '500', meanQuote: '20000', spacing: 1 },
] as const

const DEPTH_LEVELS = 50
const HISTORY_MINUTES = 1500

/** A market and where its movement comes from. */
export interface DrivenMarket {
  readonly market: Market
  readonly source: MarketSource
}

/** Every listed book with its synthetic movement for `seed`, and an invented past of candles that ends at its first price: `firstTicks`, or the opening. */
export function syntheticMarkets(seed: string, nowMs: number, firstTicks: Readonly<Record<string, number>> = {}): DrivenMarket[] {
  return OPENINGS.map((opening) => {
    const product = listed(opening.id)
    const random = seededRandom(`${seed}/${opening.id}`)
    const step = product.baseIncrement
    const openTicks = Number(amount(opening.price) / product.priceIncrement)
    const sizes = { meanTrade: amount(opening.meanTrade), meanQuote: amount(opening.meanQuote), step }
    const pace = { quotesPerSecond: busyMarket.quotesPerSecond * opening.pace, tradesPerSecond: busyMarket.tradesPerSecond * opening.pace }
    // Later than any id of an earlier life of the same sandbox, so that a client never sees the tape's ids go back.
    const market = new Market(opening.id, { spacing: opening.spacing, meanSize: sizes.meanQuote, step, levels: DEPTH_LEVELS }, Math.floor(nowMs / 1000) * 1000)
    inventPast(market, firstTicks[opening.id] ?? openTicks, seed, nowMs)
    return { market, source: syntheticMarket({ ...busyMarket, ...pace, ...sizes, openTicks }, random) }
  })
}

function listed(id: string): Product {
  const product = products.get(id)
  if (!product) throw new Error(`product ${id} is not listed`)
  return product
}

function inventPast(market: Market, openTicks: number, seed: string, nowMs: number): void {
  const random = seededRandom(`${seed}/${market.id}/past`)
  const closes = [openTicks]
  for (let minute = 1; minute < HISTORY_MINUTES; minute += 1) closes.push(Math.max(1, Math.round((closes.at(-1) ?? openTicks) * (1 + 0.0004 * random.normal()))))
  const firstStart = (Math.floor(nowMs / 60_000) - HISTORY_MINUTES) * 60
  let open = closes.at(-1) ?? openTicks
  for (const [index, close] of closes.toReversed().entries()) {
    const reach = Math.round(open * 0.0002 * random.uniform())
    const high = Math.max(open, close) + reach
    const low = Math.max(1, Math.min(open, close) - reach)
    const volume = BigInt(1 + (hash32(`${market.id}${index}`) % 5000)) * 10n ** 15n
    market.candles.put({ start: firstStart + index * 60, open, high, low, close, volume })
    open = close
  }
}
