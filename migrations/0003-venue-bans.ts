/** Until when a venue has barred us: whoever starts anew does not call before (CN-09). */
import { sql, type Kysely } from 'kysely'

const statements = [`CREATE TABLE venue_bans (venue text PRIMARY KEY, until bigint NOT NULL)`]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
