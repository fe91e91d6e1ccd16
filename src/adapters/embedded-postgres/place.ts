import { randomBytes } from 'node:crypto'
import { access, constants, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EmbeddedPostgresError, codeOf, reasonOf } from './embedded-postgres-error.ts'
import type { Host, Ids } from './options.ts'

/** The files of one embedded server. */
export interface Place {
  readonly dataDir: string
  /** Holds the cluster, its password and its socket; made in one rename, so it is whole or absent. */
  readonly home: string
  readonly cluster: string
  readonly passwordFile: string
  readonly runsAsFile: string
  readonly log: string
  readonly lock: string
  /** Set when another user than the desk's owns `home`. */
  readonly owner: Ids | undefined
}

/**
 * Makes the data directory if need be and says where its server lives. Rejects with `badDirectory` or `notPermitted`.
 */
export async function findPlace(dataDir: string, host: Host): Promise<Place> {
  const root = await usableFolder(resolve(dataDir))
  const record = await readRecord(root)
  if (record !== undefined) {
    if (host.uid !== 0) throw notYours(root, `user id ${record.owner.uid}, set up by root in ${record.home}`)
    return placeAt(root, record.home, record.owner)
  }
  const home = join(root, 'postgres')
  return placeAt(root, home, await foreignOwner(home, host))
}

function placeAt(dataDir: string, home: string, owner: Ids | undefined): Place {
  return {
    dataDir,
    home,
    owner,
    cluster: join(home, 'cluster'),
    passwordFile: join(home, 'password'),
    runsAsFile: join(home, 'runs-as'),
    log: join(dataDir, 'postgres.log'),
    lock: join(dataDir, 'postgres.lock'),
  }
}

/** Gives the server a home outside the data directory and remembers it there, before anything is made in it. */
export async function placeElsewhere(place: Place, owner: Ids, root: string): Promise<Place> {
  const home = join(root, randomBytes(6).toString('hex'))
  await mkdir(root, { recursive: true, mode: 0o755 })
  const record = recordPath(place.dataDir)
  await writeFile(`${record}.new`, JSON.stringify({ home, uid: owner.uid, gid: owner.gid }), { mode: 0o600 })
  await rename(`${record}.new`, record)
  return placeAt(place.dataDir, home, owner)
}

async function usableFolder(path: string): Promise<string> {
  if (/[\r\n\0]/.test(path)) throw new EmbeddedPostgresError('badDirectory', `The data directory ${JSON.stringify(path)} has a line break in its name: choose another.`)
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK)
    // One name for one folder: outside Linux a running server is recognised by the path it was started with.
    return await realpath(path)
  } catch (error) {
    const kind = ['EACCES', 'EPERM'].includes(codeOf(error)) ? 'notPermitted' : 'badDirectory'
    throw new EmbeddedPostgresError(kind, `The data directory ${path} cannot be used (${reasonOf(error)}): choose a folder this user may write to.`, { cause: error })
  }
}

async function foreignOwner(home: string, host: Host): Promise<Ids | undefined> {
  const found = await stat(home).catch(() => undefined)
  if (found === undefined || host.uid === undefined || found.uid === host.uid) return undefined
  if (host.uid !== 0) throw notYours(home, `user id ${found.uid}`)
  return { uid: found.uid, gid: found.gid }
}

function notYours(path: string, owner: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError('notPermitted', `The embedded PostgreSQL of ${path} belongs to ${owner}: start the desk as the user who made it, or use another data directory.`)
}

function recordPath(dataDir: string): string {
  return join(dataDir, 'postgres-elsewhere.json')
}

async function readRecord(dataDir: string): Promise<{ home: string; owner: Ids } | undefined> {
  const path = recordPath(dataDir)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const parsed = recordOf(text)
  if (parsed === undefined) throw new EmbeddedPostgresError('badDirectory', `${path} does not say where the embedded PostgreSQL lives: restore it from a backup.`)
  return parsed
}

function recordOf(text: string): { home: string; owner: Ids } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    if (!('home' in value) || !('uid' in value) || !('gid' in value)) return undefined
    const { home, uid, gid } = value
    if (typeof home !== 'string' || typeof uid !== 'number' || typeof gid !== 'number') return undefined
    return { home, owner: { uid, gid } }
  } catch {
    return undefined
  }
}
