/**
 * Brings the schema up to date: forward only, one transaction a migration (DB-17). An empty database gets its whole schema in
 * one, which is several times as fast.
 */
import { promises as fs } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql, type Kysely } from 'kysely'
import { FileMigrationProvider, Migrator, type Migration, type MigrationProvider, type MigrationResultSet } from 'kysely/migration'
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

/** The files' names, which are the migrations', in their order. */
const fileNames = async (): Promise<readonly string[]> =>
  (await fs.readdir(folder)).filter((file) => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts')).map((file) => path.parse(file).name).toSorted()

/** Whether exactly the files' migrations have run: asked first, since nearly every start finds it so, and the migrator reads a whole catalogue to say it. */
const isUpToDate = async (db: Kysely<Tables>): Promise<boolean> => {
  const { rows: [there] } = await sql<{ table: string | null }>`SELECT to_regclass('kysely_migration') AS table`.execute(db)
  if (there?.table == null) return false
  const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration ORDER BY name`.execute(db)
  return rows.map(({ name }) => name).join(' ') === (await fileNames()).join(' ')
}

/**
 * Runs what is pending, oldest first, and tells what ran.
 * @throws MigrationFailed
 */
export const migrate = async (db: Kysely<Tables>, failpoints: Failpoints): Promise<readonly string[]> => {
  if (await isUpToDate(db)) return []
  const migrator = new Migrator({ db, provider: provide(failpoints) })
  const known = await migrator.getMigrations()
  if (known.every(({ executedAt }) => executedAt === undefined)) return ranBy(await migrator.migrateToLatest())
  const done: string[] = []
  for (const { executedAt } of known) if (executedAt === undefined) done.push(...ranBy(await migrator.migrateUp()))
  return done
}

/**
 * Brings an empty schema to where another one was, and no further.
 * @param names its migrations, oldest first
 * @throws MigrationFailed, also when this version does not know one of them
 */
export const migrateAs = async (db: Kysely<Tables>, names: readonly string[]): Promise<void> => {
  const migrator = new Migrator({ db, provider: provide(noFailpoints) })
  const known = new Set((await migrator.getMigrations()).map(({ name }) => name))
  const unknown = names.find((name) => !known.has(name))
  if (unknown !== undefined) throw new MigrationFailed(`this version does not know the migration ${unknown}: use the version that made it, or a newer one`)
  const last = names.at(-1)
  if (last !== undefined) ranBy(await migrator.migrateTo(last))
}

/** @throws MigrationFailed */
const ranBy = ({ error, results = [] }: MigrationResultSet): readonly string[] => {
  if (error === undefined) return results.map((result) => result.migrationName)
  const name = results.find((result) => result.status === 'Error')?.migrationName ?? 'the schema'
  throw new MigrationFailed(`migration ${name} failed: ${error instanceof Error ? error.message : JSON.stringify(error)}`)
}

/** What has not run yet, oldest first; nothing is run. */
export const pendingMigrations = async (db: Kysely<Tables>): Promise<readonly string[]> => {
  const all = await new Migrator({ db, provider: provide(noFailpoints) }).getMigrations()
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
}
