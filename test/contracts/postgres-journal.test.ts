import { afterAll, beforeAll } from 'vitest'
import { Client } from 'pg'
import { PostgresJournal } from '../../src/adapters/postgres/postgres-journal.ts'
import { PostgresReads } from '../../src/adapters/postgres/reads.ts'
import type { Journal } from '../../src/ports/journal.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { journalContract } from './journal.contract.ts'

let server: TestServer
let opened = 0
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

journalContract('the PostgreSQL journal', async () => {
  const address = await server.database()
  /** Ends the writer's session from outside, as a crash of the server or the network does. */
  const cut = async (): Promise<void> => {
    const client = new Client(address)
    await client.connect()
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'writer %' AND datname = current_database()`)
    await client.end()
  }
  return {
    open: async () => ({ journal: await PostgresJournal.open(async () => address, `writer ${++opened}`), reads: new PostgresReads(async () => address) }),
    loseNext: async (journal: Journal, when) => {
      if (when === 'loseBefore') return cut()
      const commit = journal.commit.bind(journal)
      journal.commit = async (batch) => {
        journal.commit = commit
        const outcome = await commit(batch)
        await cut()
        return outcome.kind === 'committed' ? { kind: 'inDoubt', detail: 'the answer was lost' } : outcome
      }
    },
  }
})
