/**
 * How well round trips and an equity curve did, by one stated convention (docs/profit.md): days in UTC, 365 of them a year, no
 * risk-free rate, sample deviations (n - 1), the downside over all days. Statistics, so binary floats: no order depends on them.
 */

/** What a share of a year means here. */
const daysOfYear = 365
/** With fewer daily returns than this a figure by the year says nothing. */
const leastReturns = 30

/** Figures of ended round trips; null where there is nothing to divide by. */
export interface TradeStatistics {
  readonly trades: number
  readonly wins: number
  readonly losses: number
  /** Of all trades; one that earned nothing did not win. */
  readonly winRate: number | null
  /** All that was won over all that was lost. */
  readonly profitFactor: number | null
  /** Mean profit of a trade, in quote. */
  readonly expectancy: number | null
  /** (1 + mean win / mean loss) winRate - 1: profit for each unit that a losing trade costs. */
  readonly expectancyRatio: number | null
  /** Square root of the count, times mean over deviation of the profits. */
  readonly systemQuality: number | null
}

/** Figures of an equity curve with one value a day. */
export interface CurveStatistics {
  readonly days: number
  /** Last over first, less one. */
  readonly totalReturn: number
  /** The deepest fall below a peak, as a fraction of the peak. */
  readonly maxDrawdown: number
  readonly sharpe: number | null
  readonly sortino: number | null
  readonly volatility: number | null
  /** Growth a year. */
  readonly cagr: number | null
  /** Growth a year for each unit of the deepest fall. */
  readonly calmar: number | null
}

const totalOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const meanOf = (values: readonly number[]): number => totalOf(values) / values.length
const deviationOf = (values: readonly number[]): number => {
  const mean = meanOf(values)
  return Math.sqrt(totalOf(values.map((value) => (value - mean) ** 2)) / (values.length - 1))
}
const ratio = (of: number, to: number): number | null => (Number.isFinite(of / to) ? of / to : null)
const times = (of: number | null, factor: number): number | null => (of === null ? null : of * factor)

/** @param profits net profit of each, in quote */
export const tradeStatistics = (profits: readonly number[]): TradeStatistics => {
  const won = profits.filter((profit) => profit > 0)
  const lost = profits.filter((profit) => profit < 0).map((profit) => -profit)
  const winRate = ratio(won.length, profits.length)
  const payoff = won.length > 0 && lost.length > 0 ? meanOf(won) / meanOf(lost) : null
  return {
    trades: profits.length,
    wins: won.length,
    losses: lost.length,
    winRate,
    profitFactor: ratio(totalOf(won), totalOf(lost)),
    expectancy: ratio(totalOf(profits), profits.length),
    expectancyRatio: payoff === null || winRate === null ? null : (1 + payoff) * winRate - 1,
    systemQuality: profits.length < 2 ? null : times(ratio(meanOf(profits), deviationOf(profits)), Math.sqrt(profits.length)),
  }
}

const deepestFall = (equity: readonly number[]): number => {
  let [peak, deepest] = [equity[0] ?? 0, 0]
  for (const value of equity) {
    peak = Math.max(peak, value)
    deepest = Math.max(deepest, (peak - value) / peak)
  }
  return deepest
}

/**
 * @param equity at the end of each day, oldest first; all above 0
 * @param least with fewer daily returns there is no figure by the year
 */
export const curveStatistics = (equity: readonly number[], least = leastReturns): CurveStatistics => {
  const returns = equity.slice(1).map((value, day) => value / (equity[day] ?? value) - 1)
  const growth = (equity.at(-1) ?? 1) / (equity[0] ?? 1)
  const maxDrawdown = deepestFall(equity)
  const common = { days: returns.length, totalReturn: growth - 1, maxDrawdown }
  if (returns.length < least) return { ...common, sharpe: null, sortino: null, volatility: null, cagr: null, calmar: null }
  const [mean, deviation, year] = [meanOf(returns), deviationOf(returns), Math.sqrt(daysOfYear)]
  const downside = Math.sqrt(meanOf(returns.map((value) => Math.min(value, 0) ** 2)))
  const cagr = growth ** (daysOfYear / returns.length) - 1
  return { ...common, sharpe: times(ratio(mean, deviation), year), sortino: times(ratio(mean, downside), year), volatility: deviation * year, cagr, calmar: ratio(cagr, maxDrawdown) }
}
