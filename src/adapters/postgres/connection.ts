/** One PostgreSQL connection as a Kysely database: the lock, the writes and their answers share its fate. */
import type { Socket } from 'node:net'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { Client, DatabaseError, Pool, type ClientConfig, type QueryConfig, type QueryResult } from 'pg'
import type { Tables } from './tables.ts'

/** Where PostgreSQL is: a URL, or the parts of the embedded server's address. */
export type PostgresAddress =
  | { readonly connectionString: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly database: string }

/** Sends a statement at once, behind those whose answers have not come yet; answers come in the same order. */
export type Send = (query: QueryConfig) => Promise<QueryResult>

export interface Connection {
  readonly db: Kysely<Tables>
  readonly send: Send
  /** False once the server or the network has ended it. */
  readonly isOpen: boolean
  close(): Promise<void>
}

/** A server that has not taken its leave by then is gone. */
const leaveWithinMs = 1_000
/** Long enough for a commit under load, short enough that a dead server is noticed. */
const statementTimeoutMs = 15_000
const connectTimeoutMs = 5_000

const settings = (name: string): ClientConfig => ({
  application_name: name,
  keepAlive: true,
  keepAliveInitialDelayMillis: 5_000,
  connectionTimeoutMillis: connectTimeoutMs,
  query_timeout: statementTimeoutMs + 1_000,
  options: `-c statement_timeout=${statementTimeoutMs} -c idle_session_timeout=0 -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c synchronous_commit=on -c client_min_messages=warning`,
})

/** A line on which nothing comes any more is cut. */
const endSilent = ({ connection: { stream } }: Client): void => void (stream as Socket).setTimeout(leaveWithinMs, () => stream.destroy())

/**
 * Opens a connection that stays one session for its whole life.
 * @throws when the server cannot be reached or refuses the login
 */
export const connect = async (address: PostgresAddress, name: string): Promise<Connection> => {
  const client = new Client({ ...address, ...settings(name), pipeline: true })
  let open = true
  // Without a listener an ended connection would be an uncaught exception.
  client.on('error', () => { open = false })
  client.on('end', () => { open = false })
  await client.connect()
  const session = Object.assign(client, { release: () => undefined })
  const pool: PostgresPool = { options: {}, connect: () => Promise.resolve(session), end: () => client.end() }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let unanswered = 0
  return {
    db,
    send: async (query) => {
      unanswered += 1
      try {
        return await client.query(query)
      } finally {
        unanswered -= 1
      }
    },
    get isOpen() {
      return open
    },
    close: async () => {
      // The client would wait for every answer, and for the server's own leave: a dead server gives neither.
      if (unanswered > 0) client.connection.stream.destroy()
      else endSilent(client)
      await db.destroy().catch(() => undefined)
      if (open) await client.end().catch(() => undefined)
    },
  }
}

/** Readers at once: enough for a page and a person. */
const maxReaders = 4

/**
 * Reads on connections of their own, so that what is asked never waits behind a commit. A server that has moved (an
 * embedded one that was started again) is found again.
 */
export class Readers {
  readonly #locate: () => Promise<PostgresAddress>
  #pool: Promise<Kysely<Tables>> | undefined
  /** At most as many as there are readers. */
  readonly #sessions = new Set<Client>()

  constructor(locate: () => Promise<PostgresAddress>) {
    this.#locate = locate
  }

  /**
   * Asks once and, when the server could not be reached, once more where it is now.
   * @throws what the second attempt throws, or at once what the server itself answered
   */
  async ask<T>(question: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    const pool = this.#open()
    try {
      return await question(await pool)
    } catch (error) {
      if (error instanceof DatabaseError) throw error
      // Several questions fail together; only the first of them sends for a new pool.
      if (this.#pool === pool) this.#pool = undefined
      void pool.then((db) => db.destroy()).catch(() => undefined)
      return question(await this.#open())
    }
  }

  #open(): Promise<Kysely<Tables>> {
    this.#pool ??= this.#locate().then((address) => {
      const pool = new Pool({ ...address, ...settings('nightdesk reader'), max: maxReaders, idleTimeoutMillis: 10_000 })
      // A reader that loses its server, idle or lent out, is replaced by the next question; unheard, its error would end
      // the process.
      pool.on('error', () => undefined)
      pool.on('connect', (client) => {
        client.on('error', () => undefined)
        this.#sessions.add(client)
      })
      pool.on('remove', (client) => void this.#sessions.delete(client))
      return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    })
    return this.#pool
  }

  async close(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    for (const session of this.#sessions) endSilent(session)
    await (await pool?.catch(() => undefined))?.destroy()
  }
}
