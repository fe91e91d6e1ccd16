/**
 * What an order locks, and what a fill costs. Pure.
 *
 * F1  The fees of an order are its exact fees so far, rounded up to 8 decimals of their asset: each fill is charged what that
 *     rises by. So they are never below the exact ones, and many small fills do not multiply the rounding.
 * F2  A hold is enough for the rest at the limit price and the dearer rate, whatever the fills will be: no balance falls below zero.
 * F3  A fee is never more than what it is taken from.
 */
import { ceilTo, greatest, least, minus, money, notional, plus, quantity, times, type Money, type Price, type Quantity } from '../../domain/decimal.ts'
import type { Liquidity } from '../../domain/order.ts'
import type { FeeTerms, PaperOrder } from '../../ports/paper-ledger.ts'

const finest = money('0.00000001')

/** What remains to be executed. */
export const restOf = ({ quantity: total, executed }: Pick<PaperOrder, 'quantity' | 'executed'>): Quantity => minus(total, executed)

/** The part of an order that its hold depends on. */
export type Holding = Pick<PaperOrder, 'side' | 'price' | 'quantity' | 'executed' | 'owed' | 'charged' | 'terms'>

/** Locked for the rest of an order: quote for a buy, base for a sell (F2). */
export const holdFor = (order: Holding): Quantity => {
  const { side, price, owed, charged, terms } = order
  const rest = restOf(order)
  if (side === 'sell') return rest
  const value = notional(price, rest)
  if (terms.feeIn === 'received') return quantity(value)
  const worst = plus(owed, money(times(value, greatest(terms.maker, terms.taker))))
  return quantity(minus(plus(value, ceilTo(worst, finest)), charged))
}

/** One execution of an order. */
export interface Bite {
  readonly price: Price
  readonly quantity: Quantity
  readonly liquidity: Exclude<Liquidity, 'unknown'>
}

/** What a fill costs its owner beyond its price. */
export interface Charge {
  readonly fee: Money
  readonly feeAsset: string
  /** The order's exact fee after it. */
  readonly owed: Money
}

/** The asset that a fill of the order brings. */
export const receivedBy = ({ side, base, quote }: Pick<PaperOrder, 'side' | 'base' | 'quote'>): string => (side === 'buy' ? base : quote)

const rateOf = (terms: FeeTerms, liquidity: Bite['liquidity']) => (liquidity === 'maker' ? terms.maker : terms.taker)

export const chargeFor = (order: PaperOrder, bite: Bite): Charge => {
  const { side, base, quote, terms, owed, charged, executed, value } = order
  const feeAsset = terms.feeIn === 'quote' ? quote : receivedBy(order)
  const worth = notional(bite.price, bite.quantity)
  const basis = feeAsset === base ? money(bite.quantity) : worth
  const owes = plus(owed, money(times(basis, rateOf(terms, bite.liquidity))))
  const raised = ceilTo(owes, finest)
  const received = side === 'sell' ? plus(value, worth) : plus(money(executed), money(bite.quantity))
  const total = feeAsset === receivedBy(order) ? least(raised, received) : raised
  return { fee: minus(total, charged), feeAsset, owed: owes }
}
