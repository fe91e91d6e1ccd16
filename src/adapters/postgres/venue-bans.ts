/**
 * Until when a venue has barred us, kept over every restart (CN-09). Not fenced by an epoch: a ban is of the address, and
 * whoever was told of it last is right.
 */
import { sql, type Kysely } from 'kysely'
import { DatabaseError } from 'pg'
import type { Millis } from '../../domain/time.ts'
import { noFailpoints } from '../../ports/failpoints.ts'
import { Readers, type PostgresAddress } from './connection.ts'
import { migrate } from './migrate.ts'
import type { Tables } from './tables.ts'

const isUndefinedTable = (error: unknown): boolean => error instanceof DatabaseError && error.code === '42P01'

/** Keeps the end of a ban; an earlier one never shortens it. */
export const keepBan = async (db: Kysely<Tables>, venue: string, until: Millis): Promise<void> => {
  await db
    .insertInto('venue_bans')
    .values({ venue, until: String(Math.ceil(until)) })
    .onConflict((conflict) => conflict.column('venue').doUpdateSet({ until: sql`greatest(venue_bans.until, excluded.until)` }))
    .execute()
}

export class VenueBans {
  readonly #readers: Readers

  constructor(locate: () => Promise<PostgresAddress>) {
    this.#readers = new Readers(locate)
  }

  /** The end of the venue's ban, by our wall clock; undefined when none was ever told. It may lie in the past. */
  async until(venue: string): Promise<Millis | undefined> {
    try {
      const row = await this.#readers.ask((db) => db.selectFrom('venue_bans').select('until').where('venue', '=', venue).executeTakeFirst())
      return row && Number(row.until)
    } catch (error) {
      // A store that was never migrated knows of no ban.
      if (isUndefinedTable(error)) return undefined
      throw error
    }
  }

  /** Keeps the end of a ban; an earlier one never shortens it. */
  async keep(venue: string, until: Millis): Promise<void> {
    await this.#readers.ask(async (db) => {
      try {
        await keepBan(db, venue, until)
      } catch (error) {
        // Barred at the very first call of a new desk, whose store is still empty.
        if (!isUndefinedTable(error)) throw error
        await migrate(db, noFailpoints)
        await keepBan(db, venue, until)
      }
    })
  }

  close(): Promise<void> {
    return this.#readers.close()
  }
}
