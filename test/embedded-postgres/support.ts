import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import {
  openEmbeddedPostgres,
  type EmbeddedConnection,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../src/adapters/embedded-postgres/embedded-postgres.ts'

/** A desk that only opens its store: `child.ts <dataDir> [stop]`. */
export const CHILD = fileURLToPath(import.meta.resolve('./child.ts'))

/** A folder under /tmp that goes away with the test. */
export async function scratch(mode = 0o755): Promise<string> {
  const dir = await mkdtemp('/tmp/nightdesk-test-')
  await chmod(dir, mode)
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

export function optionsFor(dataDir: string, changes: Partial<EmbeddedPostgresOptions> = {}): EmbeddedPostgresOptions {
  return {
    dataDir,
    host: { platform: process.platform, arch: process.arch, uid: process.getuid?.(), pid: process.pid, env: process.env },
    now: () => performance.now(),
    sleep: (ms) => delay(ms),
    ...changes,
  }
}

/** Opens a server that is stopped when the test ends, whatever happens. */
export async function open(dataDir: string, changes: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await openEmbeddedPostgres(optionsFor(dataDir, changes))
  onTestFinished(() => server.stop())
  return server
}

export async function rows(connection: EmbeddedConnection, sql: string): Promise<unknown[]> {
  const client = new Client(connection)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** A desk's data directory inside a scratch folder. */
export async function dataDirectory(name = 'data'): Promise<string> {
  return join(await scratch(), name)
}

/** A zombie no longer runs: only its parent's wait is missing. */
export async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}
