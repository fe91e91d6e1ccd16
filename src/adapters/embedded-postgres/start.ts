import { readFile } from 'node:fs/promises'
import { chooseAddress, dropSocketFolder } from './address.ts'
import { EmbeddedPostgresError, reasonOf } from './embedded-postgres-error.ts'
import { SUPERUSER } from './initialise.ts'
import { launch, type Launched } from './launch.ts'
import type { EmbeddedPostgresOptions } from './options.ts'
import type { Place } from './place.ts'
import { disownPidFile, dropEmptyPidFile, findPostmaster, readPostmasterFile, type Postmaster } from './postmaster.ts'
import { probe, type EmbeddedConnection } from './probe.ts'
import type { RunAs } from './run-as.ts'
import { boundLog, logSince, logSize, tellingLine } from './server-log.ts'

const POLL_MS = 20
const RETRY_MS = 500
const DATABASE = 'nightdesk'

/** How long a start may last, in milliseconds. */
export function startTimeoutOf(options: EmbeddedPostgresOptions): number {
  return options.startTimeoutMs ?? 30_000
}

/**
 * The running server of this place once it accepts connections, or undefined when there is none. A server that is just
 * starting or ending is waited for. Rejects with `busy` when it does neither in time.
 */
export async function attachServer(place: Place, options: EmbeddedPostgresOptions): Promise<Postmaster | undefined> {
  const deadline = options.now() + startTimeoutOf(options)
  for (;;) {
    const server = await findPostmaster(place.cluster, options.host)
    if (server === undefined) return undefined
    if (await accepts(place, server)) return server
    if (options.now() >= deadline) {
      throw new EmbeddedPostgresError('busy', `PostgreSQL process ${server.pid} of ${place.cluster} runs and accepts no connections (${server.status === '' ? 'no status' : server.status}); it may still be recovering: look at ${place.log} and start again.`)
    }
    await options.sleep(POLL_MS)
  }
}

/** Starts the server and waits until it accepts connections. Call only under the start lock. Rejects with `cannotStart`. */
export async function startServer(place: Place, user: RunAs, options: EmbeddedPostgresOptions): Promise<Postmaster> {
  const deadline = options.now() + startTimeoutOf(options)
  await clearStale(place, options)
  for (;;) {
    await boundLog(place.log)
    const offset = await logSize(place.log)
    const address = await chooseAddress(place.home, user.owner, options)
    const server = await waitUntilReady(place, await launch(place, user, address, options.host), options, deadline)
    if (typeof server !== 'string') return server
    // A server that is still recovering keeps its socket: the next open attaches to it.
    const stays = (await findPostmaster(place.cluster, options.host)) !== undefined
    if (address.kind === 'socket' && !stays) await dropSocketFolder(address.dir)
    const log = await logSince(place.log, offset)
    if (stays || !isPassing(log) || options.now() >= deadline) throw cannotStart(place, user, server, log)
    await options.sleep(RETRY_MS)
  }
}

/** How to reach a server. Rejects with `badDirectory` when its password is lost. */
export async function connectionTo(place: Place, server: Postmaster): Promise<EmbeddedConnection> {
  const password = await readFile(place.passwordFile, 'utf8').catch((error: unknown) => {
    throw new EmbeddedPostgresError('badDirectory', `The password of the embedded PostgreSQL cannot be read from ${place.passwordFile} (${reasonOf(error)}): restore it from a backup.`, { cause: error })
  })
  const host = server.socketDir === '' ? '127.0.0.1' : server.socketDir
  return { host, port: server.port ?? 0, user: SUPERUSER, password: password.trim(), database: DATABASE }
}

async function accepts(place: Place, server: Postmaster): Promise<boolean> {
  if (server.port === undefined || server.status !== 'ready') return false
  return (await probe(await connectionTo(place, server))).accepts
}

async function clearStale(place: Place, options: EmbeddedPostgresOptions): Promise<void> {
  await dropEmptyPidFile(place.cluster, (ms) => options.sleep(ms))
  const stale = await readPostmasterFile(place.cluster)
  if (stale === undefined) return
  await dropSocketFolder(stale.socketDir)
  await disownPidFile(place.cluster)
}

async function waitUntilReady(place: Place, launched: Launched, options: EmbeddedPostgresOptions, deadline: number): Promise<Postmaster | string> {
  for (;;) {
    const ended = launched.ended()
    const server = await findPostmaster(place.cluster, options.host)
    if (server !== undefined && (await accepts(place, server))) return server
    // On Windows the process that ended is pg_ctl, and the server goes on.
    if (ended !== undefined && server === undefined && options.host.platform !== 'win32') return ended
    if (options.now() >= deadline) return `it accepts no connections after ${startTimeoutOf(options)} ms`
    await options.sleep(POLL_MS)
  }
}

// Children of a killed server end by themselves within moments; a loopback port may be lost to another program.
function isPassing(log: string): boolean {
  return /still in use|Address already in use|could not bind|lock file .* already exists/.test(log)
}

function cannotStart(place: Place, user: RunAs, why: string, log: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError('cannotStart', `PostgreSQL for ${place.cluster} did not start as ${user.sentence}: ${why}; its log ${place.log} says: ${tellingLine(log)}`)
}
