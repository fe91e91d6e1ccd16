import type { Candle } from '../../src/simulated-market/candle-path.ts'
import type { Product } from '../exchange/products.ts'
import { RecordingFault, sizeOf, ticksOf } from './recorded-event.ts'

/** Where a layout keeps what; found by the names in the header line. */
export interface CandleColumns {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly time: number
}

/** The columns of a header line such as `open,high,low,close,volume,...,close_datetime` or `date,symbol,open,...,volume_btc,volume`; undefined: no header. */
export function candleColumns(line: string): CandleColumns | undefined {
  const names = line.toLowerCase().split(',').map((name) => name.trim())
  const at = (...wanted: readonly string[]): number => wanted.map((name) => names.indexOf(name)).find((index) => index >= 0) ?? -1
  const columns = { open: at('open'), high: at('high'), low: at('low'), close: at('close'), volume: at('volume_btc', 'volume'), time: at('close_datetime', 'date', 'time', 'timestamp') }
  return Object.values(columns).every((index) => index >= 0) ? columns : undefined
}

/** A row with its time (ms since 1970, of its open or close, as the file has it); prices in ticks. Throws RecordingFault. */
export function readCandleRow(line: string, columns: CandleColumns, product: Product): Candle {
  const cells = line.split(',')
  const price = (column: number): number => ticksOf(cells[column], product)
  const startMs = timeOf(cells[columns.time] ?? '')
  const candle = { startMs, lengthMs: 0, open: price(columns.open), high: price(columns.high), low: price(columns.low), close: price(columns.close), volume: sizeOf(cells[columns.volume], product) }
  if (candle.high < candle.low) throw new RecordingFault('the high is below the low')
  return candle
}

/** Puts the rows in time order, one after the other without gaps from 0 on, each as long as the shortest step between two. */
export function chained(rows: readonly Candle[]): Candle[] {
  const sorted = rows.toSorted((one, other) => one.startMs - other.startMs)
  let lengthMs = Infinity
  for (let index = 1; index < sorted.length; index += 1) {
    const step = (sorted[index]?.startMs ?? 0) - (sorted[index - 1]?.startMs ?? 0)
    if (step > 0) lengthMs = Math.min(lengthMs, step)
  }
  if (lengthMs === Infinity) lengthMs = 60_000
  return sorted.map((row, index) => ({ ...row, startMs: index * lengthMs, lengthMs }))
}

/** `2024-12-01 00:00:59.999000+01:00`, ISO forms, or `2019-10-17 09-AM` (UTC). */
function timeOf(text: string): number {
  const hour = /^(\d{4}-\d\d-\d\d) (\d\d)-(AM|PM)$/.exec(text.trim())
  const ms = hour ? Date.parse(`${hour[1]}T00:00:00Z`) + ((Number(hour[2]) % 12) + (hour[3] === 'PM' ? 12 : 0)) * 3_600_000 : Date.parse(text.trim().replace(' ', 'T'))
  if (Number.isNaN(ms)) throw new RecordingFault(`${JSON.stringify(text)} is not a time`)
  return ms
}
