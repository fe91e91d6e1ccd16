import type { Level } from '../../src/simulated-market/depth.ts'
import { takeLiquidity, type Taken } from '../../src/simulated-market/liquidity.ts'
import { divide, multiply, ONE, smaller } from './amounts.ts'
import { holdFor, type FeeRates } from './fees.ts'
import type { OrderTerms } from './order.ts'
import { priceAtoms, type Product } from './products.ts'

/** Why an order is not taken; the dialects spell these their own way. */
export type Refusal =
  | 'unknownProduct'
  | 'closed'
  | 'limitOnly'
  | 'sizePrecision'
  | 'quotePrecision'
  | 'baseTooSmall'
  | 'baseTooLarge'
  | 'quoteTooSmall'
  | 'quoteTooLarge'
  | 'wouldCross'
  | 'endInPast'
  | 'noLiquidity'
  | 'cannotFillWhole'
  | 'insufficientFunds'
  | 'tooManyOrders'

/** An order that may be admitted: what it takes at once and what it locks. */
export interface Admission {
  readonly hold: bigint
  readonly taken: readonly Taken[]
  /** Nothing is left to trade once `taken` has traded. */
  readonly whole: boolean
}

/** Rules about the terms alone: product flags, steps, bounds. */
export function refuseTerms(terms: OrderTerms, product: Product, nowMs: number): Refusal | undefined {
  if (product.cancelOnly) return 'closed'
  if (product.limitOnly && terms.limitTicks === undefined) return 'limitOnly'
  if (terms.endAtMs !== undefined && terms.endAtMs <= nowMs) return 'endInPast'
  return refuseSize(terms, product)
}

function refuseSize(terms: OrderTerms, product: Product): Refusal | undefined {
  const { quantity, quoteSize } = terms
  if (quantity !== undefined) {
    if (quantity % product.baseIncrement !== 0n) return 'sizePrecision'
    if (quantity < product.baseMinSize) return 'baseTooSmall'
    if (quantity > product.baseMaxSize) return 'baseTooLarge'
    return undefined
  }
  if (quoteSize === undefined || quoteSize < product.quoteMinSize) return 'quoteTooSmall'
  if (quoteSize % product.priceIncrement !== 0n) return 'quotePrecision'
  return quoteSize > product.quoteMaxSize ? 'quoteTooLarge' : undefined
}

/** What the order would take from `offered` right away and what it must lock, or why it cannot be. Funds are the caller's question. */
export function admit(terms: OrderTerms, product: Product, offered: readonly Level[], rates: FeeRates): Admission | Refusal {
  if (offered.length === 0 && terms.limitTicks === undefined) return 'noLiquidity'
  if (terms.quoteSize !== undefined) return admitQuoteSized(terms.quoteSize, product, offered, rates)
  const quantity = terms.quantity ?? 0n
  const taken = takeLiquidity({ side: terms.side, quantity, limit: terms.limitTicks }, offered)
  if (terms.postOnly && taken.length > 0) return 'wouldCross'
  const total = taken.reduce((sum, bite) => sum + bite.quantity, 0n)
  if (terms.timeInForce === 'FOK' && total < quantity) return 'cannotFillWhole'
  const worst = terms.limitTicks ?? taken.at(-1)?.price
  if (worst === undefined) return 'noLiquidity'
  const locked = terms.limitTicks === undefined ? total : quantity
  return { taken, whole: total === quantity, hold: holdFor(terms, product, { quantity: locked, ticks: worst }, rates) }
}

/** A buy that spends `quoteSize` with the fee inside it: each bite's value x (1 + taker rate) comes out of it (coinbase-advanced-trade.md 5.8). */
function admitQuoteSized(quoteSize: bigint, product: Product, offered: readonly Level[], rates: FeeRates): Admission | Refusal {
  let left = divide(quoteSize, ONE + rates.taker, 16)
  const taken: Taken[] = []
  let whole = false
  for (const level of offered) {
    const price = priceAtoms(product, level.price)
    const wanted = divide(left, price, 16)
    const quantity = smaller(level.size, wanted)
    whole = quantity === wanted
    if (quantity === 0n) break
    taken.push({ price: level.price, quantity })
    left -= multiply(quantity, price)
  }
  return taken.length === 0 ? 'noLiquidity' : { taken, whole, hold: quoteSize }
}
