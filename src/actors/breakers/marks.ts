/**
 * Values what is held at the bid and tells the breakers of it when that matters: at the beginning of a day, at a new
 * peak, and when a limit is reached. The rest would only fill the journal.
 */
import { breakerAddress } from '../../domain/address.ts'
import { compare, money, plus, rate, times, type Money, type Rate } from '../../domain/decimal.ts'
import type { Millis } from '../../domain/time.ts'
import type { BreakerContext, BreakerEvent } from '../../machines/breaker/breaker-context.ts'
import { tripOf } from '../../machines/breaker/breaker-rules.ts'
import { dayMs, inPeriod } from '../../machines/breaker/period.ts'
import type { BreakerView } from '../desk-view.ts'
import type { Message } from '../turn.ts'

/** A peak is recorded when it has grown by this share of the limit: so much less may be known of it, never more. */
const peakStep: Rate = rate('0.01')

const isHigher = (equity: Money, { tally, policy }: BreakerContext): boolean => {
  if (tally.peak === null) return true
  const limit = policy?.kind === 'drawdown' ? policy.maxDrawdown : money('0')
  return compare(equity, plus(tally.peak, money(times(limit, peakStep)))) >= 0 && compare(equity, tally.peak) > 0
}

type Mark = Extract<BreakerEvent, { readonly type: 'marked' }>

/** The mark of a moment, by a breaker's own committed tally: both are of the same turn. */
export const markOf = ({ kind, tally }: BreakerContext, unrealised: Money, at: Millis): Mark => {
  const today = inPeriod(tally, at, dayMs)
  return { type: 'marked', day: today.period ?? 0, realised: kind === 'dailyLoss' ? today.realised : tally.realised, unrealised }
}

const isNews = ({ state, context }: BreakerView, mark: Mark, at: Millis): boolean => {
  const { kind, tally, trip } = context
  const found = tripOf(context, { ...mark, at })
  if (kind === 'dailyLoss' && (tally.period !== mark.day || tally.opening === null)) return true
  if (state !== 'clear') return found !== undefined && (found.until ?? 0) > (trip?.until ?? Number.POSITIVE_INFINITY)
  return found !== undefined || (kind === 'drawdown' && isHigher(plus(mark.realised, mark.unrealised), context))
}

/** The message that a mark is, where it is worth one. */
export const markFor = (view: BreakerView, unrealised: Money, at: Millis): Message | undefined => {
  const mark = markOf(view.context, unrealised, at)
  return isNews(view, mark, at) ? { to: breakerAddress(view.context.name), event: mark } : undefined
}
