/**
 * The rows of the store in memory, with the indexes that make a commit cost what its batch touches.
 *
 * T1  A batch is checked whole before anything of it is written: a refused one leaves no trace.
 * T2  What is checked is what PostgreSQL checks: one live order a leg, the cover of every touched pair, references,
 *     and no fill, event or batch twice.
 */
import { createHash } from 'node:crypto'
import { kindOf, type Address } from '../../domain/address.ts'
import { beforeTheFirst, chainedText } from '../../domain/audit-chain.ts'
import { compare, minus, plus, quantity, sum, type Quantity } from '../../domain/decimal.ts'
import type { ActorRecord, AuditRecord, DeadlineRecord, EventRecord, FillRecord, KeptAudit, LotRecord, OrderRecord, QuarantineRecord, ReconciliationRecord } from '../../domain/records.ts'
import { reconciliationsKept, type Batch, type JournalRule } from '../../ports/journal.ts'

/** Thrown for a batch that breaks a rule; nothing of it was written. */
export class Refused extends Error {
  readonly rule: JournalRule
  constructor(rule: JournalRule, detail: string) {
    super(detail)
    this.rule = rule
  }
}

/** What belongs to one pair, by key. */
interface PairRows {
  readonly orders: Set<Address>
  readonly lots: Set<string>
  readonly sells: Set<string>
}

export class Tables {
  readonly batches = new Set<string>()
  readonly actors = new Map<Address, ActorRecord>()
  readonly events: EventRecord[] = []
  readonly fills = new Map<string, FillRecord>()
  readonly lots = new Map<string, LotRecord>()
  readonly deadlines = new Map<string, DeadlineRecord>()
  readonly quarantine: QuarantineRecord[] = []
  /** In order, each chained to the one before. */
  readonly audit: KeptAudit[] = []
  readonly #commands = new Set<string>()
  reconciliations: readonly ReconciliationRecord[] = []
  readonly #histories = new Map<Address, EventRecord[]>()
  readonly #eventKeys = new Set<string>()
  readonly #pairs = new Map<string, PairRows>()

  /** The events of one actor, oldest first. */
  historyOf(address: Address): readonly EventRecord[] {
    return this.#histories.get(address) ?? []
  }

  /** Everything of one pair; empty for a pair that has nothing yet. */
  ofPair(pairId: string): Readonly<Record<keyof PairRows, ReadonlySet<string>>> {
    return this.#pairs.get(pairId) ?? noRows
  }

  /** True when an event with that key is there. */
  hasEvent(key: string): boolean {
    return this.#eventKeys.has(key)
  }

  /**
   * Writes a batch.
   * @throws Refused
   */
  write(batch: Batch): void {
    check(this, batch)
    this.batches.add(batch.id)
    for (const turn of batch.turns) {
      for (const record of turn.actors) this.#putActor(record)
      for (const event of turn.events) this.#putEvent(event)
      for (const record of turn.fills) this.#putFill(record)
      for (const lot of turn.lots) this.#putLot(lot)
      for (const deadline of turn.cleared) this.deadlines.delete(deadlineKey(deadline))
      for (const deadline of turn.deadlines) this.deadlines.set(deadlineKey(deadline), deadline)
      if (turn.quarantined !== undefined) this.quarantine.push(turn.quarantined)
      for (const record of turn.audit ?? []) this.#putAudit(record)
      if (turn.reconciliation !== undefined) this.reconciliations = keptOf([...this.reconciliations, turn.reconciliation])
    }
  }

  /** True when a command with that id was carried out. */
  hasCommand(commandId: string): boolean {
    return this.#commands.has(commandId)
  }

  #putAudit(record: AuditRecord): void {
    const number = this.audit.length + 1
    const hash = createHash('sha256').update(chainedText(this.audit.at(-1)?.hash ?? beforeTheFirst, number, record)).digest('hex')
    this.audit.push({ ...record, number, hash })
    if (record.commandId !== null) this.#commands.add(record.commandId)
  }

  #putActor(record: ActorRecord): void {
    this.actors.set(record.address, record)
    if (record.order !== undefined) this.#rowsOf(record.order.pairId).orders.add(record.address)
  }

  #putEvent(event: EventRecord): void {
    this.events.push(event)
    for (const key of eventKeysOf(event)) this.#eventKeys.add(key)
    const history = this.#histories.get(event.address)
    if (history === undefined) this.#histories.set(event.address, [event])
    else history.push(event)
  }

  #putFill(record: FillRecord): void {
    const key = fillKey(record.venue, record.fill)
    this.fills.set(key, record)
    if (record.fill.side === 'sell') this.#rowsOf(record.pairId).sells.add(key)
  }

  #putLot(lot: LotRecord): void {
    const key = fillKey(lot.venue, lot)
    this.lots.set(key, lot)
    this.#rowsOf(lot.pairId).lots.add(key)
  }

  #rowsOf(pairId: string): PairRows {
    const known = this.#pairs.get(pairId)
    if (known !== undefined) return known
    const rows: PairRows = { orders: new Set(), lots: new Set(), sells: new Set() }
    this.#pairs.set(pairId, rows)
    return rows
  }
}

/** As many comparisons as are worth keeping, oldest first. */
const keptOf = (records: readonly ReconciliationRecord[]): readonly ReconciliationRecord[] => {
  const agreed = records.filter(({ outcome }) => outcome === 'agreed')
  const others = records.filter(({ outcome }) => outcome !== 'agreed')
  if (agreed.length <= reconciliationsKept.agreed && others.length <= reconciliationsKept.others) return records
  const gone = new Set([...agreed.slice(0, -reconciliationsKept.agreed), ...others.slice(0, -reconciliationsKept.others)])
  return records.filter((record) => !gone.has(record))
}

const noRows: PairRows = { orders: new Set(), lots: new Set(), sells: new Set() }

const fillKey = (venue: string, fill: { instrument: string; tradeId: string; venueOrderId: string }): string =>
  [venue, fill.instrument, fill.tradeId, fill.venueOrderId].join(' ')
const deadlineKey = ({ address, name }: Omit<DeadlineRecord, 'dueAt'>): string => `${address} ${name}`
const eventKeysOf = ({ address, seq, position }: EventRecord): readonly string[] => [`${address} ${seq}`, `at ${position}`]

/** The tables as they would be with the batch in them, read without changing them. */
interface Draft {
  readonly before: Tables
  readonly actors: ReadonlyMap<Address, ActorRecord>
  readonly fills: ReadonlyMap<string, FillRecord>
  readonly lots: ReadonlyMap<string, LotRecord>
}

const actorOf = ({ before, actors }: Draft, address: Address): ActorRecord | undefined => actors.get(address) ?? before.actors.get(address)

const check = (before: Tables, batch: Batch): void => {
  if (before.batches.has(batch.id)) throw new Refused('other', `batch ${batch.id} is there already`)
  const { turns } = batch
  const draft: Draft = {
    before,
    actors: new Map(turns.flatMap((turn) => turn.actors).map((record) => [record.address, record])),
    fills: newFills(before, turns.flatMap((turn) => turn.fills)),
    lots: new Map(turns.flatMap((turn) => turn.lots).map((lot) => [fillKey(lot.venue, lot), lot])),
  }
  checkEvents(before, turns.flatMap((turn) => turn.events))
  checkCommands(before, turns.flatMap(({ audit }) => audit ?? []))
  checkReferences(draft)
  for (const pairId of touchedPairs(draft)) {
    checkLive(draft, pairId)
    checkCover(draft, pairId)
  }
}

const newFills = (before: Tables, records: readonly FillRecord[]): ReadonlyMap<string, FillRecord> => {
  const fills = new Map<string, FillRecord>()
  for (const record of records) {
    const key = fillKey(record.venue, record.fill)
    if (before.fills.has(key) || fills.has(key)) throw new Refused('duplicateFill', `fill ${key} is booked already`)
    fills.set(key, record)
  }
  return fills
}

const checkEvents = (before: Tables, events: readonly EventRecord[]): void => {
  const keys = new Set<string>()
  for (const event of events) {
    for (const key of eventKeysOf(event)) {
      if (before.hasEvent(key) || keys.has(key)) throw new Refused('duplicateEvent', `event ${event.address} ${event.seq} is there already`)
      keys.add(key)
    }
  }
}

const checkCommands = (before: Tables, records: readonly AuditRecord[]): void => {
  const ids = new Set<string>()
  for (const { commandId } of records) {
    if (commandId === null) continue
    if (before.hasCommand(commandId) || ids.has(commandId)) throw new Refused('duplicateCommand', `command ${commandId} was carried out already`)
    ids.add(commandId)
  }
}

const checkReferences = (draft: Draft): void => {
  for (const [key, { clientOrderId }] of draft.fills) {
    if (actorOf(draft, `order/${clientOrderId}`) === undefined) throw new Refused('reference', `fill ${key} belongs to no order`)
  }
  for (const { order } of draft.actors.values()) {
    if (order !== undefined && actorOf(draft, `trade-pair/${order.pairId}`) === undefined) throw new Refused('reference', `order ${order.clientOrderId} belongs to no trade pair`)
  }
}

const touchedPairs = ({ actors, fills }: Draft): ReadonlySet<string> =>
  new Set([
    ...[...fills.values()].map(({ pairId }) => pairId),
    ...[...actors.values()].filter(({ address }) => kindOf(address) !== 'desk').flatMap(({ order, tradePair }) => order?.pairId ?? tradePair?.pairId ?? []),
  ])

const ordersOf = (draft: Draft, pairId: string): readonly OrderRecord[] => {
  const known = [...draft.before.ofPair(pairId).orders].flatMap((address) => actorOf(draft, address)?.order ?? [])
  const fresh = [...draft.actors.values()].flatMap(({ address, order }) => (order?.pairId === pairId && !draft.before.actors.has(address) ? [order] : []))
  return [...known, ...fresh]
}

const checkLive = (draft: Draft, pairId: string): void => {
  const legs = ordersOf(draft, pairId).flatMap(({ live, leg }) => (live ? [leg] : []))
  if (new Set(legs).size < legs.length) throw new Refused('liveOrder', `a second live order for a leg of ${pairId}`)
}

/** True when the pair begins a sell in this batch. */
const offers = ({ actors }: Draft, pairId: string): boolean =>
  [...actors.values()].some(({ order, state }) => order?.pairId === pairId && order.leg === 'sell' && order.live && (state === 'submitting' || order.venueOrderId === null))

const total = ([first = quantity('0'), ...more]: readonly Quantity[]): Quantity => (more.length === 0 ? first : sum([first, ...more]))

const checkCover = (draft: Draft, pairId: string): void => {
  const pair = actorOf(draft, `trade-pair/${pairId}`)?.tradePair
  if (pair === undefined) return
  const { before } = draft
  const rows = before.ofPair(pairId)
  const lots = new Map([...[...rows.lots].map((key) => [key, before.lots.get(key)] as const), ...draft.lots])
  const net = total([...lots.values()].flatMap((lot) => (lot?.pairId === pairId ? [lot.net] : [])))
  const sells = [...[...rows.sells].map((key) => before.fills.get(key)), ...draft.fills.values()]
  const sold = total(sells.flatMap((record) => (record?.pairId === pairId && record.fill.side === 'sell' ? [record.fill.quantity] : [])))
  const open = total(ordersOf(draft, pairId).filter((order) => order.leg === 'sell' && order.live).map((order) => minus(order.quantity, order.filled)))
  const broken = compare(pair.held, net) !== 0 || compare(pair.sold, sold) !== 0 || compare(offers(draft, pairId) ? plus(sold, open) : sold, net) > 0
  if (broken) throw new Refused('cover', `${pairId}: held ${pair.held} of ${net} in lots, sold ${pair.sold} of ${sold} in fills, on offer ${open}`)
}
