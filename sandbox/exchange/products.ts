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
}

interface Listing {
  readonly id: string
  readonly market?: string
  readonly baseIncrement?: string
  readonly priceIncrement?: string
  readonly limitOnly?: boolean
  readonly cancelOnly?: boolean
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

/** Every product the sandbox lists. */
export const products: ReadonlyMap<string, Product> = new Map(LISTINGS.map((listing) => [listing.id, product(listing)]))

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
    baseMaxSize: amount('3400000'),
    quoteMinSize: amount('1'),
    quoteMaxSize: amount('150000000'),
    limitOnly: listing.limitOnly ?? false,
    cancelOnly: listing.cancelOnly ?? false,
  }
}

/** A price in ticks as atoms of the quote asset. */
export function priceAtoms(item: Product, ticks: number): bigint {
  return BigInt(ticks) * item.priceIncrement
}
