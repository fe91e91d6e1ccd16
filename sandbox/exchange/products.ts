import { amount } from './amounts.ts'

/** One tradable pair. Amounts in atoms (`amounts.ts`). */
export interface Product {
  readonly id: string
  readonly base: string
  readonly quote: string
  /** The market whose book it trades on; another product's id for an alias (coinbase-advanced-trade.md 5.3, unified books). */
  readonly market: string
  readonly baseIncrement: bigint
  readonly priceIncrement: bigint
  readonly baseMinSize: bigint
  readonly baseMaxSize: bigint
  readonly quoteMinSize: bigint
  readonly quoteMaxSize: bigint
  readonly limitOnly: boolean
  readonly cancelOnly: boolean
  /** The product of a recording that moves this one's market. */
  readonly recordedAs: string
}

interface Listing {
  readonly id: string
  readonly market?: string
  readonly baseIncrement?: string
  readonly priceIncrement?: string
  readonly limitOnly?: boolean
  readonly cancelOnly?: boolean
  readonly baseMaxSize?: string
  readonly quoteMinSize?: string
  readonly quoteMaxSize?: string
  readonly recordedAs?: string
}

/** BTC-USD's figures are those of September 2026 (coinbase-advanced-trade.md 5.3); the others borrow them. */
const LISTINGS: readonly Listing[] = [
  { id: 'BTC-USD' },
  { id: 'BTC-USDC', market: 'BTC-USD' },
  { id: 'ETH-USD' },
  { id: 'SOL-USD' },
  { id: 'LTC-USD', limitOnly: true },
  { id: 'XRP-USD', cancelOnly: true, baseIncrement: '0.000001', priceIncrement: '0.0001' },
]

/** Figures of BTCUSDT as binance-spot.md 7.2 has them, the others in their manner: minimum and step are one, `quote*` bound the notional. */
const BINANCE_LISTINGS: readonly Listing[] = [
  { id: 'BTC-USDT', recordedAs: 'BTC-USD', baseIncrement: '0.00001', baseMaxSize: '9000' },
  { id: 'ETH-USDT', recordedAs: 'ETH-USD', baseIncrement: '0.0001', baseMaxSize: '9000' },
  { id: 'SOL-USDT', recordedAs: 'SOL-USD', baseIncrement: '0.001', baseMaxSize: '90000' },
  { id: 'BNB-USDT', baseIncrement: '0.001', baseMaxSize: '900000' },
].map((listing) => ({ ...listing, quoteMinSize: '5', quoteMaxSize: '9000000' }))

/** Every product of the Coinbase dialect. */
export const products: ReadonlyMap<string, Product> = tableOf(LISTINGS)

/** Every product of the Binance dialect. */
export const binanceProducts: ReadonlyMap<string, Product> = tableOf(BINANCE_LISTINGS)

/** A product of any venue; their ids never collide. */
export function productNamed(id: string): Product | undefined {
  return products.get(id) ?? binanceProducts.get(id)
}

function tableOf(listings: readonly Listing[]): ReadonlyMap<string, Product> {
  return new Map(listings.map((listing) => [listing.id, product(listing)]))
}

function product(listing: Listing): Product {
  const [base = '', quote = ''] = listing.id.split('-')
  const baseIncrement = amount(listing.baseIncrement ?? '0.00000001')
  return {
    id: listing.id,
    base,
    quote,
    market: listing.market ?? listing.id,
    baseIncrement,
    priceIncrement: amount(listing.priceIncrement ?? '0.01'),
    baseMinSize: baseIncrement,
    baseMaxSize: amount(listing.baseMaxSize ?? '3400000'),
    quoteMinSize: amount(listing.quoteMinSize ?? '1'),
    quoteMaxSize: amount(listing.quoteMaxSize ?? '150000000'),
    limitOnly: listing.limitOnly ?? false,
    cancelOnly: listing.cancelOnly ?? false,
    recordedAs: listing.recordedAs ?? listing.id,
  }
}

/** A price in ticks as atoms of the quote asset. */
export function priceAtoms(item: Product, ticks: number): bigint {
  return BigInt(ticks) * item.priceIncrement
}
