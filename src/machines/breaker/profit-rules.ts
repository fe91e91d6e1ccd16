/** Breakers that count profit: what a day has lost, equity below its peak, losses in a row, the rest after an exit. */
import { compare, isZero, minus, money, plus, zero, type Money } from '../../domain/decimal.ts'
import type { Millis } from '../../domain/time.ts'
import type { Stamped } from '../effect.ts'
import type { BreakerEvent, Tally } from './breaker-context.ts'
import { dayMs, endOf, inPeriod, nameOfDay } from './period.ts'
import type { Finding, Rule } from './rule.ts'

type Event = Stamped<BreakerEvent>
const isLoss = (profit: Money): boolean => compare(profit, zero) < 0
const negated = (amount: Money): Money => minus(money('0'), amount)

/** A loss of the day that has reached its limit: realised, or with what is held valued at the bid. */
const lossOfDay = (tally: Tally, event: Event): { readonly loss: Money; readonly how: string } | undefined => {
  if (event.type === 'profitBooked') return { loss: negated(tally.realised), how: 'realised' }
  // What was valued on another day, before the first round trip of this one, says nothing about this one.
  if (event.type !== 'marked' || event.day !== tally.period) return undefined
  const unrealised = minus(event.unrealised, tally.opening ?? event.unrealised)
  return { loss: negated(plus(event.realised, unrealised)), how: `${event.realised} realised and ${unrealised} marked to the bid` }
}

export const dailyLoss: Rule<'dailyLoss'> = {
  count: (tally, event) => {
    if (event.type !== 'profitBooked' && event.type !== 'marked') return tally
    const today = inPeriod(tally, event.at, dayMs)
    if (event.type === 'profitBooked') return { ...today, realised: plus(today.realised, event.change) }
    return today.opening === null && event.day === today.period ? { ...today, opening: event.unrealised } : today
  },
  judge: (tally, event, { maxLoss }): Finding | undefined => {
    const found = lossOfDay(tally, event)
    if (found === undefined || compare(found.loss, maxLoss) < 0) return undefined
    const reason = `the UTC day ${nameOfDay(tally)} has lost ${found.loss} (${found.how}), the limit is ${maxLoss}`
    return { reason, evidence: { counted: found.loss, limit: maxLoss, since: tally.since }, ends: 'period', until: endOf(tally, dayMs) }
  },
  after: (tally) => tally,
}

export const drawdown: Rule<'drawdown'> = {
  count: (tally, event) => {
    if (event.type === 'profitBooked') return { ...tally, realised: plus(tally.realised, event.change) }
    if (event.type !== 'marked') return tally
    const equity = plus(event.realised, event.unrealised)
    return tally.peak !== null && compare(equity, tally.peak) <= 0 ? tally : { ...tally, peak: equity, since: event.at }
  },
  judge: ({ peak, since }, event, { maxDrawdown }) => {
    if (event.type !== 'marked' || peak === null) return undefined
    const equity = plus(event.realised, event.unrealised)
    const fallen = minus(peak, equity)
    if (compare(fallen, maxDrawdown) < 0) return undefined
    return { reason: `equity is ${equity}, which is ${fallen} below its peak of ${peak}; the limit is ${maxDrawdown}`, evidence: { counted: fallen, limit: maxDrawdown, since }, ends: 'person', until: null }
  },
  // A person has looked: the peak is sought anew from where equity is.
  after: (tally) => ({ ...tally, peak: null, since: null }),
}

export const consecutiveLosses: Rule<'consecutiveLosses'> = {
  count: (tally, event) => {
    if (event.type !== 'profitBooked' || event.roundTrip === null) return tally
    if (isLoss(event.roundTrip)) return { ...tally, count: tally.count + 1, since: tally.count === 0 ? event.at : tally.since }
    return tally.count === 0 ? tally : { ...tally, count: 0, since: null }
  },
  judge: ({ count, since }, event, { losses, pauseMs }) => {
    if (event.type !== 'profitBooked' || event.roundTrip === null || !isLoss(event.roundTrip) || count < losses) return undefined
    const end = pauseMs === 0 ? ({ ends: 'person', until: null } as const) : ({ ends: 'time', until: event.at + pauseMs } as const)
    return { reason: `losses in a row: ${count}, the limit is ${losses}; the last round trip lost ${negated(event.roundTrip)}`, evidence: { counted: count, limit: losses, since }, ...end }
  },
  after: (tally) => ({ ...tally, count: 0, since: null }),
}

const restAfter = (roundTrip: Money, { afterLossMs, afterExitMs }: { readonly afterLossMs: Millis; readonly afterExitMs: Millis }): Millis =>
  isLoss(roundTrip) ? Math.max(afterLossMs, afterExitMs) : afterExitMs

export const cooldown: Rule<'cooldown'> = {
  count: (tally) => tally,
  judge: (_tally, event, policy) => {
    if (event.type !== 'profitBooked' || event.roundTrip === null) return undefined
    const restMs = restAfter(event.roundTrip, policy)
    if (restMs === 0) return undefined
    const what = isLoss(event.roundTrip) ? `has lost ${negated(event.roundTrip)}` : `has ended${isZero(event.roundTrip) ? ' even' : ` with ${event.roundTrip}`}`
    return { reason: `a round trip ${what}: entries rest for ${restMs / 1_000} s`, evidence: { counted: event.roundTrip, limit: restMs, since: event.at }, ends: 'time', until: event.at + restMs }
  },
  after: (tally) => tally,
}
