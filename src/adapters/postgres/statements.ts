/**
 * How rows come into each table: all of a batch by one prepared statement, from one JSON parameter. Only statements that no
 * table's growth could give a better plan are prepared: a plan is kept for the session's life.
 */
import type { QueryConfig } from 'pg'

const columns = {
  trade_pairs:
    'pair_id text, instrument text, strategy text, bought numeric, held numeric, sold numeric, cost numeric, proceeds numeric, fees numeric, min_sell_price numeric, opened_at bigint, closed_at bigint, held_because text, state text, since bigint, seq bigint, version integer, finished boolean, snapshot jsonb',
  orders:
    'client_order_id text, pair_id text, leg text, attempt integer, instrument text, side text, quantity numeric, price numeric, filled numeric, venue_order_id text, claimed_at bigint, live boolean, reason text, state text, since bigint, seq bigint, version integer, finished boolean, snapshot jsonb',
  system_state: 'address text, state text, since bigint, seq bigint, version integer, finished boolean, snapshot jsonb',
  journal: 'position bigint, address text, seq bigint, turn text, at bigint, type text, body jsonb, from_state text, to_state text',
  fills:
    'venue text, instrument text, trade_id text, venue_order_id text, client_order_id text, pair_id text, side text, quantity numeric, price numeric, fee numeric, fee_asset text, liquidity text, at bigint',
  lots: 'venue text, instrument text, trade_id text, venue_order_id text, pair_id text, net numeric',
  deadlines: 'address text, name text, due_at bigint, set_at bigint',
  quarantine: 'id text, at bigint, address text, event jsonb, detail text',
  audit_log: 'number bigint, at bigint, kind text, who text, reason text, target text, before_state text, after_state text, pair_id text, order_id text, rule text, command_id text, hash text',
  reconciliations: 'id text, began bigint, ended bigint, reason text, outcome text, compared jsonb, differences jsonb, omitted integer, detail text',
} as const

export type Table = keyof typeof columns

const namesOf = (table: Table): readonly string[] => columns[table].split(', ').map((column) => column.split(' ')[0] ?? '')

/** INSERT of all rows from one JSON parameter; `key` makes it an upsert. */
const statement = (table: Table, key?: readonly string[]): string => {
  const names = namesOf(table)
  const insert = `INSERT INTO ${table} (${names.join(', ')}) SELECT ${names.join(', ')} FROM jsonb_to_recordset($1::jsonb) AS r(${columns[table]})`
  if (key === undefined) return insert
  const changes = names.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`)
  return `${insert} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changes.join(', ')}`
}

const statements: Readonly<Record<Table, string>> = {
  trade_pairs: statement('trade_pairs', ['pair_id']),
  orders: statement('orders', ['client_order_id']),
  system_state: statement('system_state', ['address']),
  journal: statement('journal'),
  fills: statement('fills'),
  lots: statement('lots'),
  deadlines: statement('deadlines', ['address', 'name']),
  quarantine: statement('quarantine'),
  audit_log: statement('audit_log'),
  reconciliations: statement('reconciliations'),
}

/** The statement that writes these rows. */
export const writing = (table: Table, rows: readonly object[]): QueryConfig => ({ name: `write ${table}`, text: statements[table], values: [JSON.stringify(rows)] })
