/** Comparisons with the venue, kept for people; and the way from the venue's order id to the row. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `CREATE TABLE reconciliations (
     number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id text NOT NULL UNIQUE,
     began bigint NOT NULL,
     ended bigint NOT NULL,
     reason text NOT NULL,
     outcome text NOT NULL CHECK (outcome IN ('agreed', 'repaired', 'failed')),
     compared jsonb NOT NULL,
     differences jsonb NOT NULL,
     omitted integer NOT NULL,
     detail text)`,
  // A deadline is never further away than when it was set, whatever becomes of the wall clock.
  `ALTER TABLE deadlines ADD COLUMN set_at bigint`,
  `CREATE INDEX orders_at_venue ON orders (venue_order_id) WHERE venue_order_id IS NOT NULL`,
  `CREATE INDEX fills_at ON fills (at)`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
