/** How the round trips did, in one answer (docs/profit.md). */
import { createHash } from 'node:crypto'
import { sum, money, type Money } from '../domain/decimal.ts'
import { curveStatistics, tradeStatistics, type CurveStatistics, type TradeStatistics } from '../domain/performance.ts'
import type { TradePairRecord } from '../domain/records.ts'
import { dustByInstrument, feesOf, profitsOf, realisedCurve, spanOf, tradeText, type Dust } from '../domain/round-trips.ts'

export interface Performance {
  /** UTC days of the first and the last close. */
  readonly from: string | null
  readonly to: string | null
  readonly profit: Money
  readonly fees: Money
  readonly trades: TradeStatistics
  /** Of the capital that was named, with what has been realised; null where none was. */
  readonly curve: CurveStatistics | null
  readonly dust: readonly Dust[]
  /** SHA-256 of what was traded: equal for two runs that traded alike. */
  readonly tradeHash: string
}

/** SHA-256, in hex, of what round trips have traded. */
export const tradeHash = (ended: readonly TradePairRecord[]): string => createHash('sha256').update(tradeText(ended)).digest('hex')

/** @param capital quote money that was given to the desk, for figures of a curve */
export const performanceOf = (ended: readonly TradePairRecord[], capital?: Money): Performance => {
  const profits = profitsOf(ended)
  return {
    ...spanOf(ended),
    profit: sum([money('0'), ...profits]),
    fees: feesOf(ended),
    trades: tradeStatistics(profits.map(Number)),
    curve: capital === undefined || profits.length === 0 ? null : curveStatistics(realisedCurve(ended, capital).map(Number)),
    dust: dustByInstrument(ended),
    tradeHash: tradeHash(ended),
  }
}
