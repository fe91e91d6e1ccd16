/**
 * What is let go of when it has grown old: events of actors that are at their end or remembered by their rows, and the ids of
 * batches whose fate nobody can still ask about. Books (pairs, orders, fills, lots) and decisions are kept for ever.
 *
 * K1  The newest event stays, so that positions go on from it.
 * K2  The events of an actor that lives are its way back should its row be unreadable: those of pairs and orders stay until their end.
 * K3  A round deletes at most so many rows, in statements of at most so many: commits do not wait behind it.
 */
import { sql, type Kysely } from 'kysely'
import type { Millis } from '../../domain/time.ts'
import { Readers, type PostgresAddress } from './connection.ts'
import type { Tables } from './tables.ts'

const rowsAtOnce = 2_000
const mostAtOnce = 100

/** Rows that were let go of. */
export interface LetGo {
  readonly events: number
  readonly batches: number
}

const oldEvents = (db: Kysely<Tables>, before: Millis) => sql`
  DELETE FROM journal WHERE position IN (
    SELECT position FROM journal old
    WHERE old.at < ${before} AND position < (SELECT max(position) FROM journal)
      AND CASE
        WHEN address LIKE 'order/%' THEN EXISTS (SELECT FROM orders WHERE client_order_id = substr(old.address, 7) AND finished)
        WHEN address LIKE 'trade-pair/%' THEN EXISTS (SELECT FROM trade_pairs WHERE pair_id = substr(old.address, 12) AND finished)
        ELSE EXISTS (SELECT FROM system_state state WHERE state.address = old.address AND state.seq > old.seq)
      END
    ORDER BY position LIMIT ${sql.lit(rowsAtOnce)})
`.execute(db)

const oldBatches = (db: Kysely<Tables>, before: Millis) => sql`
  DELETE FROM batches WHERE id IN (SELECT id FROM batches WHERE at < to_timestamp(${before / 1_000}) LIMIT ${sql.lit(rowsAtOnce)})
`.execute(db)

export class Retention {
  readonly #readers: Readers

  constructor(locate: () => Promise<PostgresAddress>) {
    this.#readers = new Readers(locate)
  }

  /**
   * Lets go of what is older, the oldest first (K3).
   * @throws while the store is away
   */
  async round(before: { readonly events: Millis; readonly batches: Millis }): Promise<LetGo> {
    return {
      events: await this.#repeat((db) => oldEvents(db, before.events)),
      batches: await this.#repeat((db) => oldBatches(db, before.batches)),
    }
  }

  async #repeat(step: (db: Kysely<Tables>) => Promise<{ readonly numAffectedRows?: bigint }>): Promise<number> {
    let count = 0
    for (let round = 0; round < mostAtOnce; round++) {
      const { numAffectedRows = 0n } = await this.#readers.ask(step)
      count += Number(numAffectedRows)
      if (numAffectedRows < BigInt(rowsAtOnce)) break
    }
    return count
  }

  close(): Promise<void> {
    return this.#readers.close()
  }
}
