/**
 * The journal in memory, for simulation and tests. It refuses everything that PostgreSQL refuses: a second live
 * order of a leg, a broken cover, a fill or an event twice, a stale epoch; and it can be told to lose an answer.
 * `test/contracts/journal.contract.ts` holds both to the same words.
 */
import { kindOf, type Address } from '../../domain/address.ts'
import { compare, minus, plus, quantity, sum, type Quantity } from '../../domain/decimal.ts'
import type { ActorRecord, DeadlineRecord, EventRecord, FillRecord, LotRecord, OrderRecord, QuarantineRecord } from '../../domain/records.ts'
import type { ActorQuery, Batch, CommitOutcome, Journal, JournalReads, JournalRule, LeaseOutcome, LiveRows, StoreStamp } from '../../ports/journal.ts'

/** The shared store: what survives when a journal (a process) goes away. */
export class MemoryStore {
  epoch = 0
  starts = 0
  install = ''
  stamp: StoreStamp | undefined
  /** The journal that holds the lock. */
  holder: MemoryJournal | undefined
  tables: Tables = emptyTables()
}

interface Tables {
  readonly batches: ReadonlySet<string>
  readonly actors: ReadonlyMap<Address, ActorRecord>
  readonly events: readonly EventRecord[]
  readonly fills: ReadonlyMap<string, FillRecord>
  readonly lots: ReadonlyMap<string, LotRecord>
  readonly deadlines: ReadonlyMap<string, DeadlineRecord>
  readonly quarantine: readonly QuarantineRecord[]
}

const emptyTables = (): Tables => ({
  batches: new Set(),
  actors: new Map(),
  events: [],
  fills: new Map(),
  lots: new Map(),
  deadlines: new Map(),
  quarantine: [],
})

class Refused extends Error {
  readonly rule: JournalRule
  constructor(rule: JournalRule, detail: string) {
    super(detail)
    this.rule = rule
  }
}

const fillKey = (venue: string, fill: { instrument: string; tradeId: string; venueOrderId: string }): string =>
  [venue, fill.instrument, fill.tradeId, fill.venueOrderId].join(' ')

const ordersOf = (actors: ReadonlyMap<Address, ActorRecord>): readonly OrderRecord[] =>
  [...actors.values()].flatMap((record) => record.order ?? [])

/** What the next commit should meet, told by a test. */
export type NextCommit = 'loseBefore' | 'loseAfter'

export class MemoryJournal implements Journal, JournalReads {
  readonly #store: MemoryStore
  #epoch = 0
  #connected = true
  #next: NextCommit | undefined

  constructor(store: MemoryStore) {
    this.#store = store
  }

  /** The answer of the next commit is lost, before or after it took hold. */
  loseNext(next: NextCommit): void {
    this.#next = next
  }

  async takeLease(stamp: StoreStamp, installWhenNew: string): Promise<LeaseOutcome> {
    const store = this.#store
    if (store.holder !== undefined && store.holder !== this) return { kind: 'held', detail: 'another journal holds the desk' }
    const owned = store.stamp
    if (owned !== undefined && JSON.stringify(owned) !== JSON.stringify(stamp)) return { kind: 'otherOwner', stamp: owned }
    store.holder = this
    store.stamp = stamp
    store.install ||= installWhenNew
    this.#epoch = ++store.epoch
    const lastPosition = store.tables.events.at(-1)?.position ?? 0
    return { kind: 'taken', lease: { epoch: this.#epoch, starts: ++store.starts, install: store.install, lastPosition } }
  }

  async commit(batch: Batch): Promise<CommitOutcome> {
    const next = this.#next
    this.#next = undefined
    if (!this.#connected) return { kind: 'inDoubt', detail: 'not connected' }
    if (next === 'loseBefore') return this.#lose()
    if (this.#store.epoch !== this.#epoch) return { kind: 'epochLost' }
    try {
      this.#store.tables = applied(this.#store.tables, batch)
    } catch (error) {
      if (error instanceof Refused) return { kind: 'refused', rule: error.rule, detail: error.message }
      throw error
    }
    return next === 'loseAfter' ? this.#lose() : { kind: 'committed' }
  }

  #lose(): CommitOutcome {
    this.#connected = false
    return { kind: 'inDoubt', detail: 'the answer was lost' }
  }

  async wasCommitted(batchId: string): Promise<boolean> {
    return this.#store.tables.batches.has(batchId)
  }

  async reconnect(): Promise<boolean> {
    this.#connected = true
    return this.#store.epoch === this.#epoch
  }

  async liveRows(): Promise<LiveRows> {
    const { actors, deadlines } = this.#store.tables
    return { actors: [...actors.values()].filter((record) => !record.finished), deadlines: [...deadlines.values()] }
  }

  async actor(address: Address): Promise<ActorRecord | undefined> {
    return this.#store.tables.actors.get(address)
  }

  async history(address: Address, after: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#store.tables.events.filter((event) => event.address === address && event.seq > after).slice(0, limit)
  }

  async since(position: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#store.tables.events.filter((event) => event.position > position).slice(0, limit)
  }

  async deadlinesOf(address: Address): Promise<readonly DeadlineRecord[]> {
    return [...this.#store.tables.deadlines.values()].filter((deadline) => deadline.address === address)
  }

  async actors({ kind, states, finished, limit }: ActorQuery): Promise<readonly ActorRecord[]> {
    return [...this.#store.tables.actors.values()]
      .filter((record) => (kind === undefined || record.kind === kind) && (states === undefined || states.includes(record.state)))
      .filter((record) => finished === undefined || record.finished === finished)
      .reverse()
      .slice(0, limit)
  }

  async fillsOf(clientOrderId: string): Promise<readonly FillRecord[]> {
    return [...this.#store.tables.fills.values()].filter((record) => record.clientOrderId === clientOrderId)
  }

  async allFills(limit: number): Promise<readonly FillRecord[]> {
    return [...this.#store.tables.fills.values()].reverse().slice(0, limit)
  }

  /** Gives the lock back, as the end of a process does. */
  async close(): Promise<void> {
    if (this.#store.holder === this) this.#store.holder = undefined
  }
}

const applied = (before: Tables, batch: Batch): Tables => {
  const { turns } = batch
  if (before.batches.has(batch.id)) throw new Refused('other', `batch ${batch.id} is there already`)
  const actors = new Map(before.actors)
  for (const record of turns.flatMap((turn) => turn.actors)) actors.set(record.address, record)
  const fills = new Map(before.fills)
  for (const record of turns.flatMap((turn) => turn.fills)) addFill(fills, actors, record)
  const lots = new Map(before.lots)
  for (const lot of turns.flatMap((turn) => turn.lots)) lots.set(fillKey(lot.venue, lot), lot)
  const after: Tables = {
    batches: new Set([...before.batches, batch.id]),
    actors,
    fills,
    lots,
    events: [...before.events, ...newEvents(before.events, batch)],
    deadlines: newDeadlines(before.deadlines, batch),
    quarantine: [...before.quarantine, ...turns.flatMap((turn) => turn.quarantined ?? [])],
  }
  checkReferences(after)
  checkLive(after)
  const offering = newOffers(batch)
  for (const pairId of touchedPairs(batch)) checkCover(after, pairId, offering.has(pairId))
  return after
}

const addFill = (fills: Map<string, FillRecord>, actors: ReadonlyMap<Address, ActorRecord>, record: FillRecord): void => {
  const key = fillKey(record.venue, record.fill)
  if (fills.has(key)) throw new Refused('duplicateFill', `fill ${key} is booked already`)
  if (!actors.has(`order/${record.clientOrderId}`)) throw new Refused('reference', `fill ${key} belongs to no order`)
  fills.set(key, record)
}

const newEvents = (before: readonly EventRecord[], batch: Batch): readonly EventRecord[] => {
  const known = new Set(before.map((event) => `${event.address} ${event.seq}`))
  const positions = new Set(before.map((event) => event.position))
  const events = batch.turns.flatMap((turn) => turn.events)
  for (const event of events) {
    const key = `${event.address} ${event.seq}`
    if (known.has(key) || positions.has(event.position)) throw new Refused('duplicateEvent', `event ${key} is there already`)
    known.add(key)
    positions.add(event.position)
  }
  return events
}

const newDeadlines = (before: ReadonlyMap<string, DeadlineRecord>, batch: Batch): ReadonlyMap<string, DeadlineRecord> => {
  const deadlines = new Map(before)
  for (const turn of batch.turns) {
    for (const { address, name } of turn.cleared) deadlines.delete(`${address} ${name}`)
    for (const deadline of turn.deadlines) deadlines.set(`${deadline.address} ${deadline.name}`, deadline)
  }
  return deadlines
}

const checkReferences = ({ actors }: Tables): void => {
  for (const order of ordersOf(actors)) {
    if (!actors.has(`trade-pair/${order.pairId}`)) throw new Refused('reference', `order ${order.clientOrderId} belongs to no trade pair`)
  }
}

const checkLive = ({ actors }: Tables): void => {
  const legs = new Set<string>()
  for (const order of ordersOf(actors)) {
    const leg = `${order.pairId} ${order.leg}`
    if (order.live && legs.has(leg)) throw new Refused('liveOrder', `a second live order for ${leg}`)
    if (order.live) legs.add(leg)
  }
}

const touchedPairs = (batch: Batch): ReadonlySet<string> =>
  new Set(
    batch.turns.flatMap((turn) => [
      ...turn.fills.map((fill) => fill.pairId),
      ...turn.actors.filter((record) => kindOf(record.address) !== 'desk').flatMap((record) => record.order?.pairId ?? record.tradePair?.pairId ?? []),
    ]),
  )

/** Pairs that begin a sell in this batch. */
const newOffers = (batch: Batch): ReadonlySet<string> => {
  const latest = new Map(batch.turns.flatMap((turn) => turn.actors).map((record) => [record.address, record]))
  return new Set([...latest.values()].flatMap(({ order, state }) => (order?.leg === 'sell' && order.live && (state === 'submitting' || order.venueOrderId === null) ? [order.pairId] : [])))
}

const total = (values: readonly Quantity[]): Quantity => sum([quantity('0'), ...values])

const checkCover = ({ actors, fills, lots }: Tables, pairId: string, offers: boolean): void => {
  const pair = actors.get(`trade-pair/${pairId}`)?.tradePair
  if (pair === undefined) return
  const net = total([...lots.values()].filter((lot) => lot.pairId === pairId).map((lot) => lot.net))
  const sold = total([...fills.values()].filter((record) => record.pairId === pairId && record.fill.side === 'sell').map((record) => record.fill.quantity))
  const open = total(ordersOf(actors).filter((order) => order.pairId === pairId && order.leg === 'sell' && order.live).map((order) => minus(order.quantity, order.filled)))
  const broken = compare(pair.held, net) !== 0 || compare(pair.sold, sold) !== 0 || compare(offers ? plus(sold, open) : sold, net) > 0
  if (broken) throw new Refused('cover', `${pairId}: held ${pair.held} of ${net} in lots, sold ${pair.sold} of ${sold} in fills, on offer ${open}`)
}
