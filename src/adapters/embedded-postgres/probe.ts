import { Client } from 'pg'
import { EmbeddedPostgresError, codeOf, reasonOf } from './embedded-postgres-error.ts'

/** What a client needs to connect; `host` is a Unix socket's folder or 127.0.0.1. */
export interface EmbeddedConnection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** What one attempt to connect showed. */
export type Probe = { readonly accepts: true } | { readonly accepts: false; readonly reason: string }

const CONNECT_TIMEOUT_MS = 3000
const NO_SUCH_DATABASE = '3D000'
const TOO_MANY_CONNECTIONS = '53300'
const MADE_MEANWHILE = ['42P04', '23505']

/**
 * Connects once, making the desk's database where it is missing. Rejects with `badDirectory` when the server does not
 * take the password: it is then not the server this password belongs to.
 */
export async function probe(connection: EmbeddedConnection): Promise<Probe> {
  try {
    await query(connection, 'SELECT 1')
    return { accepts: true }
  } catch (error) {
    if (codeOf(error) === NO_SUCH_DATABASE) return createDatabase(connection)
    return failed(error, connection)
  }
}

async function createDatabase(connection: EmbeddedConnection): Promise<Probe> {
  try {
    await query({ ...connection, database: 'postgres' }, `CREATE DATABASE "${connection.database}"`)
    return { accepts: true }
  } catch (error) {
    return MADE_MEANWHILE.includes(codeOf(error)) ? { accepts: true } : failed(error, connection)
  }
}

function failed(error: unknown, connection: EmbeddedConnection): Probe {
  const code = codeOf(error)
  if (code === TOO_MANY_CONNECTIONS) return { accepts: true }
  if (code === '28P01' || code === '28000') {
    throw new EmbeddedPostgresError('badDirectory', `The server at ${connection.host} does not take the password kept beside its cluster: restore the password file from a backup.`, { cause: error })
  }
  return { accepts: false, reason: reasonOf(error) }
}

async function query(connection: EmbeddedConnection, sql: string): Promise<void> {
  const client = new Client({ ...connection, ssl: false, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, query_timeout: 10_000, application_name: 'nightdesk-start' })
  // A server that ends in mid-query also emits an error; without a listener that would end the desk.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end().catch(() => undefined)
  }
}
