/** Which configuration is armed, and everything that was ever said about it. */
import { DatabaseError } from 'pg'
import type { Millis } from '../../domain/time.ts'
import { noFailpoints } from '../../ports/failpoints.ts'
import { Readers, type PostgresAddress } from './connection.ts'
import { migrate } from './migrate.ts'

/** One word of a person: armed for this configuration, or armed for none. */
export interface Arming {
  readonly at: Millis
  readonly armed: boolean
  readonly fingerprint: string
  readonly who: string
  readonly reason: string
}

const isUndefinedTable = (error: unknown): boolean => error instanceof DatabaseError && error.code === '42P01'

export class Armings {
  readonly #readers: Readers

  constructor(locate: () => Promise<PostgresAddress>) {
    this.#readers = new Readers(locate)
  }

  /** The last word; undefined when none was ever said. */
  async last(): Promise<Arming | undefined> {
    try {
      const row = await this.#readers.ask((db) => db.selectFrom('armings').select(['at', 'armed', 'fingerprint', 'who', 'reason']).orderBy('id', 'desc').limit(1).executeTakeFirst())
      return row && { ...row, at: Number(row.at) }
    } catch (error) {
      if (isUndefinedTable(error)) return undefined
      throw error
    }
  }

  /** Adds a word; nothing that was said is changed. The schema is brought up to date first. */
  async say(arming: Arming): Promise<void> {
    await this.#readers.ask(async (db) => {
      await migrate(db, noFailpoints)
      await db.insertInto('armings').values({ ...arming, at: String(arming.at) }).execute()
    })
  }

  close(): Promise<void> {
    return this.#readers.close()
  }
}
