/** Brings the schema up to date: forward only, one transaction a migration (DB-17). */
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kysely } from 'kysely'
import { FileMigrationProvider, Migrator, type Migration, type MigrationProvider } from 'kysely/migration'
import { noFailpoints, type Failpoints } from '../../ports/failpoints.ts'
import type { Tables } from './tables.ts'

const folder = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** Thrown when a migration fails; the migrations before it stay. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed'
}

/** The files' migrations; the moment is inside each one's transaction. */
const provide = (failpoints: Failpoints): MigrationProvider => {
  const files = new FileMigrationProvider({ fs, path, migrationFolder: folder })
  const watched = (migration: Migration): Migration => ({
    up: async (db) => {
      await migration.up(db)
      failpoints.reach('start.migrating')
    },
  })
  return { getMigrations: async () => Object.fromEntries(Object.entries(await files.getMigrations()).map(([name, migration]) => [name, watched(migration)])) }
}

/**
 * Runs what is pending, oldest first, and tells what ran.
 * @throws MigrationFailed
 */
export const migrate = async (db: Kysely<Tables>, failpoints: Failpoints): Promise<readonly string[]> => {
  const migrator = new Migrator({ db, provider: provide(failpoints) })
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

/** What has not run yet, oldest first; nothing is run. */
export const pendingMigrations = async (db: Kysely<Tables>): Promise<readonly string[]> => {
  const all = await new Migrator({ db, provider: provide(noFailpoints) }).getMigrations()
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}
