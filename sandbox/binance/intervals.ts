import type { CandleStore, StoredCandle } from '../exchange/candle-store.ts'
import type { Market } from '../exchange/market.ts'

/** How a kline interval divides time; in unix seconds. */
export interface Interval {
  readonly name: string
  readonly seconds: number
  startOf(second: number): number
  /** The beginning of the one after. */
  after(start: number): number
}

const DAY = 86_400
/** 1970-01-05, a Monday: weeks begin on Mondays. */
const FIRST_MONDAY = 4 * DAY

const PLAIN: Readonly<Record<string, number>> = {
  '1s': 1,
  '1m': 60,
  '3m': 180,
  '5m': 300,
  '15m': 900,
  '30m': 1800,
  '1h': 3600,
  '2h': 7200,
  '4h': 14_400,
  '6h': 21_600,
  '8h': 28_800,
  '12h': 43_200,
  '1d': DAY,
  '3d': 3 * DAY,
}

/** Every interval by its name, which is case-sensitive (binance-spot.md 5.1). */
export const intervals: ReadonlyMap<string, Interval> = new Map(
  [...Object.entries(PLAIN).map(([name, seconds]) => regular(name, seconds, 0)), regular('1w', 7 * DAY, FIRST_MONDAY), month()].map((interval) => [interval.name, interval]),
)

function regular(name: string, seconds: number, offset: number): Interval {
  return { name, seconds, startOf: (second) => Math.floor((second - offset) / seconds) * seconds + offset, after: (start) => start + seconds }
}

function month(): Interval {
  const at = (second: number, ahead: number): number => {
    const date = new Date(second * 1000)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead) / 1000
  }
  return { name: '1M', seconds: 30 * DAY, startOf: (second) => at(second, 0), after: (start) => at(start, 1) }
}

/** The klines that begin in [from, to] (unix seconds), oldest first; one without trades is flat (binance-spot.md 5.1). Bound: what the market remembers. */
export function klinesOf(market: Market, interval: Interval, from: number, to: number): StoredCandle[] {
  const store: CandleStore = interval.seconds < 60 ? market.seconds : market.candles
  const traded = store.between(-Infinity, to, interval.seconds, (second) => interval.startOf(second))
  const rows: StoredCandle[] = []
  const [first] = traded
  if (!first) return rows
  let index = 0
  let last = first
  for (let start = first.start; start <= to; start = interval.after(start)) {
    const found = traded[index]
    const row: StoredCandle = found?.start === start ? found : flat(start, last.close)
    if (row === found) index += 1
    last = row
    if (start >= from) rows.push(row)
  }
  return rows
}

function flat(start: number, ticks: number): StoredCandle {
  return { start, open: ticks, high: ticks, low: ticks, close: ticks, volume: 0n, turnover: 0n, trades: 0, takerBuyVolume: 0n, takerBuyTurnover: 0n }
}
