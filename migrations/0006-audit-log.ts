/** What people wanted of the desk, each command once, in order; nothing of it is ever changed. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `CREATE TABLE audit_log (
     number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     command_id text NOT NULL CONSTRAINT audit_log_once UNIQUE,
     at bigint NOT NULL,
     kind text NOT NULL,
     who text NOT NULL,
     reason text NOT NULL,
     target text NOT NULL,
     before_state text NOT NULL,
     after_state text NOT NULL)`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
