import type { Level } from '../../src/simulated-market/depth.ts'
import { takeLiquidity, type Taken } from '../../src/simulated-market/liquidity.ts'
import type { Admission, Refusal } from '../exchange/admission.ts'
import { divide, multiply, multiplyUp, ONE } from '../exchange/amounts.ts'
import type { FeeRates } from '../exchange/fees.ts'
import type { Ledger } from '../exchange/ledger.ts'
import type { Market } from '../exchange/market.ts'
import { isLive, type Order, type OrderTerms } from '../exchange/order.ts'
import { binanceProducts, priceAtoms, type Product } from '../exchange/products.ts'
import type { Charge, Chargeable, VenueRules } from '../exchange/venue-rules.ts'
import { numbersOf } from './numbers.ts'

export interface BinanceRulesParts {
  readonly ledger: Ledger
  readonly markets: ReadonlyMap<string, Market>
  /** Fees are taken in BNB while the balance lasts. */
  readonly bnbFees: boolean
  /** When a client order id may be used again (binance-spot.md 8 leaves it open). */
  readonly idsReusableAfter: 'end' | 'fill'
}

/** What is left of a standard fee that is paid in BNB (binance-spot.md 11: 25 % off). */
const BNB_SHARE = (ONE * 3n) / 4n
const BNB_MARKET = 'BNB-USDT'
/** MAX_NUM_ORDERS of every symbol (binance-spot.md 7.2). */
export const MAX_NUM_ORDERS = 200
/** Commissions are cut to this many fraction digits, the assets' commission precision (binance-spot.md 5.2). */
const COMMISSION_DIGITS = 8

/**
 * The exchange as Binance Spot runs it.
 *
 * B1 A fee is taken from what the execution gives: base for a buy, quote for a sell; or in BNB, decided for each execution (binance-spot.md 11).
 * B2 A buy locks price x quantity and nothing more; no fee can touch what is locked.
 * B3 What cannot stay in the book ends as EXPIRED, an unfillable FOK without any execution (binance-spot.md 7.1).
 */
export function binanceRules({ ledger, markets, bnbFees, idsReusableAfter }: BinanceRulesParts): VenueRules {
  const numbers = numbersOf(ledger)
  return {
    products: binanceProducts,
    openOrdersPerProduct: MAX_NUM_ORDERS,
    spendsQuoteSize: false,
    nameOrder: (productId) => numbers.order(productId),
    nameFill: (productId) => numbers.fill(productId),
    keepsClientId: (order: Order) => isLive(order) || (idsReusableAfter === 'fill' && order.status !== 'FILLED'),
    // The dialect has held the terms against the symbol's filters before they come here.
    refuseTerms: () => undefined,
    admit,
    holdFor,
    spentBy: ({ value }) => value,
    charge: (execution, rates) => (bnbFees ? bnbCharge(execution, rates, { ledger, markets }) : undefined) ?? receivedCharge(execution, rates),
    endOfRest: (terms) => ({ status: 'EXPIRED', message: reasonOf(terms) }),
  }
}

function holdFor(side: 'BUY' | 'SELL', product: Product, { quantity, ticks }: { readonly quantity: bigint; readonly ticks: number }): bigint {
  return side === 'SELL' ? quantity : multiplyUp(quantity, priceAtoms(product, ticks))
}

function receivedCharge({ product, side, quantity, value, liquidity }: Chargeable, rates: FeeRates): Charge {
  const received = side === 'BUY' ? quantity : value
  return { fee: divide(multiply(received, rateOf(liquidity, rates)), ONE, COMMISSION_DIGITS), feeAsset: side === 'BUY' ? product.base : product.quote }
}

/** Undefined: BNB has no price yet, or the balance does not suffice. */
function bnbCharge({ value, liquidity }: Chargeable, rates: FeeRates, { ledger, markets }: Pick<BinanceRulesParts, 'ledger' | 'markets'>): Charge | undefined {
  const product = binanceProducts.get(BNB_MARKET)
  const market = markets.get(BNB_MARKET)
  if (!product || !market?.quote) return undefined
  const inQuote = multiply(multiply(value, rateOf(liquidity, rates)), BNB_SHARE)
  const fee = divide(inQuote, priceAtoms(product, market.lastTicks), COMMISSION_DIGITS)
  return ledger.accounts.of('BNB').free < fee ? undefined : { fee, feeAsset: 'BNB' }
}

function rateOf(liquidity: 'MAKER' | 'TAKER', rates: FeeRates): bigint {
  return liquidity === 'MAKER' ? rates.maker : rates.taker
}

function reasonOf(terms: OrderTerms): string {
  if (terms.limitTicks === undefined) return 'INSUFFICIENT_LIQUIDITY'
  return terms.timeInForce === 'FOK' ? 'UNFILLED_FOK_ORDER_EXPIRED' : 'UNFILLED_IOC_QUANTITY_EXPIRED'
}

function admit(terms: OrderTerms, product: Product, offered: readonly Level[]): Admission | Refusal {
  if (offered.length === 0 && terms.limitTicks === undefined) return 'noLiquidity'
  if (terms.quoteSize !== undefined) return admitQuoteSized(terms, terms.quoteSize, { product, offered })
  const quantity = terms.quantity ?? 0n
  const taken = takeLiquidity({ side: terms.side, quantity, limit: terms.limitTicks }, offered)
  if (terms.postOnly && taken.length > 0) return 'wouldCross'
  const total = taken.reduce((sum, bite) => sum + bite.quantity, 0n)
  const hold = terms.side === 'SELL' ? quantity : terms.limitTicks === undefined ? valueOf(taken, product) : holdFor('BUY', product, { quantity, ticks: terms.limitTicks })
  if (terms.timeInForce === 'FOK' && total < quantity) return { taken: [], whole: false, hold }
  return { taken, whole: total === quantity, hold }
}

interface Offer {
  readonly product: Product
  readonly offered: readonly Level[]
}

/** Whole steps for at most `quoteSize` of quote, before commission; running out of book leaves a rest that expires (binance-spot.md 5.3, 7.1). */
function admitQuoteSized({ side }: OrderTerms, quoteSize: bigint, { product, offered }: Offer): Admission | Refusal {
  let left = quoteSize
  let whole = false
  const taken: Taken[] = []
  for (const level of offered) {
    const price = priceAtoms(product, level.price)
    const affordable = divide(left, price)
    const wanted = affordable - (affordable % product.baseIncrement)
    whole = wanted <= level.size
    const quantity = whole ? wanted : level.size
    if (quantity > 0n) taken.push({ price: level.price, quantity })
    if (whole) break
    left -= multiply(quantity, price)
  }
  if (taken.length === 0) return 'baseTooSmall'
  return { taken, whole, hold: side === 'BUY' ? valueOf(taken, product) : taken.reduce((sum, bite) => sum + bite.quantity, 0n) }
}

function valueOf(taken: readonly Taken[], product: Product): bigint {
  return taken.reduce((sum, bite) => sum + multiply(bite.quantity, priceAtoms(product, bite.price)), 0n)
}
