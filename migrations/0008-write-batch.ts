/**
 * One call writes a batch, and is its transaction: the epoch check first, then the rows of each table in the order in which the
 * tables refer to each other, the cover check last. Its plans are made once a session, while tables may be empty, and are kept
 * while these grow: none may read a table from end to end, but for the comparisons, of which few are kept.
 */
import { sql, type Kysely } from 'kysely'

/** All but the first, which is the key. */
const replaced = (columns: string): string => {
  const names = columns.split(', ')
  return `SET (${names.join(', ')}) = (${names.map((name) => `excluded.${name}`).join(', ')})`
}

const actor = 'state, since, seq, version, finished, snapshot'
const pair = `instrument, strategy, bought, held, sold, cost, proceeds, fees, min_sell_price, opened_at, closed_at, held_because, ${actor}`
const order = `pair_id, leg, attempt, instrument, side, quantity, price, filled, venue_order_id, claimed_at, live, reason, ${actor}`
const comparison = 'id, began, ended, reason, outcome, compared, differences, omitted, detail'

const insert = (table: string, conflict = '', columns = '*'): string => `
  IF the_rows ? '${table}' THEN
    INSERT INTO ${table}${columns === '*' ? '' : ` (${columns})`} SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, the_rows->'${table}') ${conflict};
  END IF;`

const statements = [
  `CREATE FUNCTION write_batch(the_id text, the_epoch bigint, the_rows jsonb, pairs text[], offering text[], keep_agreed integer, keep_others integer) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $$
   DECLARE
     broken text;
   BEGIN
     INSERT INTO batches (id, epoch) SELECT the_id, epoch FROM lease WHERE name = 'desk' AND epoch = the_epoch FOR SHARE;
     IF NOT FOUND THEN
       RAISE EXCEPTION USING ERRCODE = 'ND001', MESSAGE = format('epoch %s is not the lease''s any more', the_epoch);
     END IF;
     ${insert('trade_pairs', `ON CONFLICT (pair_id) DO UPDATE ${replaced(pair)}`)}
     ${insert('orders', `ON CONFLICT (client_order_id) DO UPDATE ${replaced(order)}`)}
     ${insert('system_state', `ON CONFLICT (address) DO UPDATE ${replaced(actor)}`)}
     ${insert('fills')}
     ${insert('lots')}
     ${insert('journal')}
     ${insert('quarantine')}
     ${insert('audit_log')}
     ${insert('reconciliations', '', comparison)}
     IF the_rows ? 'reconciliations' THEN
       DELETE FROM reconciliations WHERE outcome = 'agreed' AND number <= (
         SELECT number FROM reconciliations WHERE outcome = 'agreed' ORDER BY number DESC OFFSET keep_agreed LIMIT 1);
       DELETE FROM reconciliations WHERE outcome <> 'agreed' AND number <= (
         SELECT number FROM reconciliations WHERE outcome <> 'agreed' ORDER BY number DESC OFFSET keep_others LIMIT 1);
     END IF;
     ${insert('deadlines', 'ON CONFLICT (address, name) DO UPDATE SET due_at = excluded.due_at, set_at = excluded.set_at')}
     IF the_rows ? 'cleared' THEN
       DELETE FROM deadlines d USING jsonb_to_recordset(the_rows->'cleared') AS r(address text, name text) WHERE d.address = r.address AND d.name = r.name;
     END IF;
     -- The cover rule of 0001.
     SELECT format('%s: held %s of %s in lots, sold %s of %s in fills, on offer %s', p.pair_id, p.held, l.net, p.sold, f.sold, o.open) INTO broken
     FROM trade_pairs p
     CROSS JOIN LATERAL (SELECT coalesce(sum(net), 0) AS net FROM lots WHERE pair_id = p.pair_id) l
     CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS sold FROM fills WHERE pair_id = p.pair_id AND side = 'sell') f
     CROSS JOIN LATERAL (SELECT coalesce(sum(quantity - filled), 0) AS open FROM orders
                         WHERE pair_id = p.pair_id AND leg = 'sell' AND live) o
     WHERE p.pair_id = ANY (pairs)
       AND (p.held <> l.net OR p.sold <> f.sold OR f.sold > l.net OR (p.pair_id = ANY (offering) AND f.sold + o.open > l.net))
     LIMIT 1;
     IF FOUND THEN
       RAISE EXCEPTION USING ERRCODE = 'ND002', MESSAGE = broken;
     END IF;
   END $$`,
  `DROP FUNCTION uncovered_pair`,
]

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
