/** The floor under the spacing of a grid: how far apart two lines must be for a trade between them to pay its fees, and how many lines that leaves (docs/profit.md). */
import { dividedBy, minus, one, plus, rate, times, type Rate } from './decimal.ts'

export interface GridFees {
  /** Rate of the buy's fee. */
  readonly buy: Rate
  /** Rate of the sell's fee. */
  readonly sell: Rate
  /** Where the buy's fee is taken: added to the cost in quote money, or from what was received. */
  readonly paidIn: 'quote' | 'received'
}

/**
 * The least ratio of a grid's lines, less one, at which a buy on one line and a sell on the next leave the target:
 * (1 + b)(1 + m) / (1 - s) - 1 with quote fees, (1 + m) / ((1 - b)(1 - s)) - 1 where the fee is taken from what was received.
 * @param target net profit wanted, as a fraction of the cost
 */
export const leastSpacing = ({ buy, sell, paidIn }: GridFees, target: Rate = rate('0')): Rate => {
  const unity = rate(one)
  const cost = paidIn === 'quote' ? times(plus(unity, buy), plus(unity, target)) : dividedBy(plus(unity, target), minus(unity, buy))
  return minus(rate(dividedBy(cost, minus(unity, sell))), unity)
}

/**
 * Lines so far apart that fit between the ends of a range, ln(upper / lower) / ln(1 + spacing) rounded down.
 * @param either how far the range reaches to either side of the price, as a fraction
 */
export const mostLines = (either: number, spacing: Rate): number => Math.floor(Math.log((1 + either) / (1 - either)) / Math.log1p(Number(spacing)))
