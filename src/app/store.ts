/** Opens the store that the configuration names: the embedded server, or a PostgreSQL of the operator's own. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { EmbeddedPostgresError, openEmbeddedPostgres } from '../adapters/embedded-postgres/embedded-postgres.ts'
import { connect, type PostgresAddress } from '../adapters/postgres/connection.ts'
import { isInUse } from '../adapters/postgres/sessions.ts'
import { systemClock } from '../adapters/system/system-clock.ts'
import { exitCodes, Problem } from './problem.ts'

export interface OpenStore {
  readonly address: PostgresAddress
  /** Where the server is now; an embedded one that has died is started again. */
  locate(): Promise<PostgresAddress>
  /** The folder of the rows, when they are on this machine. */
  readonly folder: string | undefined
  /** What it is, for people: never holds the password. */
  readonly description: string
  /** Stops the embedded server; leaves a server of the operator's own alone. */
  close(): Promise<void>
  /** Closes as a visitor: stops the embedded server only if this process had to start it, and nobody else works there now. */
  leave(): Promise<void>
}

/** Where the desk keeps its things: NIGHTDESK_HOME, or .nightdesk below the current folder. */
export const homeFolder = (): string => path.resolve(process.env['NIGHTDESK_HOME'] ?? '.nightdesk')

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void systemClock.after(ms, resolve))

const startServer = (home: string) =>
  openEmbeddedPostgres({
    dataDir: home,
    host: { platform: process.platform, arch: process.arch, uid: process.getuid?.(), pid: process.pid, env: process.env },
    now: () => systemClock.now(),
    sleep,
  })

const openEmbedded = async (home: string): Promise<OpenStore> => {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    let server = await startServer(home)
    const started = server.how !== 'attached'
    return {
      address: server.connection,
      locate: async () => {
        server = await startServer(home)
        return server.connection
      },
      folder: home,
      description: `embedded PostgreSQL in ${home} (${server.how}, as ${server.runsAs})`,
      close: () => server.stop(),
      leave: async () => {
        if (started && !(await isInUse(server.connection).catch(() => false))) await server.stop()
      },
    }
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new Problem(exitCodes.unavailable, error.message)
    throw new Problem(exitCodes.unavailable, `the data directory ${home} cannot be used (${error instanceof Error ? error.message : 'unknown'}): check that it exists and belongs to you, or set NIGHTDESK_HOME`)
  }
}

/** Host and database of a URL: nothing that could hold a password. */
export const placeOf = (url: string): string => {
  try {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  } catch {
    return 'an address that cannot be read'
  }
}

/** Why a connection failed, in the driver's code words; its sentences may quote the URL. */
const reasonOf = (error: unknown): string => (error as { code?: unknown }).code?.toString() ?? (error instanceof Error ? error.name : 'unknown')

const openUrl = async (url: string): Promise<OpenStore> => {
  const address = { connectionString: url }
  try {
    await (await connect(address, 'nightdesk check')).close()
  } catch (error) {
    throw new Problem(exitCodes.unavailable, `PostgreSQL at ${placeOf(url)} cannot be reached (${reasonOf(error)}): check that it runs, and the URL in DATABASE_URL or store.url`)
  }
  return { address, locate: async () => address, folder: undefined, description: `PostgreSQL at ${placeOf(url)}`, close: async () => undefined, leave: async () => undefined }
}

/**
 * Opens the store.
 * @param url what the configuration says; DATABASE_URL wins
 * @throws Problem
 */
export const openStore = (url: string, home: string): Promise<OpenStore> => {
  const wanted = process.env['DATABASE_URL'] ?? url
  return wanted === 'embedded' ? openEmbedded(home) : openUrl(wanted)
}
