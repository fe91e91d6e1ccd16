/**
 * Writes one batch in one transaction, begun by the epoch check and ended by the cover check (J1, J2).
 * A statement a table, each with all its rows: the number of round trips does not grow with the batch.
 */
import { createHash } from 'node:crypto'
import { sql, type Kysely, type Transaction } from 'kysely'
import { beforeTheFirst, chainedText } from '../../domain/audit-chain.ts'
import type { ActorRecord, AuditRecord } from '../../domain/records.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import { reconciliationsKept, type Batch, type Turn } from '../../ports/journal.ts'
import { auditRow, eventRow, fillRow, orderRow, systemRow, tradePairRow } from './rows.ts'
import type { Tables } from './tables.ts'

/** Thrown inside the transaction when the lease has moved on. */
export class EpochLost extends Error {
  override readonly name = 'EpochLost'
}

/** Thrown inside the transaction when a pair would be sold or offered beyond what it bought. */
export class CoverBroken extends Error {
  override readonly name = 'CoverBroken'
}

type Tx = Transaction<Tables>

/** The last row of each actor: earlier ones in the batch are history, which the events keep. */
const latest = (turns: readonly Turn[]): readonly ActorRecord[] => [
  ...new Map(turns.flatMap((turn) => turn.actors).map((record) => [record.address, record])).values(),
]

const epochCheck = async (tx: Tx, batch: Batch, epoch: number): Promise<void> => {
  const { numAffectedRows } = await sql`
    INSERT INTO batches (id, epoch) SELECT ${batch.id}, epoch FROM lease WHERE name = 'desk' AND epoch = ${epoch} FOR SHARE
  `.execute(tx)
  if (numAffectedRows !== 1n) throw new EpochLost(`epoch ${epoch} is not the lease's any more`)
}

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

type Table = keyof typeof columns

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

const write = async (tx: Tx, table: Table, rows: readonly object[]): Promise<void> => {
  if (rows.length === 0) return
  const [before = '', after = ''] = statements[table].split('$1')
  await sql`${sql.raw(before)}${JSON.stringify(rows)}${sql.raw(after)}`.execute(tx)
}

/** Keeps a comparison, and as many before it as are worth keeping. */
const writeReconciliations = async (tx: Tx, turns: readonly Turn[]): Promise<void> => {
  const records = turns.flatMap(({ reconciliation }) => reconciliation ?? [])
  if (records.length === 0) return
  await write(tx, 'reconciliations', records)
  for (const [agreed, kept] of [[true, reconciliationsKept.agreed], [false, reconciliationsKept.others]] as const) {
    await sql`
      DELETE FROM reconciliations WHERE (outcome = 'agreed') = ${agreed} AND number <= (
        SELECT number FROM reconciliations WHERE (outcome = 'agreed') = ${agreed} ORDER BY number DESC OFFSET ${kept} LIMIT 1)
    `.execute(tx)
  }
}

/** Decisions, each chained to the one before: nobody else writes them, for the batch holds the epoch. */
const writeAudit = async (tx: Tx, records: readonly AuditRecord[]): Promise<void> => {
  if (records.length === 0) return
  const last = await tx.selectFrom('audit_log').select(['number', 'hash']).orderBy('number', 'desc').limit(1).executeTakeFirst()
  let number = Number(last?.number ?? 0)
  let hash = last?.hash ?? beforeTheFirst
  const rows = records.map((record) => {
    number += 1
    hash = createHash('sha256').update(chainedText(hash, number, record)).digest('hex')
    return auditRow({ ...record, number, hash })
  })
  await write(tx, 'audit_log', rows)
}

/** Ended orders first: within one statement, the old order of a leg must let go before the new one is live. */
const orderRows = (records: readonly ActorRecord[]) =>
  records
    .flatMap((record) => (record.order === undefined ? [] : [orderRow(record, record.order)]))
    .sort((a, b) => Number(a.live) - Number(b.live))

const writeDeadlines = async (tx: Tx, turns: readonly Turn[]): Promise<void> => {
  const last = new Map<string, { address: string; name: string; due_at: number | undefined; set_at?: number | null }>()
  for (const turn of turns) {
    for (const { address, name } of turn.cleared) last.set(`${address} ${name}`, { address, name, due_at: undefined })
    for (const { address, name, dueAt, setAt } of turn.deadlines) last.set(`${address} ${name}`, { address, name, due_at: dueAt, set_at: setAt ?? null })
  }
  const all = [...last.values()]
  await write(tx, 'deadlines', all.filter((row) => row.due_at !== undefined))
  const cleared = all.filter((row) => row.due_at === undefined)
  if (cleared.length === 0) return
  await sql`
    DELETE FROM deadlines d USING jsonb_to_recordset(${JSON.stringify(cleared)}::jsonb) AS r(address text, name text)
    WHERE d.address = r.address AND d.name = r.name
  `.execute(tx)
}

/** A sell that begins: in its first states nothing but its claim, and perhaps its answer, has happened to it. */
const isNewOffer = ({ order, state }: ActorRecord): boolean => order?.leg === 'sell' && order.live && (state === 'submitting' || order.venueOrderId === null)

const coverCheck = async (tx: Tx, turns: readonly Turn[], records: readonly ActorRecord[]): Promise<void> => {
  const pairs = new Set([
    ...turns.flatMap((turn) => turn.fills.map((fill) => fill.pairId)),
    ...records.flatMap((record) => record.order?.pairId ?? record.tradePair?.pairId ?? []),
  ])
  if (pairs.size === 0) return
  const offering = records.flatMap((record) => (isNewOffer(record) ? [record.order?.pairId] : []))
  const { rows } = await sql<{ broken: string | null }>`SELECT uncovered_pair(${[...pairs]}::text[], ${offering}::text[]) AS broken`.execute(tx)
  const broken = rows[0]?.broken
  if (broken !== null && broken !== undefined) throw new CoverBroken(broken)
}

/**
 * Commits the batch.
 * @throws EpochLost, CoverBroken, or the database's own error; unless the connection died, nothing was written
 */
export const commitBatch = async (db: Kysely<Tables>, batch: Batch, { epoch, failpoints }: { readonly epoch: number; readonly failpoints: Failpoints }): Promise<void> => {
  const { turns } = batch
  const records = latest(turns)
  await db.transaction().execute(async (tx) => {
    await epochCheck(tx, batch, epoch)
    await write(tx, 'trade_pairs', records.flatMap((record) => (record.tradePair === undefined ? [] : [tradePairRow(record, record.tradePair)])))
    await write(tx, 'orders', orderRows(records))
    await write(tx, 'system_state', records.filter(({ order, tradePair }) => order === undefined && tradePair === undefined).map(systemRow))
    await write(tx, 'fills', turns.flatMap((turn) => turn.fills.map(fillRow)))
    await write(tx, 'lots', turns.flatMap((turn) => turn.lots.map(({ tradeId, venueOrderId, pairId, ...lot }) => ({ ...lot, trade_id: tradeId, venue_order_id: venueOrderId, pair_id: pairId }))))
    await write(tx, 'journal', turns.flatMap((turn) => turn.events.map(eventRow)))
    await write(tx, 'quarantine', turns.flatMap((turn) => (turn.quarantined === undefined ? [] : [turn.quarantined])))
    await writeAudit(tx, turns.flatMap(({ audit }) => audit ?? []))
    await writeReconciliations(tx, turns)
    await writeDeadlines(tx, turns)
    await coverCheck(tx, turns, records)
    failpoints.reach('commit.written')
  })
}
