/**
 * Kills that wait in the store for the next start, wherever that is; and how far old events were let go of, with the way to
 * the lives that ended next.
 */
import { sql, type Kysely } from 'kysely'

const statements = [
  `CREATE TABLE waiting_kills (
     id text PRIMARY KEY,
     level text NOT NULL CHECK (level IN ('entries', 'orders', 'flatten')),
     who text NOT NULL CHECK (who <> ''),
     reason text NOT NULL CHECK (reason <> ''))`,
  // The last life of each kind whose events are gone: its end, and its id among those that ended in the same millisecond.
  `CREATE TABLE let_go (
     kind text PRIMARY KEY CHECK (kind IN ('order', 'trade-pair')),
     ended bigint NOT NULL,
     id text NOT NULL)`,
  `CREATE INDEX orders_ended ON orders (since, client_order_id) WHERE finished`,
  `CREATE INDEX trade_pairs_ended ON trade_pairs (since, pair_id) WHERE finished`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
