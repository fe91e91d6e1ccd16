/**
 * Tables with the desk's columns and nothing but a primary key, and inserts that have nothing to decide: what PostgreSQL
 * takes of the same rows when nobody asks what they mean.
 */
import { Client, type QueryConfig } from 'pg'
import type { PostgresAddress } from '../../src/adapters/postgres/connection.ts'
import { eventRow, fillRow, orderRow, tradePairRow } from '../../src/adapters/postgres/rows.ts'
import type { Batch } from '../../src/ports/journal.ts'

/** The columns that a row is found by again: each version of an order or a pair is a row of its own here. */
const keys = { pairs: ['pair_id', 'seq'], orders: ['client_order_id', 'seq'], events: ['address', 'seq'], fills: ['trade_id', 'venue_order_id'] } as const

type Row = Readonly<Record<string, unknown>>

export type BareRows = Readonly<Record<keyof typeof keys, readonly Row[]>>

const rowsOf = ({ turns }: Batch): BareRows => {
  const last = new Map(turns.flatMap((turn) => turn.actors).map((record) => [record.address, record]))
  const records = [...last.values()]
  return {
    pairs: records.flatMap((record) => (record.tradePair === undefined ? [] : [tradePairRow(record, record.tradePair)])),
    orders: records.flatMap((record) => (record.order === undefined ? [] : [orderRow(record, record.order)])),
    events: turns.flatMap((turn) => turn.events.map(eventRow)),
    fills: turns.flatMap((turn) => turn.fills.map(fillRow)),
  }
}

const source = { pairs: 'trade_pairs', orders: 'orders', events: 'journal', fills: 'fills' } as const

const columns = {
  pairs: 'pair_id text, instrument text, strategy text, bought numeric, held numeric, sold numeric, cost numeric, proceeds numeric, fees numeric, min_sell_price numeric, opened_at bigint, closed_at bigint, held_because text, state text, since bigint, seq bigint, version integer, finished boolean, snapshot jsonb',
  orders: 'client_order_id text, pair_id text, leg text, attempt integer, instrument text, side text, quantity numeric, price numeric, filled numeric, venue_order_id text, claimed_at bigint, live boolean, reason text, state text, since bigint, seq bigint, version integer, finished boolean, snapshot jsonb',
  events: 'position bigint, address text, seq bigint, turn text, at bigint, type text, body jsonb, from_state text, to_state text',
  fills: 'venue text, instrument text, trade_id text, venue_order_id text, client_order_id text, pair_id text, side text, quantity numeric, price numeric, fee numeric, fee_asset text, liquidity text, at bigint',
} as const

const statement = (table: keyof typeof keys, rows: readonly Row[]): QueryConfig => ({
  name: table,
  text: `INSERT INTO bare_${source[table]} SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(${columns[table]})`,
  values: [JSON.stringify(rows)],
})

export class BareTables {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  static async open(address: PostgresAddress): Promise<BareTables> {
    const client = new Client({ ...address, pipeline: true })
    await client.connect()
    for (const table of Object.keys(keys) as (keyof typeof keys)[]) await client.query(`CREATE TABLE bare_${source[table]} (${columns[table]}, PRIMARY KEY (${keys[table].join(', ')}))`)
    return new BareTables(client)
  }

  /** The rows of a batch as finished values: making them is not measured, writing them down is. */
  prepare(batch: Batch): BareRows {
    return rowsOf(batch)
  }

  /** One transaction. */
  async insert(rows: BareRows): Promise<void> {
    const written = (Object.keys(keys) as (keyof typeof keys)[]).filter((table) => rows[table].length > 0).map((table) => statement(table, rows[table]))
    await Promise.all([{ text: 'BEGIN' }, ...written, { text: 'COMMIT' }].map((one) => this.#client.query(one)))
  }

  close(): Promise<void> {
    return this.#client.end()
  }
}
