import { readFile, writeFile } from 'node:fs/promises'
import { locateBinaries, readyBinaries } from './binaries.ts'
import { initialise, isInitialised } from './initialise.ts'
import type { EmbeddedPostgresOptions } from './options.ts'
import { findPlace, placeElsewhere, type Place } from './place.ts'
import type { Postmaster } from './postmaster.ts'
import type { EmbeddedConnection } from './probe.ts'
import { chooseUser, dedicatedRoot } from './run-as.ts'
import { boundLog } from './server-log.ts'
import { attachServer, connectionTo, startServer, startTimeoutOf } from './start.ts'
import { withStartLock } from './start-lock.ts'
import { stopServer } from './stop.ts'

export { EmbeddedPostgresError } from './embedded-postgres-error.ts'
export type { EmbeddedPostgresOptions } from './options.ts'
export type { EmbeddedConnection } from './probe.ts'

/** A PostgreSQL server that accepts connections and outlives the desk. */
export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection
  /** `attached` when a server of an earlier or another desk was already running. */
  readonly how: 'initialised' | 'started' | 'attached'
  /** `this user`, `a user namespace (uid 1000)`, `user nightdesk-pg` or `uid 60606`. */
  readonly runsAs: string
  readonly pid: number
  /** The server's own log file. */
  readonly log: string
  /** Ends the server, for every desk that uses it, within 20 s. May be called again. Rejects with `busy` when it stays. */
  stop(): Promise<void>
}

/**
 * Opens the embedded store: attaches to its running server, or starts it, or makes it on first use. Resolves once the
 * server accepts connections and the desk's database exists. Rejects with an `EmbeddedPostgresError`.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const place = await findPlace(options.dataDir, options.host)
  const running = await attachServer(place, options)
  if (running !== undefined) return opened(place, running, 'attached', options)
  // The bound covers another desk's first start: its initdb and the server's own start.
  return withStartLock(place.lock, options, startTimeoutOf(options) + 60_000, () => openLocked(options))
}

async function openLocked(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  // Looked up again: another desk may have made the place while this one waited.
  const found = await findPlace(options.dataDir, options.host)
  const running = await attachServer(found, options)
  if (running !== undefined) return opened(found, running, 'attached', options)
  const binaries = await readyBinaries(await locateBinaries(options.host), options.host, `${found.dataDir}/postgres-programs`)
  const user = await chooseUser(found, binaries, options)
  const moves = user.owner !== undefined && found.owner === undefined
  const place = moves ? await placeElsewhere(found, user.owner, dedicatedRoot(options)) : found
  const initialised = await isInitialised(place, binaries.version)
  if (!initialised) await initialise(place, user, options.host)
  const server = await startServer(place, user, options)
  await writeFile(place.runsAsFile, user.sentence, { mode: 0o600 })
  return opened(place, server, initialised ? 'started' : 'initialised', options)
}

async function opened(place: Place, server: Postmaster, how: EmbeddedPostgres['how'], options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (how === 'attached') await boundLog(place.log)
  return {
    how,
    pid: server.pid,
    log: place.log,
    connection: await connectionTo(place, server),
    runsAs: await readFile(place.runsAsFile, 'utf8').catch(() => 'an unknown user'),
    stop: () => stopServer(place, server, options),
  }
}
