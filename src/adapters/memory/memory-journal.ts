/**
 * The journal in memory, for simulation and tests. It refuses everything that PostgreSQL refuses: a second live
 * order of a leg, a broken cover, a fill or an event twice, a stale epoch; and it can be told to lose an answer.
 * `test/contracts/journal.contract.ts` holds both to the same words.
 */
import type { Address } from '../../domain/address.ts'
import { isPositive, money, notional, plus } from '../../domain/decimal.ts'
import { realisedProfit } from '../../domain/profit.ts'
import type { ActorRecord, AuditRecord, DeadlineRecord, EventRecord, FillRecord, KeptAudit, ReconciliationRecord, TradePairRecord } from '../../domain/records.ts'
import { formatTimestamp, type Millis } from '../../domain/time.ts'
import type { ActorQuery, AuditQuery, Batch, CommitOutcome, Journal, JournalReads, LeaseOutcome, LiveRows, RealisedTotal, StoreStamp } from '../../ports/journal.ts'
import { Refused, Tables } from './tables.ts'

/** The shared store: what survives when a journal (a process) goes away. */
export class MemoryStore {
  epoch = 0
  starts = 0
  install = ''
  stamp: StoreStamp | undefined
  /** The journal that holds the lock. */
  holder: MemoryJournal | undefined
  readonly tables = new Tables()
}

/** The desk's own actors, then trade pairs, then orders; pairs and orders newest first, which their ids begin with. */
const inList = (one: ActorRecord, other: ActorRecord): number => {
  const place = ({ kind }: ActorRecord): number => ['trade-pair', 'order'].indexOf(kind) + 1
  const earlier = one.address < other.address ? -1 : 1
  return place(one) - place(other) || (place(one) === 0 ? earlier : -earlier)
}

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
      this.#store.tables.write(batch)
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
    const { actors, deadlines, fills } = this.#store.tables
    const booked = [...fills.values()].map(({ fill: { instrument, side, feeAsset, quantity, price, fee } }) => ({ instrument, side, feeAsset, quantity, value: notional(price, quantity), fee }))
    return { actors: [...actors.values()].filter((record) => !record.finished), deadlines: [...deadlines.values()], booked }
  }

  async actor(address: Address): Promise<ActorRecord | undefined> {
    return this.#store.tables.actors.get(address)
  }

  async orderAtVenue(venueOrderId: string): Promise<ActorRecord | undefined> {
    return [...this.#store.tables.actors.values()].find(({ order }) => order?.venueOrderId === venueOrderId)
  }

  async lastPairOn(instrument: string): Promise<ActorRecord | undefined> {
    return [...this.#store.tables.actors.values()].filter(({ tradePair }) => tradePair?.instrument === instrument).toSorted((one, other) => (one.address < other.address ? 1 : -1))[0]
  }

  async command(commandId: string): Promise<AuditRecord | undefined> {
    return this.#store.tables.audit.find((record) => record.commandId === commandId)
  }

  async realised(from: Millis, to: Millis): Promise<readonly RealisedTotal[]> {
    const totals = new Map<string, RealisedTotal>()
    for (const { tradePair, state } of this.#store.tables.actors.values()) {
      const profit = tradePair === undefined || state !== 'closed' ? null : realisedProfit(tradePair)
      const closedAt = tradePair?.closedAt ?? -Infinity
      if (tradePair === undefined || profit === null || closedAt < from || closedAt >= to) continue
      const day = formatTimestamp(closedAt).slice(0, 10)
      const key = `${day} ${tradePair.instrument}`
      const before = totals.get(key) ?? { day, instrument: tradePair.instrument, pairs: 0, wins: 0, profit: money('0'), fees: money('0') }
      totals.set(key, { ...before, pairs: before.pairs + 1, wins: before.wins + (isPositive(profit) ? 1 : 0), profit: plus(before.profit, profit), fees: plus(before.fees, tradePair.fees) })
    }
    return [...totals.values()].toSorted((a, b) => (a.day === b.day ? (a.instrument < b.instrument ? -1 : 1) : a.day < b.day ? 1 : -1))
  }

  async endedTrips(from: Millis, to: Millis, limit: number): Promise<readonly TradePairRecord[]> {
    const ended = [...this.#store.tables.actors.values()].flatMap(({ tradePair, state }) => (tradePair !== undefined && (state === 'closed' || state === 'dust') ? [tradePair] : []))
    const closedAt = (pair: TradePairRecord): Millis => pair.closedAt ?? -Infinity
    const within = ended.filter((pair) => closedAt(pair) >= from && closedAt(pair) < to)
    return within.toSorted((a, b) => closedAt(a) - closedAt(b) || (a.pairId < b.pairId ? -1 : 1)).slice(0, limit)
  }

  async audit({ limit, from = -Infinity, to = Infinity, ...wanted }: AuditQuery): Promise<readonly KeptAudit[]> {
    const fits = (record: KeptAudit): boolean => record.at >= from && record.at < to && (['pairId', 'orderId', 'rule', 'kind'] as const).every((field) => wanted[field] === undefined || record[field] === wanted[field])
    return this.#store.tables.audit.filter(fits).toReversed().slice(0, limit)
  }

  async auditAfter(number: number, limit: number): Promise<readonly KeptAudit[]> {
    return this.#store.tables.audit.filter((record) => record.number > number).slice(0, limit)
  }

  async bookedSince(at: Millis): Promise<ReadonlySet<string>> {
    const fills = [...this.#store.tables.fills.values()].map(({ fill }) => fill)
    return new Set(fills.flatMap((fill) => (fill.at >= at ? [`${fill.tradeId} ${fill.venueOrderId}`] : [])))
  }

  async reconciliations(limit: number, outcome?: ReconciliationRecord['outcome']): Promise<readonly ReconciliationRecord[]> {
    return this.#store.tables.reconciliations.filter((record) => outcome === undefined || record.outcome === outcome).toReversed().slice(0, limit)
  }

  async history(address: Address, after: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#store.tables.historyOf(address).filter((event) => event.seq > after).slice(0, limit)
  }

  async historyBefore(address: Address, before: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#store.tables.historyOf(address).filter((event) => event.seq < before).slice(-limit)
  }

  async since(position: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#store.tables.events.filter((event) => event.position > position).slice(0, limit)
  }

  async deadlinesOf(address: Address): Promise<readonly DeadlineRecord[]> {
    return [...this.#store.tables.deadlines.values()].filter((deadline) => deadline.address === address)
  }

  async actors({ kind, states, finished, sinceBefore, after, limit }: ActorQuery): Promise<readonly ActorRecord[]> {
    const listed = [...this.#store.tables.actors.values()].toSorted(inList)
    return listed
      .slice(after === undefined ? 0 : listed.findIndex(({ address }) => address === after) + 1)
      .filter((record) => (kind === undefined || record.kind === kind) && (states === undefined || states.includes(record.state)))
      .filter((record) => (finished === undefined || record.finished === finished) && (sinceBefore === undefined || record.since < sinceBefore))
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
