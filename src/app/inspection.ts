/** The running desk as others may see it. */
import { Subject, type Observable } from 'rxjs'
import type { Desk } from '../actors/desk.ts'
import { orderAddress } from '../domain/address.ts'
import type { Command } from '../domain/command.ts'
import { executionOf, type ExecutionResult } from '../domain/execution.ts'
import type { OrderRequest } from '../domain/order.ts'
import type { ActorRecord, EventRecord, KeptAudit, ReconciliationRecord } from '../domain/records.ts'
import { chartOf, machines, mermaidOf, nextEvents } from '../machines/chart.ts'
import { durableMachines } from '../machines/durable-machines.ts'
import type { ActorInspection, ConnectionInspection, DeskInspection, Inspection, MachineInspection, PositionInspection, PriceInspection, WhyInspection } from '../ports/inspection.ts'
import type { ActorQuery, AuditQuery, JournalReads, RealisedTotal } from '../ports/journal.ts'
import type { OrderContext } from '../machines/order/order-context.ts'
import type { CommandOutcome, Preview, Steerable } from '../ports/steering.ts'
import type { Config } from './config/schema.ts'
import { whyBeforeTheStart, whyOf } from './why.ts'

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
    history: history.map(({ seq, at, type, body, from, to, turn }) => ({ seq, at, event: type, from, to, turn, body })),
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

const inspectMachines = (): readonly MachineInspection[] =>
  [...charts].map(([id, chart]) => ({
    ...chart,
    id,
    version: id in durableMachines ? durableMachines[id as keyof typeof durableMachines].version : null,
    mermaid: mermaidOf(chart),
  }))

const beforeTheStart: Pick<DeskInspection, 'state' | 'ready' | 'trading' | 'kill' | 'breakers' | 'epoch' | 'starts' | 'install' | 'fees' | 'openPairs' | 'liveOrders' | 'exposure' | 'backlog' | 'alerts'> = {
  state: 'starting',
  ready: false,
  trading: { state: 'reducing', because: 'the desk is starting' },
  kill: 'off',
  breakers: [],
  epoch: 0,
  starts: 0,
  install: '',
  fees: { maker: '0', taker: '0' },
  openPairs: 0,
  liveOrders: 0,
  exposure: '0',
  backlog: { turns: 0, calls: 0, deadlines: 0, storeAway: false },
  alerts: [],
}

const asItIs = (desk: Desk): typeof beforeTheStart => {
  const state = desk.view.deskState
  const { tradingState, kill } = desk.view
  return {
    state,
    ready: state === 'trading' || state === 'paused',
    trading: { state: tradingState.state, because: tradingState.state === 'active' ? null : tradingState.because },
    kill: kill.state,
    breakers: desk.view.tripped(),
    epoch: desk.lease.epoch,
    starts: desk.lease.starts,
    install: desk.lease.install,
    fees: { maker: desk.fees.maker, taker: desk.fees.taker },
    openPairs: desk.view.pairs().length,
    liveOrders: desk.view.orders().length,
    exposure: desk.view.exposure(),
    backlog: desk.backlog,
    alerts: desk.alerts,
  }
}

/** The desk, its rows and its journal behind one interface; there before the desk is, so that its start can be watched. */
export class DeskWindow implements Inspection, Steerable {
  readonly #reads: JournalReads
  readonly #config: Config
  readonly #store: string
  readonly #startedAt = Date.now()
  readonly #events = new Subject<EventRecord>()
  #desk: Desk | undefined

  constructor(options: { readonly reads: JournalReads; readonly config: Config; readonly store: string }) {
    this.#reads = options.reads
    this.#config = options.config
    this.#store = options.store
  }

  /** From now on the window shows this desk. */
  show(desk: Desk): void {
    this.#desk = desk
    desk.committed.subscribe((turn) => {
      for (const event of turn.events) this.#events.next(event)
    })
  }

  get events(): Observable<EventRecord> {
    return this.#events
  }

  desk(): DeskInspection {
    const { mode, environment, venue } = this.#config
    const facts = { pid: process.pid, mode, environment, venue: venue.name, startedAt: this.#startedAt, store: this.#store }
    return { ...facts, ...(this.#desk === undefined ? beforeTheStart : asItIs(this.#desk)) }
  }

  why(instrument?: string): WhyInspection | undefined {
    return this.#desk === undefined ? whyBeforeTheStart : whyOf(this.#desk, this.#config.risk.quoteMaxAgeMs, instrument)
  }

  connections(): readonly ConnectionInspection[] {
    return this.#desk?.connections ?? []
  }

  prices(): readonly PriceInspection[] {
    return this.#desk?.prices ?? []
  }

  positions(): readonly PositionInspection[] {
    return this.#desk?.positions ?? []
  }

  realised(from: number, to: number): Promise<readonly RealisedTotal[]> {
    return this.#reads.realised(from, to)
  }

  machines(): readonly MachineInspection[] {
    return inspectMachines()
  }

  actors(query: ActorQuery): Promise<readonly ActorRecord[]> {
    return this.#reads.actors(query)
  }

  actor(address: string, after: number, limit: number): Promise<ActorInspection | undefined> {
    return inspectAddress(this.#reads, address, after, limit)
  }

  reconciliations(limit: number, outcome?: ReconciliationRecord['outcome']): Promise<readonly ReconciliationRecord[]> {
    return this.#reads.reconciliations(limit, outcome)
  }

  audit(query: AuditQuery): Promise<readonly KeptAudit[]> {
    return this.#reads.audit(query)
  }

  command(command: Command): Promise<CommandOutcome> {
    return this.#desk?.command(command) ?? Promise.resolve({ kind: 'failed', detail: 'the desk is still starting: ask again in a moment' })
  }

  async preview(request: OrderRequest): Promise<Preview | undefined> {
    return this.#desk?.preview(request)
  }

  async execution(clientOrderId: string): Promise<ExecutionResult | undefined> {
    const record = await this.#reads.actor(orderAddress(clientOrderId))
    if (record?.order === undefined) return undefined
    const { arrival } = record.context as Partial<OrderContext>
    const fills = await this.#reads.fillsOf(clientOrderId)
    return executionOf({ ...record.order, state: record.state, arrival: arrival ?? null }, fills.map(({ fill }) => fill))
  }

  missed(position: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#reads.since(position, limit)
  }
}
