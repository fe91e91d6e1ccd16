/** Brings the schema up to date: forward only, one transaction a migration (DB-17). */
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kysely } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import type { Tables } from './tables.ts'

const folder = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** Thrown when a migration fails; the migrations before it stay. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
}

/**
 * Runs what is pending, oldest first, and tells what ran.
 * @throws MigrationFailed
 */
export const migrate = async (db: Kysely<Tables>): Promise<readonly string[]> => {
  const migrator = new Migrator({ db, provider: new FileMigrationProvider({ fs, path, migrationFolder: folder }) })
  const done: string[] = []
  for (;;) {
    const { error, results = [] } = await migrator.migrateUp()
    if (error !== undefined) {
      const name = results.find((result) => result.status === 'Error')?.migrationName ?? 'the schema'
      throw new MigrationFailed(`migration ${name} failed: ${error instanceof Error ? error.message : JSON.stringify(error)}`)
    }
    if (results.length === 0) return done
    done.push(...results.map((result) => result.migrationName))
  }
}
