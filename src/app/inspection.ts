/** The running desk as others may see it. */
import { concatMap, from, map, share, type Observable } from 'rxjs'
import type { Desk } from '../actors/desk.ts'
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import { chartOf, machines, mermaidOf, nextEvents } from '../machines/chart.ts'
import { durableMachines } from '../machines/durable-machines.ts'
import type { ActorInspection, DeskInspection, Inspection, MachineInspection } from '../ports/inspection.ts'
import type { ActorQuery, JournalReads } from '../ports/journal.ts'
import type { Config } from './config/schema.ts'

const charts = new Map(Object.entries(machines).map(([id, machine]) => [id, chartOf(machine)]))

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
  'desk paused': 'somebody to resume it',
}

const inspectActor = async (reads: JournalReads, record: ActorRecord, after: number, limit: number): Promise<ActorInspection> => {
  const history = await reads.history(record.address, after, limit)
  const deadlines = await reads.deadlinesOf(record.address)
  const chart = charts.get(record.kind)
  const wait = waiting[`${record.kind} ${record.state}`]
  return {
    address: record.address,
    machine: record.kind,
    version: record.version,
    state: record.state,
    since: record.since,
    context: record.context,
    history: history.map(({ seq, at, type, body, from: before, to, turn }) => ({ seq, at, type, body, from: before, to, turn })),
    next: chart === undefined ? [] : nextEvents(chart, record.state),
    deadlines: deadlines.map(({ name, dueAt }) => ({ name, dueAt })),
    waitsFor: [...(wait === undefined ? [] : [wait]), ...deadlines.map(({ name }) => `the deadline "${name}"`)],
  }
}

/** One actor from its rows alone: the same answer whether the desk runs or not. */
export const inspectAddress = async (reads: JournalReads, address: string, after: number, limit: number): Promise<ActorInspection | undefined> => {
  const record = await reads.actor(address)
  return record && inspectActor(reads, record, after, limit)
}

/** Every machine as a chart. */
export const inspectMachines = (): readonly MachineInspection[] =>
  [...charts].map(([id, chart]) => ({
    ...chart,
    id,
    version: id in durableMachines ? durableMachines[id as keyof typeof durableMachines].version : null,
    mermaid: mermaidOf(chart),
  }))

const inspectDesk = (desk: Desk, config: Config, facts: { readonly startedAt: number; readonly store: string }): DeskInspection => {
  const state = desk.view.deskState
  return {
    pid: process.pid,
    mode: config.mode,
    environment: config.environment,
    venue: config.venue.name,
    state,
    ready: state === 'trading' || state === 'paused',
    startedAt: facts.startedAt,
    epoch: desk.lease.epoch,
    starts: desk.lease.starts,
    install: desk.lease.install,
    store: facts.store,
    fees: { maker: desk.fees.maker, taker: desk.fees.taker },
    openPairs: desk.view.pairs().length,
    liveOrders: desk.view.orders().length,
    exposure: desk.view.exposure(),
    backlog: desk.backlog,
    alerts: desk.alerts,
  }
}

/** The desk, its rows and its journal behind one interface. */
export const inspectionOf = (desk: Desk, reads: JournalReads, config: Config, store: string): Inspection => {
  const startedAt = Date.now()
  const events: Observable<EventRecord> = desk.committed.pipe(map((turn) => turn.events), concatMap((list) => from(list)), share())
  return {
    desk: () => inspectDesk(desk, config, { startedAt, store }),
    connections: () => desk.connections,
    prices: () => desk.prices,
    machines: inspectMachines,
    actors: (query: ActorQuery) => reads.actors(query),
    actor: (address, after, limit) => inspectAddress(reads, address, after, limit),
    events,
    missed: (position, limit) => reads.since(position, limit),
  }
}
