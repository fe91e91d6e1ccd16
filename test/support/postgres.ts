/** A real PostgreSQL for a test file: one embedded server, a fresh database for each store. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts'

export interface TestServer {
  /** A new, empty database on it. */
  database(): Promise<{ host: string; port: number; user: string; password: string; database: string }>
  stop(): Promise<void>
}

export const startPostgres = async (): Promise<TestServer> => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nightdesk-test-'))
  const server = await openEmbeddedPostgres({
    dataDir,
    host: { platform: process.platform, arch: process.arch, uid: process.getuid?.(), pid: process.pid, env: process.env },
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
  let made = 0
  return {
    database: async () => {
      const database = `test_${++made}`
      const client = new Client(server.connection)
      await client.connect()
      await client.query(`CREATE DATABASE ${database}`)
      await client.end()
      return { ...server.connection, database }
    },
    stop: async () => {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
