/**
 * Minimum sell price, break-even and profit (the formulas: docs/profit.md).
 *
 * P1  Sells round up to the tick, quantities round down to the step, and after rounding the net profit is
 *     still at or above the target.
 * P2  What was really paid decides: fees of fills, never a rate, for the buy.
 */
import {
  ceilTo,
  compare,
  dividedBy,
  floorTo,
  minus,
  money,
  one,
  plus,
  price,
  quantity,
  rate,
  sum,
  times,
  zero,
  type Money,
  type Price,
  type Quantity,
  type Rate,
} from './decimal.ts'
import type { Instrument } from './instrument.ts'
import type { Fill } from './order.ts'
import type { TradePairRecord } from './records.ts'

/** What a set of buy fills cost and left, K and H of the formulas. */
export interface Holding {
  /** Everything paid for it, in quote currency: prices and fees. */
  readonly cost: Money
  /** What is held, net of fees taken from the base asset. */
  readonly held: Quantity
}

/** A buy fill with the quote value its fee had when a third asset paid it (undefined: that fee is not counted). */
export type CostedFill = Pick<Fill, 'quantity' | 'price' | 'fee' | 'feeAsset'> & { readonly feeInQuote?: Money }

/** Cost and net quantity of buy fills: quote fees add to the cost, base fees are taken from what was bought. */
export const holdingOf = (instrument: Pick<Instrument, 'base' | 'quote'>, fills: readonly CostedFill[]): Holding => {
  const costs = fills.map((fill) => {
    const paid = money(times(fill.price, fill.quantity))
    if (fill.feeAsset === instrument.quote) return plus(paid, fill.fee)
    return fill.feeInQuote === undefined || fill.feeAsset === instrument.base ? paid : plus(paid, fill.feeInQuote)
  })
  return { cost: sum([money('0'), ...costs]), held: sum([quantity('0'), ...fills.map((fill) => netQuantity(instrument, fill))]) }
}

/** What one buy fill leaves in the account: its quantity less a fee taken in base. */
export const netQuantity = (
  instrument: Pick<Instrument, 'base'>,
  fill: Pick<Fill, 'quantity' | 'fee' | 'feeAsset'>,
): Quantity => (fill.feeAsset === instrument.base ? minus(fill.quantity, quantity(fill.fee)) : fill.quantity)

/** What of a held quantity can be offered; the rest below one step is dust. */
export const sellableOf = (
  instrument: Pick<Instrument, 'step'>,
  held: Quantity,
): { readonly sellable: Quantity; readonly dust: Quantity } => {
  const sellable = floorTo(held, instrument.step)
  return { sellable, dust: minus(held, sellable) }
}

/** What a sell must earn: a rate on the cost, so much quote money, or a price. */
export type Target =
  | { readonly kind: 'rate'; readonly rate: Rate }
  | { readonly kind: 'money'; readonly money: Money }
  /** A person's own price, whatever it earns. */
  | { readonly kind: 'price'; readonly price: Price }

export interface SellPlan extends Holding {
  /** How much of the holding this sell offers; at most `held`. */
  readonly selling: Quantity
  /** The fee rate expected for the sell's liquidity (taker unless the exit is post-only). */
  readonly sellFee: Rate
  readonly target: Target
}

/**
 * P_min = ceil to tick of K(1+m) / (s(1-f_s)), with K(1+m) replaced by K+profit for a money target. When less
 * than the sellable quantity is sold, the cost is shared by quantity.
 * @throws DecimalError when nothing is sold
 */
export const minimumSellPrice = (instrument: Pick<Instrument, 'tick' | 'step'>, plan: SellPlan): Price => {
  if (plan.target.kind === 'price') return ceilTo(plan.target.price, instrument.tick)
  const whole = sellableOf(instrument, plan.held).sellable
  const wanted =
    plan.target.kind === 'rate'
      ? money(times(plan.cost, plus(rate(one), plan.target.rate)))
      : plus(plan.cost, plan.target.money)
  const share = compare(plan.selling, whole) >= 0 ? wanted : money(dividedBy(times(wanted, plan.selling), whole))
  const perUnit = dividedBy(share, times(plan.selling, minus(rate(one), plan.sellFee)))
  return ceilTo(perUnit as string as Price, instrument.tick)
}

/** The price at which selling the whole sellable quantity earns exactly nothing, rounded up to the tick. */
export const breakEven = (
  instrument: Pick<Instrument, 'tick' | 'step'>,
  holding: Holding,
  sellFee: Rate,
): Price =>
  minimumSellPrice(instrument, {
    ...holding,
    selling: sellableOf(instrument, holding.held).sellable,
    sellFee,
    target: { kind: 'rate', rate: rate(zero) },
  })

/** Net profit of selling so much at a price with a fee rate, against the cost, in quote currency. */
export const netProfit = (cost: Money, at: Price, sold: Quantity, sellFee: Rate): Money =>
  minus(money(times(times(price(at), sold), minus(rate(one), sellFee))), cost)

/** What a round trip earned, fees of both legs taken off; null while anything of it is open or nothing was sold. */
export const realisedProfit = (pair: Pick<TradePairRecord, 'closedAt' | 'sold' | 'proceeds' | 'cost'>): Money | null =>
  pair.closedAt === null || compare(pair.sold, zero) === 0 ? null : minus(pair.proceeds, pair.cost)
