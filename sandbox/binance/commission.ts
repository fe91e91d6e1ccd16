import { dec } from './decimals.ts'
import type { Venue } from './venue.ts'

interface Rates {
  readonly maker: string
  readonly taker: string
  readonly buyer: string
  readonly seller: string
}

/** What the account pays, as `GET /account/commission` shows it but for the symbol (binance-spot.md 5.4, 11). */
export function commissionOf(venue: Venue): { standardCommission: Rates; specialCommission: Rates; taxCommission: Rates; discount: Record<string, unknown> } {
  const none = { maker: dec(0n), taker: dec(0n), buyer: dec(0n), seller: dec(0n) }
  const { maker, taker } = venue.exchange.rates
  return {
    standardCommission: { ...none, maker: dec(maker), taker: dec(taker) },
    specialCommission: none,
    taxCommission: none,
    // What is left of the fee, as in the venue's own worked example (binance-spot.md 11).
    discount: { enabledForAccount: venue.settings.bnbFees, enabledForSymbol: true, discountAsset: 'BNB', discount: '0.75000000' },
  }
}
