/** Breakers that count entries: those begun in an hour and in a day, and those refused in a row. */
import type { Millis } from '../../domain/time.ts'
import { dayMs, endOf, hourMs, inPeriod, nameOfDay, nameOfHour } from './period.ts'
import type { Tally } from './breaker-context.ts'
import type { Rule } from './rule.ts'

/** Counts entries begun in a period; the one above the limit trips, and is withdrawn with it before it is sent. */
const entriesIn = (lengthMs: Millis, nameOf: (tally: Tally) => string): Rule<'hourlyOrders'> & Rule<'dailyOrders'> => ({
  count: (tally, event) => {
    if (event.type !== 'orderBegun') return tally
    const now = inPeriod(tally, event.at, lengthMs)
    return { ...now, count: now.count + 1 }
  },
  judge: (tally, event, { orders }) =>
    event.type === 'orderBegun' && tally.count > orders
      ? { reason: `${tally.count} entries have begun in the ${nameOf(tally)}, the limit is ${orders}`, evidence: { counted: tally.count, limit: orders, since: tally.since }, ends: 'period', until: endOf(tally, lengthMs) }
      : undefined,
  after: (tally) => tally,
})

export const hourlyOrders = entriesIn(hourMs, (tally) => `hour from ${nameOfHour(tally)} UTC`)
export const dailyOrders = entriesIn(dayMs, (tally) => `UTC day ${nameOfDay(tally)}`)

export const refusals: Rule<'refusals'> = {
  count: (tally, event) => {
    if (event.type === 'orderRefused') return { ...tally, count: tally.count + 1, since: tally.count === 0 ? event.at : tally.since }
    return event.type === 'orderStood' && tally.count + tally.pauses > 0 ? { ...tally, count: 0, pauses: 0, since: null } : tally
  },
  judge: ({ count, pauses, since }, event, { refusals: limit, pauseMs, pauseMaxMs }) => {
    if (event.type !== 'orderRefused' || count < limit) return undefined
    const waitMs = Math.min(pauseMs * 2 ** Math.min(pauses, 20), pauseMaxMs)
    return { reason: `refusals in a row: ${count}, the limit is ${limit}; the venue's last reason was ${event.reason}, pause ${pauses + 1} is ${waitMs / 1_000} s`, evidence: { counted: count, limit, since }, ends: 'time', until: event.at + waitMs }
  },
  // One more refusal is enough for the next and longer pause, until an entry stands.
  after: (tally, { refusals: limit }) => ({ ...tally, count: limit - 1, pauses: tally.pauses + 1 }),
}
