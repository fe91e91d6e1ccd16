/** A desk made by hand: its rows, its charts and its events, served over real sockets. */
import { fileURLToPath } from 'node:url'
import { Subject } from 'rxjs'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import { money, price, quantity } from '../../src/domain/decimal.ts'
import type { Command } from '../../src/domain/command.ts'
import { executionOf } from '../../src/domain/execution.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { ReconciliationRecord, ActorRecord, EventRecord, FillRecord, KeptAudit } from '../../src/domain/records.ts'
import type { ActorInspection, DeskInspection, HistoryPage, Inspection, PricePoint, SupervisorInspection, WhyInspection } from '../../src/ports/inspection.ts'
import type { ActorQuery, AuditQuery } from '../../src/ports/journal.ts'
import type { Log } from '../../src/ports/log.ts'
import type { CommandOutcome, Preview } from '../../src/ports/steering.ts'
import { serveHttp, type HttpOptions, type HttpServing } from '../../src/adapters/http/index.ts'
import { inspectChart, inspectMachines } from '../../src/app/chart-inspection.ts'
import { inspectSupervisor, supervisedBy } from '../../src/app/supervisor-inspection.ts'
import { replayActor } from '../../src/app/replay.ts'
import type { LifeTooLong, ReplayInspection } from '../../src/ports/replay.ts'

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Where nothing is measured. */
const noFigures = { contentType: 'text/plain', text: async () => '' }

const began = Date.now() - 3_600_000

export const orderRow = (id: string, over: Partial<ActorRecord> & { filled?: string; side?: 'buy' | 'sell'; price?: string; pair?: string } = {}): ActorRecord => {
  const { filled = '0', side = 'buy', price: at = '64250.12', pair = 'p-0001', ...rest } = over
  const state = rest.state ?? 'pending'
  return {
    address: `order/${id}`,
    kind: 'order',
    version: 1,
    seq: 2,
    state,
    since: Date.now() - 42_000,
    context: { clientOrderId: id },
    finished: false,
    order: {
      clientOrderId: id,
      pairId: pair,
      leg: side,
      attempt: 1,
      instrument: 'BTC-USD',
      side,
      quantity: quantity('0.0004'),
      price: price(at),
      filled: quantity(filled),
      venueOrderId: `venue-${id}`,
      claimedAt: Date.now() - 43_000,
      live: rest.finished !== true,
      reason: null,
    },
    ...rest,
  }
}

export const pairRow = (id: string, over: Partial<ActorRecord> & { bought?: string; sold?: string; closed?: boolean; proceeds?: string; held?: string | null } = {}): ActorRecord => {
  const { bought = '0.0004', sold = '0', closed = false, proceeds = '0', held = null, ...rest } = over
  return {
    address: `trade-pair/${id}`,
    kind: 'trade-pair',
    version: 1,
    seq: 5,
    state: closed ? 'closed' : 'sellPlaced.pending',
    since: Date.now() - 75_000,
    context: { pairId: id, note: '<img src=x onerror="document.title=\'broken\'">' },
    finished: closed,
    tradePair: {
      pairId: id,
      instrument: 'BTC-USD',
      strategy: 'ladder',
      bought: quantity(bought),
      held: quantity(bought),
      sold: quantity(sold),
      cost: money('25.700048'),
      proceeds: money(proceeds),
      fees: money('0.0128'),
      minSellPrice: price('64289.5'),
      openedAt: Date.now() - 190_000,
      closedAt: closed ? Date.now() - 20_000 : null,
      heldBecause: held,
    },
    ...rest,
  }
}

export const event = (position: number, over: Partial<EventRecord> = {}): EventRecord => ({
  position,
  address: 'order/o-0001',
  seq: position,
  turn: `turn-${position}`,
  at: Date.now(),
  type: 'venueReported',
  body: { status: 'open' },
  from: 'submitting',
  to: 'pending',
  ...over,
})

/** What the desk under test shows; tests change it as they go. */
export class FakeDesk {
  state = 'trading'
  ready = true
  exposure = '184.20'
  readonly records: ActorRecord[] = []
  readonly journal: EventRecord[] = []
  readonly news = new Subject<EventRecord>()
  readonly reads: [number, number][] = []
  trading: DeskInspection['trading'] = { state: 'active', because: null }
  kill = 'off'
  alerts: DeskInspection['alerts'] = []
  breakers: DeskInspection['breakers'] = []
  /** Called when missed events are read, before the answer. */
  onMissed: () => Promise<void> | void = () => {}
  fallback: 'off' | 'polling' = 'off'
  bid = '64251.1'
  failing = false

  commit(record: EventRecord): void {
    this.journal.push(record)
    this.news.next(record)
  }

  desk(): DeskInspection {
    const live = this.records.filter((record) => !record.finished)
    return {
      pid: 4242,
      mode: 'live',
      environment: 'sandbox',
      venue: 'coinbase',
      state: this.state,
      ready: this.ready,
      trading: this.trading,
      kill: this.kill,
      breakers: this.breakers,
      startedAt: began,
      epoch: 7,
      starts: 7,
      install: 'k3f9',
      store: 'embedded PostgreSQL 18',
      fees: { maker: '0', taker: '0.0005' },
      openPairs: live.filter((record) => record.kind === 'trade-pair').length,
      liveOrders: live.filter((record) => record.kind === 'order').length,
      exposure: this.exposure,
      backlog: { turns: 0, calls: 1, deadlines: 12, storeAway: false, commitMs: 3 },
      alerts: this.alerts,
    }
  }

  /** Commands that were sent, and what is answered to them. */
  readonly commands: Command[] = []
  outcome: (command: Command) => CommandOutcome = ({ id, kind, who, reason }) => ({ kind: 'done', again: false, record: { commandId: id, at: began, kind, who, reason, target: 'desk', before: 'trading', after: 'paused', pairId: null, orderId: null, rule: null } })

  readonly executed = executionOf({ clientOrderId: 'nd-k3f9-o-0001', state: 'partial', side: 'sell', quantity: quantity('0.0004'), arrival: { bid: price('64250'), ask: price('64252') } }, [])
  readonly previewed: OrderRequest[] = []
  starting = false

  async preview(request: OrderRequest): Promise<Preview | undefined> {
    this.previewed.push(request)
    return this.starting ? undefined : { gate: { rule: 'spread', detail: 'too wide' }, venue: { kind: 'possible', fee: money('0.1'), total: money('60.1') }, venueFailed: null }
  }

  async command(command: Command): Promise<CommandOutcome> {
    this.commands.push(command)
    return this.outcome(command)
  }

  inspectActor(address: string, page: HistoryPage): ActorInspection | undefined {
    const record = this.records.find((one) => one.address === address)
    if (record === undefined) return undefined
    const history = this.journal
      .filter((one) => one.address === address && ('before' in page ? one.seq < page.before : one.seq > page.after))
      .slice(...('before' in page ? [-page.limit] : [0, page.limit]))
      .map(({ seq, at, type, body, from, to, turn }) => ({ seq, at, event: type, body, from, to, turn }))
    return {
      address,
      machine: record.kind,
      version: record.version,
      state: record.state,
      since: record.since,
      context: record.context,
      history,
      next: ['cancelWanted', 'fillBooked', 'venueReported'],
      deadlines: [{ name: 'look again', dueAt: Date.now() + 25_000 }],
      pending: [{ type: 'fetchFills', clientOrderId: 'nd-k3f9-o-0001', venueOrderId: 'venue-1' }],
      waitsFor: ['the market to reach its price', 'the deadline "look again"'],
    }
  }

  audits: readonly KeptAudit[] = [{ number: 1, hash: 'a'.repeat(64), commandId: 'c1', at: began, kind: 'pause', who: 'ann', reason: 'lunch', target: 'desk', before: 'trading', after: 'paused', pairId: null, orderId: null, rule: null }]
  readonly pnlAsked: [number, number][] = []
  readonly auditQueries: AuditQuery[] = []
  reconciliations: readonly ReconciliationRecord[] = [
    {
      id: '3-2',
      began: began + 5_000,
      ended: began + 5_040,
      reason: 'the link is back',
      outcome: 'repaired',
      compared: { orders: 4, fills: 12, assets: 2 },
      differences: [{ kind: 'order', about: 'ndab12-01JD5MZX8K4T7WQ2AB-b1', expected: 'pending, 0 of 0.001 booked', found: 'filled at the venue as v-1, 0.001 of 0.001 executed', done: 'the order was told and reads its fills' }],
      omitted: 0,
      detail: null,
    },
    { id: '3-1', began, ended: began + 30, reason: 'the desk has started', outcome: 'agreed', compared: { orders: 4, fills: 11, assets: 2 }, differences: [], omitted: 0, detail: null },
  ]

  why(instrument = 'BTC-USD'): WhyInspection | undefined {
    const because = this.breakers.map(({ name, reason }) => `${name} is tripped: ${reason}`)
    return {
      entries: because.length === 0,
      trading: { state: 'active', because: null },
      desk: { state: this.state, waitsBecause: null, pausedBecause: null, hindrances: {} },
      kill: { state: 'off', because: null },
      breakers: this.breakers,
      instruments: [{ instrument, entries: because.length === 0, because, status: 'online', price: { state: 'live', ageMs: 210, maxAgeMs: 5_000 } }],
      denials: [{ at: began, rule: 'exposure', instrument, side: 'buy', times: 3, detail: '310 would be bound, the limit is 300' }],
    }
  }

  points: readonly PricePoint[] = [{ at: began, bid: price('64250'), ask: price('64252') }]
  booked: readonly FillRecord[] = []

  /** The rows and the journal as the store's readers would give them. */
  readonly supervisors: readonly SupervisorInspection[] = [
    {
      name: 'market',
      state: 'connecting',
      since: began + 3_000,
      context: { policy: { backoffMs: 500, backoffMaxMs: 30_000 }, attempt: 1, pauseMs: 500, gaps: 0, reconnects: 0, everLive: true, lastEnd: 'closed' },
      events: [
        { seq: 1, at: began, event: 'created', from: '', to: 'connecting', body: {} },
        { seq: 2, at: began + 10, event: 'opened', from: 'connecting', to: 'subscribing', body: {} },
        { seq: 3, at: began + 20, event: 'subscribed', from: 'subscribing', to: 'live', body: {} },
        { seq: 4, at: began + 2_000, event: 'ended', from: 'live', to: 'backingOff', body: { detail: 'closed', chance: 0.5 } },
        { seq: 5, at: began + 3_000, event: 'after backoff', from: 'backingOff', to: 'connecting', body: {} },
      ],
    },
  ]

  get rows() {
    return {
      actor: async (address: string) => this.records.find((one) => one.address === address),
      history: async (address: string, after: number, limit: number) => this.journal.filter((one) => one.address === address && one.seq > after).slice(0, limit),
      historyBefore: async (address: string, before: number, limit: number) => this.journal.filter((one) => one.address === address && one.seq < before).slice(-limit),
    }
  }

  async replay(address: string, after: number, limit: number): Promise<ReplayInspection | LifeTooLong | undefined> {
    return replayActor(this.rows, address, { after, limit, mostEvents: 1_000 })
  }

  query({ kind, states, finished, sinceBefore, after, limit }: ActorQuery): readonly ActorRecord[] {
    if (this.failing) throw new Error('the store is away: password=hunter2')
    return this.records
      .filter((record) => (kind === undefined || record.kind === kind) && (states === undefined || states.includes(record.state)) && (finished === undefined || record.finished === finished))
      .filter((record) => (sinceBefore === undefined || record.since < sinceBefore) && (after === undefined || this.records.findIndex(({ address }) => address === after) < this.records.indexOf(record)))
      .slice(0, limit)
  }

  inspection(): Inspection {
    return {
      desk: () => this.desk(),
      why: (instrument) => (instrument === 'DOGE-USD' ? undefined : this.why(instrument)),
      connections: () => [
        { name: 'market', venue: 'coinbase', state: 'live', since: began + 1_000, attempt: 0, lastFrameAt: Date.now() - 120, lastEventAt: Date.now() - 340, fallback: 'off', gaps: 0, reconnects: 2, polls: 0, lastEnd: 'socket closed (1006)' },
        { name: 'account', venue: 'coinbase', state: this.fallback === 'off' ? 'live' : 'backingOff', since: Date.now() - 9_000, attempt: 3, lastFrameAt: Date.now() - 900, lastEventAt: Date.now() - 8_200, fallback: this.fallback, gaps: 1, reconnects: 4, polls: 17, lastEnd: null },
      ],
      prices: () => [
        { instrument: 'BTC-USD', bid: price(this.bid), ask: price('64251.9'), at: Date.now() - 210, ageMs: 210, source: 'stream', state: 'live', rejected: 0, lastProblem: null },
        { instrument: 'ETH-USD', bid: null, ask: null, at: null, ageMs: null, source: null, state: 'none', rejected: 3, lastProblem: 'crossed' },
      ],
      machines: () => inspectMachines(),
      positions: () => [],
      realised: async (from, to) => {
        this.pnlAsked.push([from, to])
        return [{ day: '2026-11-21', instrument: 'BTC-USD', pairs: 3, wins: 2, profit: money('0.5'), fees: money('0.1') }]
      },
      execution: async (id) => (id === 'nd-k3f9-o-0001' ? this.executed : undefined),
      audit: async (query) => {
        this.auditQueries.push(query)
        return this.audits
      },
      reconciliations: async (limit, outcome) => this.reconciliations.filter((record) => outcome === undefined || record.outcome === outcome).slice(0, limit),
      actors: async (query) => this.query(query),
      actor: async (address, page) => {
        const found = this.supervisors.find(({ name }) => name === supervisedBy(address))
        return found === undefined ? this.inspectActor(address, page) : inspectSupervisor(found, page)
      },
      replay: (address, after, limit) => this.replay(address, after, limit),
      supervisors: () => this.supervisors,
      chart: (machine, address) => inspectChart({ reads: this.rows, supervisors: this.supervisors }, machine, address),
      priceHistory: (instrument) => (instrument === 'BTC-USD' ? this.points : undefined),
      fills: async (limit) => this.booked.slice(0, limit),
      events: this.news,
      missed: async (position, limit) => {
        this.reads.push([position, limit])
        const rows = this.journal.filter((one) => one.position > position).slice(0, limit)
        await this.onMissed()
        return rows
      },
    }
  }
}

/** The page as it is built before the tests (test/support/page.setup.ts). */
const page = fileURLToPath(new URL('../../dashboard/dist/', import.meta.url))

/** How a desk made by hand is served; on a free port unless another is named. */
export const optionsOf = (desk: FakeDesk, port = 0): HttpOptions => ({ inspection: desk.inspection(), steering: desk, metrics: noFigures, token: 'the-token', page, host: '127.0.0.1', port, log: silent, clock: systemClock })

/** Serves a desk made by hand on a free port. */
export const serve = async (desk: FakeDesk): Promise<HttpServing> =>
  serveHttp(optionsOf(desk))

/** A desk with something to see. */
export const busyDesk = (): FakeDesk => {
  const desk = new FakeDesk()
  desk.records.push(
    { address: 'desk', kind: 'desk', version: 1, seq: 4, state: 'trading', since: began + 4_000, context: {}, finished: false },
    pairRow('p-0001', { state: 'sellPlaced.partial', sold: '0.0001' }),
    pairRow('p-0002', { state: 'buying.partial', bought: '0.0002', since: Date.now() - 12_000 }),
    pairRow('p-0003', { state: 'held', held: 'three covering sells in a row never stood' }),
    ...Array.from({ length: 4 }, (_, at) => pairRow(`p-09${90 + at}`, { closed: true, sold: '0.0004', proceeds: at === 2 ? '25.6811' : `25.7${at}9348`, since: Date.now() - 20_000 * (at + 1) })),
    orderRow('nd-k3f9-o-0001', { side: 'sell', filled: '0.0001', state: 'partial', price: '64290', seq: 3 }),
    orderRow('nd-k3f9-o-0002', { pair: 'p-0002', filled: '0.0002', state: 'partial' }),
    ...Array.from({ length: 6 }, (_, at) => orderRow(`nd-k3f9-o-1${at}`, { pair: `p-1${at}`, price: String(64_240 - at * 13) })),
    orderRow('nd-k3f9-o-0009', { pair: 'p-0009', state: 'resolving' }),
  )
  const steps: [string, string, string][] = [['placed', '', 'submitting'], ['accepted', 'submitting', 'pending'], ['fillBooked', 'pending', 'partial']]
  steps.forEach(([type, from, to], at) => desk.journal.push(event(at + 1, { address: 'order/nd-k3f9-o-0001', seq: at + 1, type, from, to, at: Date.now() - 60_000 + at * 20_000 })))
  return desk
}
