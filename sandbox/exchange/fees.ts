import { amount, multiply, multiplyUp } from './amounts.ts'
import { priceAtoms, type Product } from './products.ts'
import type { OrderTerms } from './order.ts'

/** Fee rates as fractions in atoms: 5 bps is 0.0005. Charged on the quote value, in quote, uncut (coinbase-advanced-trade.md 10). */
export interface FeeRates {
  readonly maker: bigint
  readonly taker: bigint
}

/** A rate given in basis points as decimal text, as a fraction in atoms. Throws on anything but a decimal. */
export function rateFromBps(bps: string): bigint {
  return amount(bps) / 10_000n
}

export function feeOn(value: bigint, liquidity: 'MAKER' | 'TAKER', rates: FeeRates): bigint {
  return multiply(value, liquidity === 'MAKER' ? rates.maker : rates.taker)
}

/**
 * What an order must lock for `quantity` base atoms: base for a sell; for a buy the value at `ticks` with the dearer of the two fee rates as allowance,
 * so that no execution at that price or better can cost more (coinbase-advanced-trade.md 5.12, outstanding_hold_amount).
 */
export function holdFor(terms: Pick<OrderTerms, 'side'>, product: Product, worst: { quantity: bigint; ticks: number }, rates: FeeRates): bigint {
  if (terms.side === 'SELL') return worst.quantity
  const value = multiplyUp(worst.quantity, priceAtoms(product, worst.ticks))
  const rate = rates.maker > rates.taker ? rates.maker : rates.taker
  return value + multiplyUp(value, rate)
}
