/** The command that sums up how the round trips did. */
import type { Money } from '../../domain/decimal.ts'
import { printJson, printLine } from '../output.ts'
import { performanceOf, type Performance } from '../performance.ts'
import { exitCodes, type ExitCode } from '../problem.ts'
import { withRows } from '../with-rows.ts'

/** Most round trips that one answer is made of. */
const mostTrips = 1_000_000

export interface PerformanceOptions {
  readonly config?: string
  readonly json?: boolean
  /** Quote money that was given to the desk. */
  readonly capital?: Money
}

const figure = (value: number | null, digits = 4): string => (value === null ? '-' : value.toFixed(digits))

const linesOf = ({ from, to, profit, fees, trades, curve, dust, tradeHash }: Performance): readonly (readonly [string, string])[] => [
  ['closed', from === null ? 'none yet' : `${trades.trades} round trips, ${from} to ${to}`],
  ['profit', `${profit}, after fees of ${fees}`],
  ['won, lost', `${trades.wins}, ${trades.losses}; win rate ${figure(trades.winRate)}`],
  ['profit factor', figure(trades.profitFactor)],
  ['expectancy', `${figure(trades.expectancy)} a round trip, ratio ${figure(trades.expectancyRatio)}, system quality ${figure(trades.systemQuality)}`],
  ...(curve === null ? [] : ([['return', `${figure(curve.totalReturn)} in ${curve.days} days, deepest fall ${figure(curve.maxDrawdown)}`], ['by the year', `growth ${figure(curve.cagr)}, Sharpe ${figure(curve.sharpe)}, Sortino ${figure(curve.sortino)}, volatility ${figure(curve.volatility)}, Calmar ${figure(curve.calmar)}`]] as const)),
  ...dust.map((left) => ['dust', `${left.quantity} of ${left.instrument}, left by ${left.pairs} round trips`] as const),
  ['trade hash', tradeHash],
]

export const performance = (options: PerformanceOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads) => {
    const found = performanceOf(await reads.endedTrips(0, Number.MAX_SAFE_INTEGER, mostTrips), options.capital)
    if (options.json === true) printJson(found)
    else printLine(linesOf(found).map(([name, value]) => `${name.padEnd(14)} ${value}`).join('\n'))
    return exitCodes.fine
  })
