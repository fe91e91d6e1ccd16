/**
 * Every decision, in order: proposals, denials, commands, repairs. Each command once. Rows are only ever added, and each is
 * chained to the one before by its hash, so that a gap or an edit shows.
 */
import { sql, type Kysely } from 'kysely'

const statements = [
  `CREATE TABLE audit_log (
     number bigint PRIMARY KEY,
     at bigint NOT NULL,
     kind text NOT NULL,
     who text NOT NULL,
     reason text NOT NULL,
     target text NOT NULL,
     before_state text NOT NULL,
     after_state text NOT NULL,
     pair_id text,
     order_id text,
     rule text,
     command_id text CONSTRAINT audit_log_once UNIQUE,
     hash text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'))`,
  `CREATE INDEX audit_log_pair ON audit_log (pair_id) WHERE pair_id IS NOT NULL`,
  `CREATE INDEX audit_log_order ON audit_log (order_id) WHERE order_id IS NOT NULL`,
  `CREATE INDEX audit_log_rule ON audit_log (rule) WHERE rule IS NOT NULL`,
  `CREATE INDEX audit_log_at ON audit_log (at)`,
  `CREATE FUNCTION audit_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     RAISE EXCEPTION 'the audit log is only ever added to';
   END $$`,
  `CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log EXECUTE FUNCTION audit_log_is_append_only()`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
