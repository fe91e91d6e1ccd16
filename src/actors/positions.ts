/** What the desk holds, pair by pair, and what the market says of it now. */
import { compare, dividedBy, isPositive, minus, money, notional, quantity, rate, rounded, times, type Money, type Price, type Quantity, type Rate } from '../domain/decimal.ts'
import { breakEven } from '../domain/profit.ts'
import { stopLines } from '../domain/stop-lines.ts'
import type { Millis } from '../domain/time.ts'
import { offer } from '../machines/trade-pair/trade-pair-exits.ts'
import type { PositionInspection } from '../ports/inspection.ts'
import type { OpenPair } from './desk-view.ts'

const places = 8

/** The cost of what is left: the whole cost shared by quantity. */
const costOf = (cost: Money, held: Quantity, rest: Quantity): Money => (compare(rest, held) === 0 ? cost : rounded(money(dividedBy(times(cost, rest), held)), places))

/** How far the bid is below the target, as a fraction of the bid. */
const distanceOf = (target: Price, bid: Price): Rate => rounded(rate(dividedBy(minus(target, bid), bid)), places)

/** What is held now, oldest first. @param bidOf the best bid now; undefined where there is no fresh price */
export const positionsOf = (pairs: readonly OpenPair[], bidOf: (instrument: string) => Price | undefined, now: Millis): readonly PositionInspection[] =>
  pairs.flatMap((pair) => positionOf(pair, bidOf(pair.context.instrument.id), now) ?? []).toSorted((one, other) => (one.boughtAt ?? 0) - (other.boughtAt ?? 0))

/** One pair's position; undefined while it holds nothing. */
const positionOf = ({ pairId, state, context }: OpenPair, bid: Price | undefined, now: Millis): PositionInspection | undefined => {
  const { instrument, strategy, held, sold, cost, sellFee, boughtAt, exit, high } = context
  const rest = minus(held, sold)
  if (!isPositive(rest) || !isPositive(held)) return undefined
  const left = costOf(cost, held, rest)
  const { price: target } = offer(context)
  const value = bid === undefined ? null : notional(bid, rest)
  return {
    pairId,
    instrument: instrument.id,
    strategy,
    state,
    quantity: quantity(rest),
    cost: left,
    breakEven: breakEven(instrument, { cost, held }, sellFee),
    target,
    boughtAt,
    ageMs: boughtAt === null ? null : now - boughtAt,
    stop: stopLines(instrument, { cost, held }, exit, high).falls?.at ?? null,
    marketValue: value,
    unrealised: value === null ? null : minus(value, left),
    distanceToTarget: bid === undefined ? null : distanceOf(target, bid),
  }
}
