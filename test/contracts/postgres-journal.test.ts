import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client } from 'pg'
import { PostgresJournal } from '../../src/adapters/postgres/postgres-journal.ts'
import { PostgresReads } from '../../src/adapters/postgres/reads.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { Journal } from '../../src/ports/journal.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { batchOf, eventRecord } from '../support/records.ts'
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
    open: async () => ({ journal: await PostgresJournal.open(async () => address, `writer ${++opened}`, noFailpoints), reads: new PostgresReads(async () => address) }),
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

describe('PostgreSQL itself', () => {
  const begin = async () => {
    const address = await server.database()
    const open = () => PostgresJournal.open(async () => address, `writer ${++opened}`, noFailpoints)
    const ask = async (statement: string): Promise<readonly Record<string, unknown>[]> => {
      const client = new Client(address)
      await client.connect()
      const { rows } = await client.query<Record<string, unknown>>(statement)
      await client.end()
      return rows
    }
    return { open, ask, reads: new PostgresReads(async () => address) }
  }
  const stamp = { environment: 'sandbox', venue: 'coinbase', account: 'a1' }

  test('refuses the batch of an older epoch on a session that still holds its lock (I8, PR-03)', async () => {
    const { open, ask, reads } = await begin()
    const journal = await open()
    await journal.takeLease(stamp, 'ab12')
    expect(await journal.commit(batchOf('1-1', { events: [eventRecord('desk', 1, 1)] }))).toEqual({ kind: 'committed' })
    await ask(`UPDATE lease SET epoch = epoch + 1`)
    expect(await journal.commit(batchOf('1-2', { events: [eventRecord('desk', 2, 2)] }))).toEqual({ kind: 'epochLost' })
    expect((await reads.since(0, 10)).map(({ seq }) => seq)).toEqual([1])
    await Promise.all([journal.close(), reads.close()])
  })

  test('tells a lost epoch as that even when the batch breaks a rule besides: its successor may have written the same (C1)', async () => {
    const { open, ask, reads } = await begin()
    const journal = await open()
    await journal.takeLease(stamp, 'ab12')
    await journal.commit(batchOf('1-1', { events: [eventRecord('desk', 1, 1)] }))
    await ask(`UPDATE lease SET epoch = epoch + 1`)
    expect(await journal.commit(batchOf('1-2', { events: [eventRecord('desk', 1, 1)] }))).toEqual({ kind: 'epochLost' })
    await Promise.all([journal.close(), reads.close()])
  })

  test('is told to wait for the disk whatever its own settings say (DB-19)', async () => {
    const { open, ask } = await begin()
    await ask(`ALTER DATABASE ${(await server.database()).database} SET synchronous_commit = off`)
    const journal = await open()
    expect((await journal.takeLease(stamp, 'ab12')).kind).toBe('taken')
    await journal.close()
  })
})
