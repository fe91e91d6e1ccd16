import { randomBytes } from 'node:crypto'
import { chown, lchown, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { program } from './binaries.ts'
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres-error.ts'
import type { Host, Ids } from './options.ts'
import type { Place } from './place.ts'
import { commandVia, type RunAs } from './run-as.ts'
import { runCommand, serverEnvironment } from './run-command.ts'

/** The owner of everything in an embedded cluster. */
export const SUPERUSER = 'nightdesk'

const INITDB_TIMEOUT_MS = 180_000

/**
 * Whether the place holds a finished cluster these programs can serve. Rejects with `badDirectory` when it holds
 * something else: nothing that might be somebody's data is ever overwritten.
 */
export async function isInitialised(place: Place, version: string): Promise<boolean> {
  const entries = await readdir(place.home).catch(() => [])
  if (entries.length === 0) return false
  const cluster = (await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim()
  if (cluster === '') throw new EmbeddedPostgresError('badDirectory', `${place.home} is not empty and holds no PostgreSQL cluster: move it away, or restore it from a backup.`)
  const [major] = version.split('.')
  if (cluster === major) return true
  throw new EmbeddedPostgresError('badDirectory', `The cluster in ${place.cluster} is of PostgreSQL ${cluster} and the installed server is ${version}: install the matching version, or dump and restore the data.`)
}

/**
 * Makes the cluster in a folder beside its home and renames it when it is whole, so a crash leaves either nothing or
 * everything. Call only under the start lock. Rejects with `cannotStart` when initdb fails.
 */
export async function initialise(place: Place, user: RunAs, host: Host): Promise<void> {
  await removeLeftovers(place.home)
  const fresh = `${place.home}.new-${randomBytes(6).toString('hex')}`
  try {
    await mkdir(fresh, { mode: 0o700 })
    const password = join(fresh, 'password')
    await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
    const { ids } = user.initdb
    if (ids !== undefined) await giveTo(ids, fresh)
    await initdb({ cluster: join(fresh, 'cluster'), password }, user, host)
    if (user.owner !== undefined) await giveTo(user.owner, fresh)
    await rename(fresh, place.home)
    await syncFolder(dirname(place.home), host)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined)
    if (error instanceof EmbeddedPostgresError) throw error
    throw new EmbeddedPostgresError('badDirectory', `A PostgreSQL cluster cannot be made in ${place.home} (${reasonOf(error)}).`, { cause: error })
  }
}

async function initdb(at: { cluster: string; password: string }, user: RunAs, host: Host): Promise<void> {
  const command = commandVia(user.initdb, program(user.binaries, 'initdb', host), [
    '-D', at.cluster, `--username=${SUPERUSER}`, `--pwfile=${at.password}`, '--auth=scram-sha-256',
    '--encoding=UTF8', '--locale=C', '--no-instructions',
  ])
  const { code, output } = await runCommand(command, serverEnvironment(host), INITDB_TIMEOUT_MS)
  if (code === 0) return
  const line = output.split('\n').findLast((each) => /error|fatal|could not/i.test(each)) ?? output.split('\n').at(-1) ?? ''
  throw new EmbeddedPostgresError('cannotStart', `initdb could not make the cluster ${at.cluster} as ${user.sentence} (${code}): ${line.trim()}`)
}

async function removeLeftovers(home: string): Promise<void> {
  const beside = await readdir(dirname(home)).catch(() => [])
  for (const name of beside.filter((each) => each.startsWith(`${basename(home)}.new-`))) {
    // An orphaned initdb may still be writing there; what stays is removed at a later start.
    await rm(join(dirname(home), name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
  }
}

async function giveTo(ids: Ids, root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), ids.uid, ids.gid)
  }
  await chown(root, ids.uid, ids.gid)
}

async function syncFolder(path: string, host: Host): Promise<void> {
  // Windows cannot open a folder as a file.
  if (host.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
