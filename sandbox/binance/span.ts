import { errors } from './api-error.ts'
import type { Parameters } from './parameters.ts'

/** Times in milliseconds since 1970, both inclusive. */
export interface Span {
  readonly from: number | undefined
  readonly to: number | undefined
}

/** `startTime` and `endTime`. Throws -1127 when they are more than `mostHours` apart. */
export function readSpan(parameters: Parameters, mostHours = Infinity): Span {
  const from = parameters.time('startTime')
  const to = parameters.time('endTime')
  if (from !== undefined && to !== undefined && to - from > mostHours * 3_600_000) throw errors.tooLong(mostHours)
  return { from, to }
}

interface Selection<Row> {
  readonly span: Span
  readonly limit: number
  readonly at: (row: Row) => number
  /** Something else than a time says where the rows begin. */
  readonly fromStart?: boolean
}

/** Rows in the order given (oldest first): from the start of the span on if it has one, else the latest (binance-spot.md 5.1). */
export function spanned<Row>(rows: readonly Row[], { span, limit, at, fromStart = false }: Selection<Row>): readonly Row[] {
  const within = rows.filter((row) => at(row) >= (span.from ?? 0) && at(row) <= (span.to ?? Infinity))
  return fromStart || span.from !== undefined ? within.slice(0, limit) : within.slice(-limit)
}
