/** UTC days and hours as whole numbers since 1970-01-01T00:00Z, told by stamps and not by timers. */
import { formatTimestamp, type Millis } from '../../domain/time.ts'
import type { Tally } from './breaker-context.ts'

export const dayMs: Millis = 86_400_000
export const hourMs: Millis = 3_600_000

/** The period of a tally at a moment: that of the newest stamp it was ever told, so a clock that is set back begins none anew (X5). */
export const periodAt = ({ period }: Pick<Tally, 'period'>, at: Millis, lengthMs: Millis): number => Math.max(Math.floor(at / lengthMs), period ?? 0)

/** The tally in the period of that moment: nothing counted yet when that has just begun. */
export const inPeriod = (tally: Tally, at: Millis, lengthMs: Millis): Tally => {
  const period = periodAt(tally, at, lengthMs)
  return period === tally.period ? tally : { ...tally, period, realised: '0' as Tally['realised'], opening: null, count: 0, since: period * lengthMs }
}

export const endOf = ({ period }: Tally, lengthMs: Millis): Millis => ((period ?? 0) + 1) * lengthMs

/** `2026-11-21`. */
export const nameOfDay = ({ period }: Tally): string => formatTimestamp((period ?? 0) * dayMs).slice(0, 10)
/** `2026-11-21 14:00`. */
export const nameOfHour = ({ period }: Tally): string => formatTimestamp((period ?? 0) * hourMs).slice(0, 16).replace('T', ' ')
