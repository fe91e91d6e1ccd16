/** What became of one order, in the figures that whoever wanted it asks for. */
import { compare, dividedBy, isZero, money, minus, plus, price, quantity, rounded, sum, times, type Money, type Price, type Quantity, type Rate } from './decimal.ts'
import type { Fill, Side } from './order.ts'

/** Best bid and ask when the order was decided. */
export interface Arrival {
  readonly bid: Price
  readonly ask: Price
}

export interface ExecutionResult {
  readonly clientOrderId: string
  readonly state: string
  readonly side: Side
  readonly wanted: Quantity
  readonly filled: Quantity
  /** Of the fills, rounded to 12 places; null while nothing has filled. */
  readonly averagePrice: Price | null
  /** Sum of price times quantity, in quote currency. */
  readonly value: Money
  /** What was paid in fees, by asset. */
  readonly fees: Readonly<Record<string, Money>>
  /** In how many executions, and how many of them rested. */
  readonly fills: number
  readonly makerFills: number
  readonly arrival: Arrival | null
  /**
   * How much worse than the middle at its arrival it was filled, as a fraction of that, rounded to 12 places: for a buy
   * (average - mid) / mid, for a sell the reverse. Below zero is better. Null where either is not known.
   */
  readonly slippage: Rate | null
}

export interface ExecutedOrder {
  readonly clientOrderId: string
  readonly state: string
  readonly side: Side
  readonly quantity: Quantity
  readonly arrival: Arrival | null
}

const places = 12
const two = quantity('2')

const slippageOf = (side: Side, average: Price, { bid, ask }: Arrival): Rate => {
  const mid = dividedBy(plus(bid, ask), two)
  const worse = side === 'buy' ? minus<Price>(average, price(mid)) : minus<Price>(price(mid), average)
  return rounded(dividedBy(worse, mid) as string as Rate, places)
}

const feesOf = (fills: readonly Fill[]): Readonly<Record<string, Money>> => {
  const fees: Record<string, Money> = {}
  for (const { feeAsset, fee } of fills) if (!isZero(fee)) fees[feeAsset] = plus(fees[feeAsset] ?? money('0'), fee)
  return fees
}

export const executionOf = ({ clientOrderId, state, side, quantity: wanted, arrival }: ExecutedOrder, fills: readonly Fill[]): ExecutionResult => {
  const filled = sum([quantity('0'), ...fills.map((fill) => fill.quantity)])
  const value = sum([money('0'), ...fills.map((fill) => money(times(fill.price, fill.quantity)))])
  const averagePrice = compare(filled, quantity('0')) === 0 ? null : rounded(dividedBy(value, filled) as string as Price, places)
  return {
    clientOrderId,
    state,
    side,
    wanted,
    filled,
    averagePrice,
    value,
    fees: feesOf(fills),
    fills: fills.length,
    makerFills: fills.filter(({ liquidity }) => liquidity === 'maker').length,
    arrival,
    slippage: averagePrice === null || arrival === null ? null : slippageOf(side, averagePrice, arrival),
  }
}
