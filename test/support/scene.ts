/** A stand on a server of the test's own, whose first desk reaches its database through a proxy and whose others reach it directly. */
import { Client } from 'pg'
import type { TestServer } from './postgres.ts'
import type { Running } from './program.ts'
import { startProxy, type HalfOpenProxy } from './proxy.ts'
import { endLockHolder, Stand } from './stand.ts'

export interface Scene {
  readonly stand: Stand
  readonly proxy: HalfOpenProxy
  /** The database's own URL, past the proxy. */
  readonly direct: string
  /** Starts a desk that reaches its database through the proxy. */
  readonly through: (env?: Readonly<Record<string, string>>) => Running
  /** Starts a desk beside it and waits until it serves. */
  readonly successor: () => Promise<Running>
  /** Asks the database directly. */
  readonly query: (text: string) => Promise<readonly Record<string, unknown>[]>
  /** Ends the session that holds the desk's lock. */
  readonly terminate: () => Promise<void>
}

/** Plays a scene to its end and takes everything away again. */
export const playOn = async (server: TestServer, seed: string, scene: (scene: Scene) => Promise<void>): Promise<void> => {
  const address = await server.database()
  const proxy = await startProxy(address)
  const stand = await Stand.open({ seed, server: address })
  const login = `postgres://${address.user}:${encodeURIComponent(address.password)}@`
  const direct = `${login}/${address.database}?host=${encodeURIComponent(address.host)}&port=${address.port}`
  const query = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new Client(address)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }
  try {
    await scene({
      stand,
      proxy,
      direct,
      query,
      through: (env = {}) => stand.begin({ ...env, DATABASE_URL: `${login}127.0.0.1:${proxy.port}/${address.database}` }),
      successor: () => stand.desk({ DATABASE_URL: direct }),
      terminate: async () => void (await query(endLockHolder)),
    })
  } finally {
    await stand.close()
    await proxy.close()
  }
}
