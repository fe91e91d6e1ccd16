/** Supervising actors as every other actor is shown: they live in this process alone, and so does what they remember. */
import type { ActorInspection, HistoryPage, SupervisorInspection } from '../ports/inspection.ts'
import { machines, nextEvents } from '../machines/chart.ts'

const prefix = 'connection/'

/** The name of the supervisor that an address such as `connection/market` is of; undefined for every other address. */
export const supervisedBy = (address: string): string | undefined => (address.startsWith(prefix) ? address.slice(prefix.length) : undefined)

const waiting: Readonly<Record<string, string>> = {
  connecting: 'its socket to open',
  subscribing: "the venue's word that it is subscribed",
  stale: 'what has fallen silent to speak again',
  backingOff: 'the end of its pause',
  refused: 'the end of its long pause: the venue has refused it',
}

/** One event of many, as the page of a history wants them. */
const pageOf = <T extends { readonly seq: number }>(events: readonly T[], page: HistoryPage): readonly T[] => {
  if (!('before' in page)) return events.filter(({ seq }) => seq > page.after).slice(0, page.limit)
  return events.filter(({ seq }) => seq < page.before).slice(-page.limit)
}

export const inspectSupervisor = ({ name, state, since, context, events }: SupervisorInspection, page: HistoryPage): ActorInspection => {
  const machine = machines['connection']
  const wait = waiting[state]
  return {
    address: `${prefix}${name}`,
    machine: 'connection',
    // Nothing of it is kept over a start: there are no versions of it.
    version: 0,
    state,
    since,
    context,
    history: pageOf(events, page).map((event) => ({ ...event, turn: '' })),
    next: machine === undefined ? [] : nextEvents(machine, state, context),
    deadlines: [],
    pending: [],
    waitsFor: wait === undefined ? [] : [wait],
  }
}
