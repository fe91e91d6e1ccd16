/**
 * The journal in PostgreSQL. The lock lives on the connection that writes, so that losing it and being unable to
 * commit are the same event (I8).
 */
import { sql, type Kysely } from 'kysely'
import type { Address } from '../../domain/address.ts'
import type { ActorRecord, AuditRecord, EventRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import type { Batch, CommitOutcome, Journal, Lease, LeaseOutcome, LiveRows, StoreStamp } from '../../ports/journal.ts'
import { AuditTail } from './audit-tail.ts'
import { commitBatch } from './commit.ts'
import { connect, Readers, type Connection, type PostgresAddress } from './connection.ts'
import { durableSettings } from './health.ts'
import { migrate } from './migrate.ts'
import { outcomeOf } from './outcome.ts'
import { readActor, readBookedSince, readCommand, readHistory, readLastPairOn, readLiveRows, readOrderAtVenue } from './reads.ts'
import type { Tables } from './tables.ts'

/** The key of the advisory lock that one desk per database holds. */
const lockKey = 7_171

/** Thrown when the server would confirm a commit that a power cut can undo (DB-19). */
export class UnsafeStore extends Error {
  override readonly name = 'UnsafeStore'
}

const takeLock = async (db: Kysely<Tables>): Promise<boolean> => {
  const { rows } = await sql<{ locked: boolean }>`SELECT pg_try_advisory_lock(${lockKey}) AS locked`.execute(db)
  return rows[0]?.locked === true
}

const verifyDurability = async (db: Kysely<Tables>): Promise<void> => {
  const { rows } = await sql<{ name: string; value: string }>`SELECT name, current_setting(name) AS value FROM unnest(${[...durableSettings]}::text[]) AS name`.execute(db)
  for (const { name, value } of rows) if (value !== 'on') throw new UnsafeStore(`PostgreSQL has ${name} = ${value}; a confirmed order could vanish: set it to on`)
}

export class PostgresJournal implements Journal {
  readonly #locate: () => Promise<PostgresAddress>
  readonly #name: string
  readonly #failpoints: Failpoints
  /** Rows are read beside the transaction that is being written, never inside it. */
  readonly #readers: Readers
  readonly #tail = new AuditTail()
  #connection: Connection
  #lease: Lease | undefined

  private constructor(options: { locate: () => Promise<PostgresAddress>; name: string; failpoints: Failpoints; connection: Connection }) {
    this.#locate = options.locate
    this.#name = options.name
    this.#failpoints = options.failpoints
    this.#connection = options.connection
    this.#readers = new Readers(options.locate)
  }

  /**
   * Connects; takes nothing yet.
   * @param locate says where the server is, and starts it again where that is ours to do; asked at every reconnect
   * @param name tells this process's sessions from others; no two desks on one server may share it
   */
  static async open(locate: () => Promise<PostgresAddress>, name: string, failpoints: Failpoints): Promise<PostgresJournal> {
    return new PostgresJournal({ locate, name, failpoints, connection: await connect(await locate(), name) })
  }

  async takeLease(stamp: StoreStamp, installWhenNew: string): Promise<LeaseOutcome> {
    const { db } = this.#connection
    if (!(await takeLock(db))) return { kind: 'held', detail: await this.#holder() }
    await verifyDurability(db)
    await migrate(db, this.#failpoints)
    const found = await db.selectFrom('lease').selectAll().where('name', '=', 'desk').executeTakeFirst()
    if (found !== undefined && !(found.environment === stamp.environment && found.venue === stamp.venue && found.account === stamp.account)) {
      return { kind: 'otherOwner', stamp: { environment: found.environment, venue: found.venue, account: found.account } }
    }
    const { rows } = await sql<{ epoch: string; starts: string; install: string; position: string }>`
      INSERT INTO lease (name, epoch, starts, install, environment, venue, account)
      VALUES ('desk', 1, 1, ${installWhenNew}, ${stamp.environment}, ${stamp.venue}, ${stamp.account})
      ON CONFLICT (name) DO UPDATE SET epoch = lease.epoch + 1, starts = lease.starts + 1, taken_at = now()
      RETURNING epoch, starts, install, (SELECT coalesce(max(position), 0) FROM journal) AS position
    `.execute(db)
    const [row] = rows
    if (row === undefined) throw new Error('the lease row was not written')
    this.#lease = { epoch: Number(row.epoch), starts: Number(row.starts), install: row.install, lastPosition: Number(row.position) }
    return { kind: 'taken', lease: this.#lease }
  }

  async #holder(): Promise<string> {
    const { rows } = await sql<{ name: string; since: Date; pid: number }>`
      SELECT a.application_name AS name, a.backend_start AS since, a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.objid = ${lockKey} AND l.granted LIMIT 1
    `.execute(this.#connection.db)
    const [row] = rows
    return row === undefined ? 'another process holds the desk' : `${row.name} holds the desk since ${row.since.toISOString()}`
  }

  async commit(batch: Batch): Promise<CommitOutcome> {
    if (this.#lease === undefined) return { kind: 'epochLost' }
    try {
      await commitBatch(this.#connection.send, batch, { epoch: this.#lease.epoch, tail: this.#tail, failpoints: this.#failpoints })
      return { kind: 'committed' }
    } catch (error) {
      return this.#connection.isOpen ? outcomeOf(error) : { kind: 'inDoubt', detail: String(error) }
    }
  }

  async wasCommitted(batchId: string): Promise<boolean> {
    const row = await this.#connection.db.selectFrom('batches').select('id').where('id', '=', batchId).executeTakeFirst()
    return row !== undefined
  }

  async reconnect(): Promise<boolean> {
    await this.#connection.close()
    this.#connection = await connect(await this.#locate(), this.#name)
    const { db } = this.#connection
    // A session that is half open still holds the lock, and may still be committing: it is ours, so it is ended. The lock
    // is free only when it is gone, so what `wasCommitted` sees afterwards cannot change any more.
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE application_name = ${this.#name} AND datname = current_database() AND pid <> pg_backend_pid()`.execute(db)
    if (!(await takeLock(db))) {
      const lease = await db.selectFrom('lease').select('epoch').where('name', '=', 'desk').executeTakeFirst()
      if (Number(lease?.epoch) !== this.#lease?.epoch) return false
      throw new Error('the lock is still held by the connection that was lost')
    }
    const lease = await db.selectFrom('lease').select('epoch').where('name', '=', 'desk').executeTakeFirst()
    return Number(lease?.epoch) === this.#lease?.epoch
  }

  liveRows(): Promise<LiveRows> {
    return readLiveRows(this.#connection.db)
  }

  actor(address: Address): Promise<ActorRecord | undefined> {
    return this.#readers.ask((db) => readActor(db, address))
  }

  orderAtVenue(venueOrderId: string): Promise<ActorRecord | undefined> {
    return this.#readers.ask((db) => readOrderAtVenue(db, venueOrderId))
  }

  lastPairOn(instrument: string): Promise<ActorRecord | undefined> {
    return this.#readers.ask((db) => readLastPairOn(db, instrument))
  }

  command(commandId: string): Promise<AuditRecord | undefined> {
    return this.#readers.ask((db) => readCommand(db, commandId))
  }

  bookedSince(at: Millis): Promise<ReadonlySet<string>> {
    return this.#readers.ask((db) => readBookedSince(db, at))
  }

  history(address: Address, after: number, limit: number): Promise<readonly EventRecord[]> {
    return this.#readers.ask((db) => readHistory(db, address, after, limit))
  }

  async close(): Promise<void> {
    await this.#readers.close()
    await this.#connection.close()
  }
}
