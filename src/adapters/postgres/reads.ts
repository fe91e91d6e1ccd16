/** The questions that are asked of the rows. */
import { sql, type Kysely } from 'kysely'
import { kindOf, type Address } from '../../domain/address.ts'
import { money, quantity } from '../../domain/decimal.ts'
import type { ActorRecord, AuditRecord, BookedTotal, DeadlineRecord, EventRecord, FillRecord, KeptAudit, ReconciliationRecord, TradePairRecord } from '../../domain/records.ts'
import type { ActorQuery, AuditQuery, JournalReads, LiveRows, RealisedTotal } from '../../ports/journal.ts'
import { Readers, type PostgresAddress } from './connection.ts'
import { readActors } from './read-actors.ts'
import { auditOf, eventOf, fillOf, orderOf, reconciliationOf, systemOf, tradePairOf, tripColumns, tripOf } from './rows.ts'
import type { Tables } from './tables.ts'
import { readWaitingKills, type Kill } from './waiting-kills.ts'

type Db = Kysely<Tables>

const idOf = (address: Address): string => address.slice(address.indexOf('/') + 1)

/** One actor's row; undefined when there is none. */
export const readActor = async (db: Db, address: Address): Promise<ActorRecord | undefined> => {
  const kind = kindOf(address)
  if (kind === 'order') {
    const row = await db.selectFrom('orders').selectAll().where('client_order_id', '=', idOf(address)).executeTakeFirst()
    return row && orderOf(row)
  }
  if (kind === 'trade-pair') {
    const row = await db.selectFrom('trade_pairs').selectAll().where('pair_id', '=', idOf(address)).executeTakeFirst()
    return row && tradePairOf(row)
  }
  const row = await db.selectFrom('system_state').selectAll().where('address', '=', address).executeTakeFirst()
  return row && systemOf(row)
}

const deadlineOf = (row: { address: string; name: string; due_at: string; set_at: string | null }): DeadlineRecord => ({
  address: row.address,
  name: row.name,
  dueAt: Number(row.due_at),
  ...(row.set_at !== null && { setAt: Number(row.set_at) }),
})

/** Everything that is not finished, for a start; asked all at once, so that one answer is read while the next is made. */
export const readLiveRows = async (db: Db): Promise<LiveRows> => {
  const [orders, pairs, system, deadlines, booked] = await Promise.all([
    db.selectFrom('orders').selectAll().where('finished', '=', false).orderBy('client_order_id').execute(),
    db.selectFrom('trade_pairs').selectAll().where('finished', '=', false).orderBy('pair_id').execute(),
    db.selectFrom('system_state').selectAll().orderBy('address').execute(),
    db.selectFrom('deadlines').selectAll().orderBy('due_at').execute(),
    readBooked(db),
  ])
  return { actors: [...orders.map(orderOf), ...pairs.map(tradePairOf), ...system.map(systemOf)], deadlines: deadlines.map(deadlineOf), booked }
}

const readBooked = async (db: Db): Promise<readonly BookedTotal[]> => {
  const { rows } = await sql<{ instrument: string; side: 'buy' | 'sell'; feeAsset: string; quantity: string; value: string; fee: string }>`
    SELECT instrument, side, fee_asset AS "feeAsset", sum(quantity) AS quantity, sum(price * quantity) AS value, sum(fee) AS fee
    FROM fills GROUP BY instrument, side, fee_asset
  `.execute(db)
  return rows.map((row) => ({ ...row, quantity: quantity(row.quantity), value: money(row.value), fee: money(row.fee) }))
}

/** The order that the venue knows by that id. */
export const readOrderAtVenue = async (db: Db, venueOrderId: string): Promise<ActorRecord | undefined> => {
  const row = await db.selectFrom('orders').selectAll().where('venue_order_id', '=', venueOrderId).executeTakeFirst()
  return row && orderOf(row)
}

/** The pair on an instrument that began last: pair ids begin with their time. */
export const readLastPairOn = async (db: Db, instrument: string): Promise<ActorRecord | undefined> => {
  const row = await db.selectFrom('trade_pairs').selectAll().where('instrument', '=', instrument).orderBy('pair_id', 'desc').limit(1).executeTakeFirst()
  return row && tradePairOf(row)
}

/** What became of a command. */
export const readCommand = async (db: Db, commandId: string): Promise<AuditRecord | undefined> => {
  const row = await db.selectFrom('audit_log').selectAll().where('command_id', '=', commandId).executeTakeFirst()
  return row && auditOf(row)
}

/** Keys of the fills with venue stamps from then on. */
export const readBookedSince = async (db: Db, at: number): Promise<ReadonlySet<string>> => {
  const rows = await db.selectFrom('fills').select(['trade_id', 'venue_order_id']).where('at', '>=', String(at)).execute()
  return new Set(rows.map((row) => `${row.trade_id} ${row.venue_order_id}`))
}

/** An actor's events after a number, oldest first. */
export const readHistory = async (db: Db, address: Address, after: number, limit: number): Promise<readonly EventRecord[]> => {
  const rows = await db.selectFrom('journal').selectAll().where('address', '=', address).where('seq', '>', String(after)).orderBy('seq').limit(limit).execute()
  return rows.map(eventOf)
}

/** Reads on a connection of their own, so that a curious person never delays a turn. */
export class PostgresReads implements JournalReads {
  readonly #readers: Readers

  constructor(locate: () => Promise<PostgresAddress>) {
    this.#readers = new Readers(locate)
  }

  actor(address: Address): Promise<ActorRecord | undefined> {
    return this.#readers.ask((db) => readActor(db, address))
  }

  history(address: Address, after: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#readers.ask((db) => readHistory(db, address, after, limit))
  }

  async historyBefore(address: Address, before: number, limit: number): Promise<readonly EventRecord[]> {
    const rows = await this.#readers.ask((db) => db.selectFrom('journal').selectAll().where('address', '=', address).where('seq', '<', String(before)).orderBy('seq', 'desc').limit(limit).execute())
    return rows.toReversed().map(eventOf)
  }

  async reconciliations(limit: number, outcome?: ReconciliationRecord['outcome']): Promise<readonly ReconciliationRecord[]> {
    const rows = await this.#readers.ask((db) => {
      const newest = db.selectFrom('reconciliations').selectAll().orderBy('number', 'desc').limit(limit)
      return (outcome === undefined ? newest : newest.where('outcome', '=', outcome)).execute()
    })
    return rows.map(reconciliationOf)
  }

  async realised(from: number, to: number): Promise<readonly RealisedTotal[]> {
    const { rows } = await this.#readers.ask((db) =>
      sql<{ day: string; instrument: string; pairs: string; wins: string; profit: string; fees: string }>`
        SELECT to_char(to_timestamp(closed_at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, instrument, count(*) AS pairs,
               count(*) FILTER (WHERE proceeds > cost) AS wins, sum(proceeds - cost) AS profit, sum(fees) AS fees
        FROM trade_pairs WHERE state = 'closed' AND sold > 0 AND closed_at >= ${from} AND closed_at < ${to}
        GROUP BY 1, 2 ORDER BY 1 DESC, 2
      `.execute(db),
    )
    return rows.map(({ day, instrument, pairs, wins, profit, fees }) => ({ day, instrument, pairs: Number(pairs), wins: Number(wins), profit: money(profit), fees: money(fees) }))
  }

  async endedTrips(from: number, to: number, limit: number): Promise<readonly TradePairRecord[]> {
    const rows = await this.#readers.ask((db) =>
      db.selectFrom('trade_pairs').select(tripColumns).where('state', 'in', ['closed', 'dust']).where('closed_at', '>=', String(from)).where('closed_at', '<', String(to)).orderBy('closed_at').orderBy('pair_id').limit(limit).execute(),
    )
    return rows.map(tripOf)
  }

  async audit({ pairId, orderId, rule, kind, from, to, limit }: AuditQuery): Promise<readonly KeptAudit[]> {
    const rows = await this.#readers.ask((db) => {
      let query = db.selectFrom('audit_log').selectAll()
      for (const [column, value] of [['pair_id', pairId], ['order_id', orderId], ['rule', rule], ['kind', kind]] as const) if (value !== undefined) query = query.where(column, '=', value)
      if (from !== undefined) query = query.where('at', '>=', String(from))
      if (to !== undefined) query = query.where('at', '<', String(to))
      return query.orderBy('number', 'desc').limit(limit).execute()
    })
    return rows.map(auditOf)
  }

  async auditAfter(number: number, limit: number): Promise<readonly KeptAudit[]> {
    const rows = await this.#readers.ask((db) => db.selectFrom('audit_log').selectAll().where('number', '>', String(number)).orderBy('number').limit(limit).execute())
    return rows.map(auditOf)
  }

  async since(position: number, limit: number): Promise<readonly EventRecord[]> {
    const rows = await this.#readers.ask((db) => db.selectFrom('journal').selectAll().where('position', '>', String(position)).orderBy('position').limit(limit).execute())
    return rows.map(eventOf)
  }

  async deadlinesOf(address: Address): Promise<readonly DeadlineRecord[]> {
    const rows = await this.#readers.ask((db) => db.selectFrom('deadlines').selectAll().where('address', '=', address).orderBy('due_at').execute())
    return rows.map(deadlineOf)
  }

  actors(query: ActorQuery): Promise<readonly ActorRecord[]> {
    return this.#readers.ask((db) => readActors(db, query))
  }

  async fillsOf(clientOrderId: string): Promise<readonly FillRecord[]> {
    const rows = await this.#readers.ask((db) => db.selectFrom('fills').selectAll().where('client_order_id', '=', clientOrderId).orderBy('at').execute())
    return rows.map(fillOf)
  }

  async allFills(limit: number): Promise<readonly FillRecord[]> {
    const rows = await this.#readers.ask((db) => db.selectFrom('fills').selectAll().orderBy('at', 'desc').limit(limit).execute())
    return rows.map(fillOf)
  }

  /** The four characters that mark this install's orders; empty before the first start. */
  async install(): Promise<string> {
    const row = await this.#readers.ask((db) => db.selectFrom('lease').select('install').where('name', '=', 'desk').executeTakeFirst())
    return row?.install ?? ''
  }

  /** Kills that wait in the store for its next start. */
  waitingKills(): Promise<readonly Kill[]> {
    return this.#readers.ask(readWaitingKills)
  }

  close(): Promise<void> {
    return this.#readers.close()
  }
}
