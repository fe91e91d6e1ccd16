/** What ended round trips come to: their money, what they left behind, and the text by which two runs are told apart. */
import { isPositive, money, plus, quantity, sum, type Money, type Quantity } from './decimal.ts'
import { dustOf } from './exits.ts'
import { realisedProfit } from './profit.ts'
import type { TradePairRecord } from './records.ts'
import { formatTimestamp } from './time.ts'

/** Base quantity that could not be sold and stays in the account, at no value. */
export interface Dust {
  readonly instrument: string
  /** Round trips that left some. */
  readonly pairs: number
  readonly quantity: Quantity
}

/** By instrument, in the order of their names. */
export const dustByInstrument = (ended: readonly TradePairRecord[]): readonly Dust[] => {
  const found = new Map<string, Dust>()
  for (const pair of ended) {
    const left = dustOf(pair)
    const { instrument } = pair
    const before = found.get(instrument) ?? { instrument, pairs: 0, quantity: quantity('0') }
    if (isPositive(left)) found.set(instrument, { instrument, pairs: before.pairs + 1, quantity: plus(before.quantity, left) })
  }
  return [...found.values()].toSorted((a, b) => (a.instrument < b.instrument ? -1 : 1))
}

/** What each has earned, fees of both legs included, in quote; those that sold nothing are left out. */
export const profitsOf = (ended: readonly TradePairRecord[]): readonly Money[] => ended.flatMap((pair) => realisedProfit(pair) ?? [])

export const feesOf = (ended: readonly TradePairRecord[]): Money => sum([money('0'), ...ended.map(({ fees }) => fees)])

/**
 * The capital with everything realised until the end of each UTC day, from the day of the first close to that of the last; the
 * first value is the capital. What was held at the end of a day is in it at its cost.
 */
export const realisedCurve = (ended: readonly TradePairRecord[], capital: Money): readonly Money[] => {
  const dayMs = 86_400_000
  const earned = new Map<number, Money>()
  for (const pair of ended) {
    const profit = realisedProfit(pair)
    if (profit === null || pair.closedAt === null) continue
    const day = Math.floor(pair.closedAt / dayMs)
    earned.set(day, plus(earned.get(day) ?? money('0'), profit))
  }
  const days = [...earned.keys()]
  const curve = [capital]
  for (let day = Math.min(...days); day <= Math.max(...days); day++) curve.push(plus(curve.at(-1) ?? capital, earned.get(day) ?? money('0')))
  return curve
}

/**
 * One line a round trip, sorted: quantities, cost, proceeds and fees, and nothing that a second run would have otherwise (no id, no
 * time). Two runs with the same text have traded alike, to the last digit.
 */
export const tradeText = (ended: readonly TradePairRecord[]): string =>
  ended
    .map(({ instrument, bought, held, cost, sold, proceeds, fees }) => [instrument, bought, held, cost, sold, proceeds, fees].join(' '))
    .toSorted()
    .join('\n')

/** The first and the last day of those that have closed, such as 2026-11-21. */
export const spanOf = (ended: readonly TradePairRecord[]): { readonly from: string | null; readonly to: string | null } => {
  const closed = ended.flatMap(({ closedAt }) => closedAt ?? [])
  const day = (at: number): string => formatTimestamp(at).slice(0, 10)
  return closed.length === 0 ? { from: null, to: null } : { from: day(Math.min(...closed)), to: day(Math.max(...closed)) }
}
