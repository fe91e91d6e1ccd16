/**
 * The paper ledger in PostgreSQL (PL1 to PL4). Not fenced by the desk's epoch: the position is its own fence. A jsonb column gives
 * back the same JSON values, and every amount in them is text.
 */
import { sql, type Kysely } from 'kysely'
import { DatabaseError } from 'pg'
import { noFailpoints } from '../../ports/failpoints.ts'
import type { PaperEntry, PaperEvent, PaperLedger } from '../../ports/paper-ledger.ts'
import { Readers, type PostgresAddress } from './connection.ts'
import { migrate } from './migrate.ts'
import type { Tables } from './tables.ts'

/** A position or a client order id that somebody else has written. */
const uniqueViolation = '23505'
const undefinedTable = '42P01'

const hasCode = (error: unknown, code: string): boolean => error instanceof DatabaseError && error.code === code

/** Thrown inside a transaction to undo it. */
class Overtaken extends Error {}

export class PostgresPaperLedger implements PaperLedger {
  readonly #readers: Readers
  readonly #ledger: string

  /** @param ledger names the simulated account in this store: one store holds many */
  constructor(locate: () => Promise<PostgresAddress>, ledger: string) {
    this.#readers = new Readers(locate)
    this.#ledger = ledger
  }

  async read(after: number, limit: number): Promise<readonly PaperEntry[]> {
    const rows = await this.#ask((db) =>
      db.selectFrom('paper_ledger').select(['position', 'event']).where('ledger', '=', this.#ledger).where('position', '>', String(after)).orderBy('position').limit(limit).execute(),
    )
    return rows.map(({ position, event }) => ({ position: Number(position), event: event as unknown as PaperEvent }))
  }

  async append(after: number, events: readonly PaperEvent[]): Promise<'appended' | 'overtaken'> {
    try {
      await this.#ask((db) => db.transaction().execute((transaction) => this.#write(transaction, after, events)))
      return 'appended'
    } catch (error) {
      if (error instanceof Overtaken || hasCode(error, uniqueViolation)) return 'overtaken'
      throw error
    }
  }

  async knows(clientOrderId: string): Promise<boolean> {
    const row = await this.#ask((db) =>
      db.selectFrom('paper_client_order_ids').select('ledger').where('ledger', '=', this.#ledger).where('client_order_id', '=', clientOrderId).executeTakeFirst(),
    )
    return row !== undefined
  }

  async forget(before: number): Promise<void> {
    await this.#ask((db) => db.deleteFrom('paper_ledger').where('ledger', '=', this.#ledger).where('position', '<', String(before)).execute())
  }

  close(): Promise<void> {
    return this.#readers.close()
  }

  async #write(db: Kysely<Tables>, after: number, events: readonly PaperEvent[]): Promise<void> {
    const { last } = await db.selectFrom('paper_ledger').select(sql<string | null>`max(position)`.as('last')).where('ledger', '=', this.#ledger).executeTakeFirstOrThrow()
    if (Number(last ?? 0) !== after) throw new Overtaken()
    await db.insertInto('paper_ledger').values(events.map((event, index) => ({ ledger: this.#ledger, position: after + index + 1, event: JSON.stringify(event) }))).execute()
    const ids = events.flatMap((event) => (event.type === 'placed' ? [{ ledger: this.#ledger, client_order_id: event.request.clientOrderId }] : []))
    if (ids.length > 0) await db.insertInto('paper_client_order_ids').values(ids).execute()
  }

  /** A store that was never migrated is, once. */
  #ask<T>(question: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#readers.ask(async (db) => {
      try {
        return await question(db)
      } catch (error) {
        if (!hasCode(error, undefinedTable)) throw error
        await migrate(db, noFailpoints)
        return question(db)
      }
    })
  }
}
