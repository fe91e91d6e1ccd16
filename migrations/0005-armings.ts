/** Which configuration a person has armed for real orders on a real venue, and since when; every word that was said stays. */
import { sql, type Kysely } from 'kysely'

const statements = [
  `CREATE TABLE armings (
     id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     at bigint NOT NULL,
     armed boolean NOT NULL,
     fingerprint text NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{16}$'),
     who text NOT NULL,
     reason text NOT NULL CHECK (reason <> ''))`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
