/**
 * Every row of a desk as lines of text, and back: exact, whatever the server's version or machine.
 *
 * B1  A backup is of one moment: one transaction that sees nothing of what is committed while it runs.
 * B2  A restore is whole or nothing, and only into a store that has no desk.
 * B3  The last line counts and hashes what came before: a backup that was cut short or changed is refused.
 * B4  PostgreSQL writes and reads the rows' JSON itself: no number passes through a binary float.
 * B5  What a restore goes back behind is in no row: the transaction that brings the rows also leaves a kill for the first start on
 *     them, wherever that is. There is no moment at which the rows are there and the kill is not.
 */
import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { Tables } from './tables.ts'
import { keepBan } from './venue-bans.ts'
import { leaveKill, type Kill } from './waiting-kills.ts'

/** In the order in which rows may be put in: what is referred to comes first. */
export const backedUp = [
  'lease', 'batches', 'trade_pairs', 'orders', 'fills', 'lots', 'system_state', 'deadlines', 'journal', 'quarantine', 'reconciliations', 'venue_bans', 'paper_ledger', 'paper_client_order_ids', 'armings', 'audit_log', 'waiting_kills', 'let_go',
] as const

const rowsAtOnce = 500
const format = 1

/** Says what is wrong with a backup, in one sentence. */
export class BadBackup extends Error {
  override readonly name = 'BadBackup'
}

interface Head {
  readonly nightdesk: 'backup'
  readonly format: number
  /** The schema's migrations, oldest first. */
  readonly migrations: readonly string[]
}

export type RowCounts = Readonly<Record<string, number>>

const migrationsOf = async (db: Kysely<Tables>): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db)
  return rows.map(({ name }) => name)
}

const tablesOf = async (db: Kysely<Tables>): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<{ name: string }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`.execute(db)
  return new Set(rows.map(({ name }) => name))
}

/** The line that ends a backup. */
const endOf = (lines: number, hash: string): string => `end ${lines} ${hash}`

/**
 * Writes every row; `write` is awaited after each line's worth.
 * @returns how many rows of each table
 */
export const writeBackup = (db: Kysely<Tables>, write: (text: string) => Promise<void>): Promise<RowCounts> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await sql`SET TRANSACTION READ ONLY`.execute(tx)
      const hash = createHash('sha256')
      let lines = 0
      const put = async (text: string): Promise<void> => {
        lines++
        hash.update(`${text}\n`)
        await write(`${text}\n`)
      }
      await put(JSON.stringify({ nightdesk: 'backup', format, migrations: await migrationsOf(tx) } satisfies Head))
      const counts: Record<string, number> = {}
      const there = await tablesOf(tx)
      // A store that no start of this version has brought up to date yet has fewer.
      for (const table of backedUp.filter((name) => there.has(name))) {
        counts[table] = 0
        await sql`DECLARE pages NO SCROLL CURSOR FOR SELECT row_to_json(one)::text AS row FROM ${sql.table(table)} one`.execute(tx)
        for (;;) {
          const { rows } = await sql<{ row: string }>`FETCH ${sql.lit(rowsAtOnce)} FROM pages`.execute(tx)
          for (const { row } of rows) await put(`${table} ${row}`)
          counts[table] += rows.length
          if (rows.length < rowsAtOnce) break
        }
        await sql`CLOSE pages`.execute(tx)
      }
      await write(`${endOf(lines, hash.digest('hex'))}\n`)
      return counts
    })

const headOf = (line: string): Head => {
  try {
    const head = JSON.parse(line) as Partial<Head>
    if (head.nightdesk === 'backup' && Array.isArray(head.migrations)) {
      if (head.format !== format) throw new BadBackup(`the backup has format ${head.format}, this version reads ${format}: restore it with the version that made it`)
      return head as Head
    }
  } catch (error) {
    if (error instanceof BadBackup) throw error
  }
  throw new BadBackup('the file is no backup of a desk: it must be one that "nightdesk backup" has written')
}

/** Puts rows of one table in, as PostgreSQL wrote them (B4). */
const insert = async (tx: Kysely<Tables>, table: string, rows: readonly string[]): Promise<void> => {
  if (rows.length === 0) return
  await sql`INSERT INTO ${sql.table(table)} OVERRIDING SYSTEM VALUE SELECT * FROM json_populate_recordset(NULL::${sql.table(table)}, ${`[${rows.join(',')}]`}::json)`.execute(tx)
}

/** Numbers that the store gives out go on after the highest that came in. */
const goOn = async (tx: Kysely<Tables>): Promise<void> => {
  for (const [table, column] of [['reconciliations', 'number'], ['armings', 'id']] as const) {
    await sql`SELECT setval(pg_get_serial_sequence(${table}, ${column}), (SELECT coalesce(max(${sql.ref(column)}), 0) + 1 FROM ${sql.table(table)}), false)`.execute(tx)
  }
}

/** A schema that is ahead of the backup's would be given rows that it does not know. */
const insistOnSchema = async (db: Kysely<Tables>, { migrations }: Head): Promise<void> => {
  const there = (await tablesOf(db)).has('kysely_migration') ? await migrationsOf(db) : []
  const ahead = migrations.every((name) => there.includes(name)) ? there.find((name) => !migrations.includes(name)) : undefined
  if (ahead !== undefined) throw new BadBackup(`the store's schema has ${ahead}, which is newer than the backup: restore into one that nothing was done in yet (another NIGHTDESK_HOME, or an empty database)`)
}

/** Takes away what gives way to the backup's, and answers the bans: the venue's word holds whatever is restored. */
const makeRoom = async (tx: Kysely<Tables>): Promise<readonly { readonly venue: string; readonly until: string }[]> => {
  const { rows } = await sql<{ used: boolean }>`SELECT EXISTS (SELECT FROM lease) AS used`.execute(tx)
  if (rows[0]?.used === true) throw new BadBackup('the store already has a desk in it: restore into an empty one (another NIGHTDESK_HOME, or an empty database)')
  const there = await tablesOf(tx)
  if (there.has('armings')) await tx.deleteFrom('armings').execute()
  return there.has('venue_bans') ? tx.deleteFrom('venue_bans').returningAll().execute() : []
}

export interface RestoreOptions {
  /** Brings the schema to where the backup's was; the names are its migrations. */
  readonly prepare: (migrations: readonly string[]) => Promise<void>
  /** Brings the schema from there to where it is now, inside the transaction that it is handed. */
  readonly finish: (tx: Kysely<Tables>) => Promise<unknown>
  /** Waits for the first start on the restored rows (B5). */
  readonly kill: Omit<Kill, 'kind'>
}

/**
 * Puts a backup into a store that has no desk (B2).
 * @throws BadBackup when the file cannot be restored; the store is then as it was, but for its empty tables
 */
export const readBackup = async (db: Kysely<Tables>, lines: AsyncIterable<string>, { prepare, finish, kill }: RestoreOptions): Promise<RowCounts> => {
  const reader = lines[Symbol.asyncIterator]()
  const first = await reader.next()
  const head = headOf(first.done === true ? '' : first.value)
  await insistOnSchema(db, head)
  await prepare(head.migrations)
  return db.transaction().execute(async (tx) => {
    const bans = await makeRoom(tx)
    const counts = await takeRows(tx, reader, first.value)
    await finish(tx)
    for (const { venue, until } of bans) await keepBan(tx, venue, Number(until))
    await leaveKill(tx, kill)
    return counts
  })
}

const takeRows = async (tx: Kysely<Tables>, reader: AsyncIterator<string>, head: string): Promise<RowCounts> => {
  const hash = createHash('sha256').update(`${head}\n`)
  const counts: Record<string, number> = Object.fromEntries(backedUp.map((table) => [table, 0]))
  let taken = 1
  let [table, waiting]: [string, string[]] = ['', []]
  const flush = async (): Promise<void> => {
    await insert(tx, table, waiting)
    waiting = []
  }
  for (let line = await reader.next(); line.done !== true; line = await reader.next()) {
    const text = line.value
    if (text.startsWith('end ')) {
      await flush()
      if (text !== endOf(taken, hash.digest('hex'))) throw new BadBackup('the backup is not as it was written: its last line does not fit the others')
      await goOn(tx)
      return counts
    }
    const space = text.indexOf(' ')
    const name = text.slice(0, space)
    if (!(backedUp as readonly string[]).includes(name)) throw new BadBackup(`line ${taken + 1} of the backup is of no table that is known`)
    if (name !== table || waiting.length >= rowsAtOnce) await flush()
    table = name
    waiting.push(text.slice(space + 1))
    hash.update(`${text}\n`)
    counts[name] = (counts[name] ?? 0) + 1
    taken++
  }
  throw new BadBackup('the backup has no end: it was cut short')
}
