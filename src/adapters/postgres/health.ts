/** What a database is like, without changing it: for a look before the start. */
import { sql, type Kysely } from 'kysely'
import type { StoreStamp } from '../../ports/journal.ts'
import { connect, type PostgresAddress } from './connection.ts'
import { pendingMigrations } from './migrate.ts'
import type { Tables } from './tables.ts'

/** What a confirmed commit rests on (DB-19). */
export const durableSettings = ['fsync', 'full_page_writes', 'synchronous_commit'] as const

export interface StoreHealth {
  readonly serverVersion: string
  /** Durable settings that are not on, with what they are. */
  readonly unsafe: readonly string[]
  readonly pending: readonly string[]
  /** Who owns what is in it; undefined before the first start. */
  readonly owner: StoreStamp | undefined
}

const ownerOf = async (db: Kysely<Tables>): Promise<StoreStamp | undefined> => {
  const { rows } = await sql<{ is_there: boolean }>`SELECT to_regclass('lease') IS NOT NULL AS is_there`.execute(db)
  if (rows[0]?.is_there !== true) return undefined
  return db.selectFrom('lease').select(['environment', 'venue', 'account']).where('name', '=', 'desk').executeTakeFirst()
}

/** @throws when the server cannot be reached or refuses the login */
export const examineStore = async (address: PostgresAddress): Promise<StoreHealth> => {
  const connection = await connect(address, 'nightdesk doctor')
  const { db } = connection
  try {
    const setting = async (name: string): Promise<string> => (await sql<{ value: string }>`SELECT current_setting(${name}) AS value`.execute(db)).rows[0]?.value ?? ''
    const unsafe: string[] = []
    for (const name of durableSettings) {
      const value = await setting(name)
      if (value !== 'on') unsafe.push(`${name} = ${value}`)
    }
    return { serverVersion: await setting('server_version'), unsafe, pending: await pendingMigrations(db), owner: await ownerOf(db) }
  } finally {
    await connection.close()
  }
}
