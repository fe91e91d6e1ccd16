/**
 * Kills that wait in the store for its next start: left in the transaction that makes them needed, carried out before anything is
 * traded, and gone once the audit log has them. One that was recorded is never carried out again, whatever dies when.
 */
import { sql, type Kysely } from 'kysely'
import { DatabaseError } from 'pg'
import type { Command } from '../../domain/command.ts'
import { Readers, type PostgresAddress } from './connection.ts'
import type { Tables } from './tables.ts'

export type Kill = Extract<Command, { readonly kind: 'kill' }>

const isUndefinedTable = (error: unknown): boolean => error instanceof DatabaseError && error.code === '42P01'

/** Leaves one, in the caller's transaction. */
export const leaveKill = async (tx: Kysely<Tables>, { id, level, who, reason }: Omit<Kill, 'kind'>): Promise<void> => {
  await tx.insertInto('waiting_kills').values({ id, level, who, reason }).execute()
}

/** Those that are not recorded yet; none in a store that was never brought up to date. */
export const readWaitingKills = async (db: Kysely<Tables>): Promise<readonly Kill[]> => {
  try {
    const { rows } = await sql<Omit<Kill, 'kind'>>`SELECT * FROM waiting_kills w WHERE NOT EXISTS (SELECT FROM audit_log WHERE command_id = w.id) ORDER BY id`.execute(db)
    return rows.map((row) => ({ kind: 'kill', ...row }))
  } catch (error) {
    if (isUndefinedTable(error)) return []
    throw error
  }
}

export class WaitingKills {
  readonly #readers: Readers

  constructor(locate: () => Promise<PostgresAddress>) {
    this.#readers = new Readers(locate)
  }

  /** @throws while the store is away */
  read(): Promise<readonly Kill[]> {
    return this.#readers.ask(readWaitingKills)
  }

  /** Takes away those that are recorded. */
  async forgetTaken(): Promise<void> {
    await this.#readers.ask((db) => sql`DELETE FROM waiting_kills w WHERE EXISTS (SELECT FROM audit_log WHERE command_id = w.id)`.execute(db))
  }

  close(): Promise<void> {
    return this.#readers.close()
  }
}
