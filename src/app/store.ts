/** The store that the configuration names: the embedded server, or a PostgreSQL of the operator's own. */
import { existsSync, mkdirSync } from 'node:fs'
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
  /** Names it, as `placeOfStore` does. */
  readonly place: string
  /** The folder of the rows, when they are on this machine. */
  readonly folder: string | undefined
  /** What it is and how it was found, for people: never holds the password. */
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
      place: embeddedIn(home),
      description: `${embeddedIn(home)} (${server.how}, as ${server.runsAs})`,
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

/** What a URL is called whose parts cannot be told apart. */
export const unreadable = 'an address that cannot be read'

/** Host and database of a URL: nothing that could hold a password. */
export const placeOf = (url: string): string => {
  try {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  } catch {
    return unreadable
  }
}

/** Why a connection failed, in the driver's code words; its sentences may quote the URL. */
const reasonOf = (error: unknown): string => (error as { code?: unknown }).code?.toString() ?? (error instanceof Error ? error.name : 'unknown')

/** What is opened for a configuration that says so: DATABASE_URL wins. */
const wantedOf = (url: string): string => process.env['DATABASE_URL'] ?? url

const embeddedIn = (home: string): string => `embedded PostgreSQL in ${home}`

/** Names the store that would be opened, without its password. */
export const placeOfStore = (url: string, home: string): string => (wantedOf(url) === 'embedded' ? embeddedIn(home) : `PostgreSQL at ${placeOf(wantedOf(url))}`)

/** False only for an embedded store that no start has made yet; one that was made leaves these. */
export const isMade = (url: string, home: string): boolean => wantedOf(url) !== 'embedded' || ['postgres', 'postgres-elsewhere.json'].some((name) => existsSync(path.join(home, name)))

const openUrl = async (url: string): Promise<OpenStore> => {
  const address = { connectionString: url }
  try {
    await (await connect(address, 'nightdesk check')).close()
  } catch (error) {
    throw new Problem(exitCodes.unavailable, `PostgreSQL at ${placeOf(url)} cannot be reached (${reasonOf(error)}): check that it runs, and the URL in DATABASE_URL or store.url`)
  }
  const place = `PostgreSQL at ${placeOf(url)}`
  return { address, locate: async () => address, place, folder: undefined, description: place, close: async () => undefined, leave: async () => undefined }
}

/**
 * Opens the store.
 * @param url what the configuration says; DATABASE_URL wins
 * @throws Problem
 */
export const openStore = (url: string, home: string): Promise<OpenStore> => {
  const wanted = wantedOf(url)
  return wanted === 'embedded' ? openEmbedded(home) : openUrl(wanted)
}
