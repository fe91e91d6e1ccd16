/** What paper venues remember; a client order id is kept after its events were forgotten. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `CREATE TABLE paper_ledger (ledger text NOT NULL, position bigint NOT NULL CHECK (position > 0), event jsonb NOT NULL, PRIMARY KEY (ledger, position))`,
  `CREATE TABLE paper_client_order_ids (ledger text NOT NULL, client_order_id text NOT NULL, PRIMARY KEY (ledger, client_order_id))`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
