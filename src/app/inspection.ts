/** The running desk as others may see it. */
import { Subject, type Observable } from 'rxjs'
import type { Desk } from '../actors/desk.ts'
import { orderAddress } from '../domain/address.ts'
import type { Command } from '../domain/command.ts'
import { executionOf, type ExecutionResult } from '../domain/execution.ts'
import type { OrderRequest } from '../domain/order.ts'
import type { ActorRecord, EventRecord, FillRecord, KeptAudit, ReconciliationRecord } from '../domain/records.ts'
import type { ActorInspection, ChartInspection, ConnectionInspection, DeskInspection, HistoryPage, Inspection, MachineInspection, PositionInspection, PriceInspection, PricePoint, SupervisorInspection, WhyInspection } from '../ports/inspection.ts'
import type { ActorQuery, AuditQuery, JournalReads, RealisedTotal } from '../ports/journal.ts'
import type { OrderContext } from '../machines/order/order-context.ts'
import type { CommandOutcome, Preview, Steerable } from '../ports/steering.ts'
import type { LifeTooLong, ReplayInspection } from '../ports/replay.ts'
import { inspectActor } from './actor-inspection.ts'
import { inspectChart, inspectMachines } from './chart-inspection.ts'
import type { Config } from './config/schema.ts'
import { replayActor } from './replay.ts'
import { inspectSupervisor, supervisedBy } from './supervisor-inspection.ts'
import { whyBeforeTheStart, whyOf } from './why.ts'

/** Longest life that is folded inside the process that trades; the command line folds longer ones outside of it. */
const mostReplayed = 20_000

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
  backlog: { turns: 0, calls: 0, deadlines: 0, storeAway: false, commitMs: 0 },
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

  supervisors(): readonly SupervisorInspection[] {
    return this.#desk?.supervisors ?? []
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

  async actor(address: string, history: HistoryPage): Promise<ActorInspection | undefined> {
    const name = supervisedBy(address)
    if (name === undefined) return inspectActor(this.#reads, address, history)
    const found = this.supervisors().find((supervisor) => supervisor.name === name)
    return found && inspectSupervisor(found, history)
  }

  replay(address: string, after: number, limit: number): Promise<ReplayInspection | LifeTooLong | undefined> {
    return replayActor(this.#reads, address, { after, limit, mostEvents: mostReplayed })
  }

  chart(machine: string, address?: string): Promise<ChartInspection | undefined> {
    return inspectChart({ reads: this.#reads, supervisors: this.supervisors() }, machine, address)
  }

  priceHistory(instrument: string): readonly PricePoint[] | undefined {
    return this.#desk === undefined ? [] : this.#desk.priceHistory(instrument)
  }

  fills(limit: number): Promise<readonly FillRecord[]> {
    return this.#reads.allFills(limit)
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
