/** Between the domain's records and the tables' rows. */
import type { Selectable } from 'kysely'
import type { Address } from '../../domain/address.ts'
import { kindOf, orderAddress, pairAddress } from '../../domain/address.ts'
import { money, price, quantity } from '../../domain/decimal.ts'
import type { ActorRecord, DeadlineRecord, EventRecord, FillRecord, KeptAudit, LotRecord, ReconciliationRecord, TradePairRecord } from '../../domain/records.ts'
import type { Tables } from './tables.ts'

const actorRow = (record: ActorRecord) => ({
  state: record.state,
  since: record.since,
  seq: record.seq,
  version: record.version,
  finished: record.finished,
  snapshot: record.context,
})

export const orderRow = (record: ActorRecord, order: NonNullable<ActorRecord['order']>) => ({
  ...actorRow(record),
  client_order_id: order.clientOrderId,
  pair_id: order.pairId,
  leg: order.leg,
  attempt: order.attempt,
  instrument: order.instrument,
  side: order.side,
  quantity: order.quantity,
  price: order.price,
  filled: order.filled,
  venue_order_id: order.venueOrderId,
  claimed_at: order.claimedAt,
  live: order.live,
  reason: order.reason,
})

export const tradePairRow = (record: ActorRecord, pair: NonNullable<ActorRecord['tradePair']>) => ({
  ...actorRow(record),
  pair_id: pair.pairId,
  instrument: pair.instrument,
  strategy: pair.strategy,
  bought: pair.bought,
  held: pair.held,
  sold: pair.sold,
  cost: pair.cost,
  proceeds: pair.proceeds,
  fees: pair.fees,
  min_sell_price: pair.minSellPrice,
  opened_at: pair.openedAt,
  closed_at: pair.closedAt,
  held_because: pair.heldBecause,
})

export const systemRow = (record: ActorRecord) => ({ ...actorRow(record), address: record.address })

export const eventRow = (event: EventRecord) => ({
  position: event.position,
  address: event.address,
  seq: event.seq,
  turn: event.turn,
  at: event.at,
  type: event.type,
  body: event.body,
  from_state: event.from,
  to_state: event.to,
})

export const auditRow = ({ commandId, pairId, orderId, before, after, ...record }: KeptAudit) => ({ ...record, command_id: commandId, pair_id: pairId, order_id: orderId, before_state: before, after_state: after })

export const fillRow = ({ venue, fill, clientOrderId, pairId }: FillRecord) => ({
  venue,
  instrument: fill.instrument,
  trade_id: fill.tradeId,
  venue_order_id: fill.venueOrderId,
  client_order_id: clientOrderId,
  pair_id: pairId,
  side: fill.side,
  quantity: fill.quantity,
  price: fill.price,
  fee: fill.fee,
  fee_asset: fill.feeAsset,
  liquidity: fill.liquidity,
  at: fill.at,
})

export const lotRow = ({ tradeId, venueOrderId, pairId, ...lot }: LotRecord) => ({ ...lot, trade_id: tradeId, venue_order_id: venueOrderId, pair_id: pairId })

export const deadlineRow = ({ address, name, dueAt, setAt }: DeadlineRecord) => ({ address, name, due_at: dueAt, set_at: setAt ?? null })

type ActorRow = Pick<Selectable<Tables['orders']>, 'state' | 'since' | 'seq' | 'version' | 'finished' | 'snapshot'>

const actorRecord = (row: ActorRow, address: Address, kind: ActorRecord['kind']): ActorRecord => ({
  address,
  kind,
  version: row.version,
  seq: Number(row.seq),
  state: row.state,
  since: Number(row.since),
  context: row.snapshot,
  finished: row.finished,
})

const moment = (value: string | null): number | null => (value === null ? null : Number(value))

export const orderOf = (row: Selectable<Tables['orders']>): ActorRecord => ({
  ...actorRecord(row, orderAddress(row.client_order_id), 'order'),
  order: {
    clientOrderId: row.client_order_id,
    pairId: row.pair_id,
    leg: row.leg,
    attempt: row.attempt,
    instrument: row.instrument,
    side: row.side,
    quantity: quantity(row.quantity),
    price: price(row.price),
    filled: quantity(row.filled),
    venueOrderId: row.venue_order_id,
    claimedAt: Number(row.claimed_at),
    live: row.live,
    reason: row.reason,
  },
})

/** What a round trip is, without the snapshot that its machine goes on from. */
export const tripColumns = ['pair_id', 'instrument', 'strategy', 'bought', 'held', 'sold', 'cost', 'proceeds', 'fees', 'min_sell_price', 'opened_at', 'closed_at', 'held_because'] as const

export const tripOf = (row: Pick<Selectable<Tables['trade_pairs']>, (typeof tripColumns)[number]>): TradePairRecord => ({
  pairId: row.pair_id,
  instrument: row.instrument,
  strategy: row.strategy,
  bought: quantity(row.bought),
  held: quantity(row.held),
  sold: quantity(row.sold),
  cost: money(row.cost),
  proceeds: money(row.proceeds),
  fees: money(row.fees),
  minSellPrice: row.min_sell_price === null ? null : price(row.min_sell_price),
  openedAt: moment(row.opened_at),
  closedAt: moment(row.closed_at),
  heldBecause: row.held_because,
})

export const tradePairOf = (row: Selectable<Tables['trade_pairs']>): ActorRecord => ({ ...actorRecord(row, pairAddress(row.pair_id), 'trade-pair'), tradePair: tripOf(row) })

export const systemOf = (row: Selectable<Tables['system_state']>): ActorRecord => actorRecord(row, row.address, kindOf(row.address) ?? 'desk')

export const reconciliationOf = (row: Selectable<Tables['reconciliations']>): ReconciliationRecord => ({
  id: row.id,
  began: Number(row.began),
  ended: Number(row.ended),
  reason: row.reason,
  outcome: row.outcome,
  compared: row.compared as ReconciliationRecord['compared'],
  differences: row.differences as unknown as ReconciliationRecord['differences'],
  omitted: row.omitted,
  detail: row.detail,
})

export const auditOf = (row: Selectable<Tables['audit_log']>): KeptAudit => ({
  number: Number(row.number),
  hash: row.hash,
  commandId: row.command_id,
  pairId: row.pair_id,
  orderId: row.order_id,
  rule: row.rule,
  at: Number(row.at),
  kind: row.kind,
  who: row.who,
  reason: row.reason,
  target: row.target,
  before: row.before_state,
  after: row.after_state,
})

export const eventOf = (row: Selectable<Tables['journal']>): EventRecord => ({
  position: Number(row.position),
  address: row.address,
  seq: Number(row.seq),
  turn: row.turn,
  at: Number(row.at),
  type: row.type,
  body: row.body,
  from: row.from_state,
  to: row.to_state,
})

export const fillOf = (row: Selectable<Tables['fills']>): FillRecord => ({
  venue: row.venue,
  clientOrderId: row.client_order_id,
  pairId: row.pair_id,
  fill: {
    tradeId: row.trade_id,
    venueOrderId: row.venue_order_id,
    instrument: row.instrument,
    side: row.side,
    quantity: quantity(row.quantity),
    price: price(row.price),
    fee: money(row.fee),
    feeAsset: row.fee_asset,
    liquidity: row.liquidity,
    at: Number(row.at),
  },
})
