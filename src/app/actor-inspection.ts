/** One actor from its rows alone: the same answer whether the desk runs or not. */
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import { machines, nextEvents } from '../machines/chart.ts'
import { isContinuable } from '../machines/durable-machines.ts'
import { pendingEffects } from '../machines/pending-effects.ts'
import type { ActorInspection, HistoryPage } from '../ports/inspection.ts'
import type { JournalReads } from '../ports/journal.ts'

const waiting: Readonly<Record<string, string>> = {
  'order submitting': "the venue's answer to the create",
  'order resolving': 'evidence of its fate, or the proof that it never existed',
  'order pending': 'the market to reach its price',
  'order partial': 'the market to fill the rest',
  'order cancelling': "the venue's word that it is gone",
  'trade-pair buying.pending': 'its buy to fill',
  'trade-pair buying.partial': 'the rest of its buy to fill',
  'trade-pair filled': 'the moment to place its sell again',
  'trade-pair sellPlaced.pending': 'its sell to fill',
  'trade-pair sellPlaced.partial': 'the rest of its sell to fill',
  'trade-pair held': 'a person',
  'desk reconciling': 'a complete reconciliation with the venue',
  'desk cutOff': 'the lost stream',
  'desk hindered': 'its hindrances to end: see `hindrances` in its context',
  'desk observing': 'the end of a restart loop: see `observeUntil` in its context',
  'account differing': 'the same difference again, or none',
  'desk paused': 'somebody to resume it',
  'breaker tripped.timed': 'its end: see `trip.until` in its context',
  'breaker tripped.lasting': 'the end of the trouble: see `trip.reason` in its context',
  'breaker tripped.stopped': 'a person to reset it: nightdesk reset-breaker',
  'kill-switch entries': 'a person to lift it',
  'kill-switch orders': 'a person to lift it',
  'kill-switch flatten': 'a person to lift it',
  'kill-switch quarter': 'clean trades: see `clean` and `cleanTrades` in its context',
  'kill-switch half': 'clean trades: see `clean` and `cleanTrades` in its context',
}

type Reads = Pick<JournalReads, 'actor' | 'history' | 'historyBefore' | 'deadlinesOf'>

const historyOf = (reads: Reads, address: string, page: HistoryPage): Promise<readonly EventRecord[]> =>
  'before' in page ? reads.historyBefore(address, page.before, page.limit) : reads.history(address, page.after, page.limit)

const inspectRecord = async (reads: Reads, record: ActorRecord, page: HistoryPage): Promise<ActorInspection> => {
  const { address, kind, version, state, since, context } = record
  const history = await historyOf(reads, address, page)
  const deadlines = await reads.deadlinesOf(address)
  const machine = machines[kind]
  const wait = waiting[`${kind} ${state}`]
  return {
    address,
    machine: kind,
    version,
    state,
    since,
    context,
    history: history.map(({ seq, at, type, body, from, to, turn }) => ({ seq, at, event: type, from, to, turn, body })),
    // What a row of another version may do next, this program's machine does not know.
    next: machine === undefined || !isContinuable(kind, state, context) ? [] : nextEvents(machine, state, context),
    deadlines: deadlines.map(({ name, dueAt }) => ({ name, dueAt })),
    pending: pendingEffects(record),
    waitsFor: [...(wait === undefined ? [] : [wait]), ...deadlines.map(({ name }) => `the deadline "${name}"`)],
  }
}

/** Undefined when there never was such an actor. */
export const inspectActor = async (reads: Reads, address: string, page: HistoryPage): Promise<ActorInspection | undefined> => {
  const record = await reads.actor(address)
  return record && inspectRecord(reads, record, page)
}
