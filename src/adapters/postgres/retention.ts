/**
 * What is let go of when it has grown old: the events of orders and pairs that ended long ago, and the ids of batches whose fate
 * nobody can still ask about. Books (pairs, orders, fills, lots), decisions and the events of the desk's own actors are kept for ever.
 *
 * K1  A life is kept whole or let go of whole: what is replayed, or folded again, begins with its first event.
 * K2  The events of an actor that lives are its way back should its row be unreadable: they stay, however old they are.
 * K3  The newest event stays, with its life, so that positions go on from it.
 * K4  A round takes at most so many statements, each at most so many lives and about so many events: commits do not wait behind
 *     it. The lives that ended are found by index from where the last statement stopped; the journal is never read through.
 */
import { sql, type Kysely, type Transaction } from 'kysely'
import type { Millis } from '../../domain/time.ts'
import { Readers, type PostgresAddress } from './connection.ts'
import type { Tables } from './tables.ts'

const livesAtOnce = 1_000
const eventsAtOnce = 20_000
const rowsAtOnce = 2_000
const mostAtOnce = 100

/** The actors that end. */
export type Mortal = 'order' | 'trade-pair'

const rowsOf = { order: { table: 'orders', id: 'client_order_id' }, 'trade-pair': { table: 'trade_pairs', id: 'pair_id' } } as const

interface Ended {
  readonly id: string
  readonly ended: string
}

/** The lives that ended next; a row counts the events of its life. */
const nextEnded = async (tx: Transaction<Tables>, kind: Mortal, before: Millis): Promise<readonly Ended[]> => {
  const mark = await tx.selectFrom('let_go').select(['ended', 'id']).where('kind', '=', kind).executeTakeFirst()
  const { table, id } = rowsOf[kind]
  const { rows } = await sql<Ended>`
    SELECT id, since AS ended FROM (
      SELECT id, since, sum(seq) OVER (ORDER BY since, id) - seq AS events FROM (
        SELECT ${sql.ref(id)} AS id, since, seq FROM ${sql.table(table)}
        WHERE finished AND since < ${before} AND (since, ${sql.ref(id)}) > (${mark?.ended ?? '0'}, ${mark?.id ?? ''})
        ORDER BY since, ${sql.ref(id)} LIMIT ${sql.lit(livesAtOnce)}) oldest) counted
    WHERE events < ${sql.lit(eventsAtOnce)} ORDER BY since, id
  `.execute(tx)
  return rows
}

const letGoOf = async (tx: Transaction<Tables>, kind: Mortal, lives: readonly Ended[]): Promise<number> => {
  const newest = await tx.selectFrom('journal').select('address').orderBy('position', 'desc').limit(1).executeTakeFirst()
  const addresses = lives.map(({ id }) => `${kind}/${id}`).filter((address) => address !== newest?.address)
  const { numAffectedRows = 0n } = await sql`DELETE FROM journal WHERE address = ANY (${addresses}::text[])`.execute(tx)
  return Number(numAffectedRows)
}

const keepMark = async (tx: Transaction<Tables>, kind: Mortal, { id, ended }: Ended): Promise<void> => {
  await tx.insertInto('let_go').values({ kind, id, ended }).onConflict((conflict) => conflict.column('kind').doUpdateSet({ id, ended })).execute()
}

/** One statement's worth; undefined when no life is left that ended before. */
const oldEvents = (db: Kysely<Tables>, kind: Mortal, before: Millis): Promise<number | undefined> =>
  db.transaction().execute(async (tx) => {
    // Before its first analysis a table's plan could be to read it through.
    await sql`SET LOCAL enable_seqscan = off`.execute(tx)
    const lives = await nextEnded(tx, kind, before)
    const last = lives.at(-1)
    if (last === undefined) return undefined
    const count = await letGoOf(tx, kind, lives)
    await keepMark(tx, kind, last)
    return count
  })

const oldBatches = async (db: Kysely<Tables>, before: Millis): Promise<number | undefined> => {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE at < to_timestamp(${before / 1_000}) LIMIT ${sql.lit(rowsAtOnce)})
  `.execute(db)
  return numAffectedRows === 0n ? undefined : Number(numAffectedRows)
}

export class Retention {
  readonly #readers: Readers

  constructor(locate: () => Promise<PostgresAddress>) {
    this.#readers = new Readers(locate)
  }

  /**
   * Lets go of the events of lives that ended before, those that ended first at first (K1, K4). Returns how many events.
   * @throws while the store is away
   */
  events(kind: Mortal, before: Millis): Promise<number> {
    return this.#repeat((db) => oldEvents(db, kind, before))
  }

  /**
   * Lets go of the ids of batches that were committed before. Returns how many.
   * @throws while the store is away
   */
  batches(before: Millis): Promise<number> {
    return this.#repeat((db) => oldBatches(db, before))
  }

  /** @param step one statement's worth; undefined when there was nothing left */
  async #repeat(step: (db: Kysely<Tables>) => Promise<number | undefined>): Promise<number> {
    let count = 0
    for (let round = 0; round < mostAtOnce; round++) {
      const more = await this.#readers.ask(step)
      if (more === undefined) break
      count += more
    }
    return count
  }

  close(): Promise<void> {
    return this.#readers.close()
  }
}
