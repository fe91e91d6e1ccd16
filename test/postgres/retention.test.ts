/** What grows old is let go of, and nothing that anybody still needs (src/adapters/postgres/retention.ts). */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../src/adapters/postgres/connection.ts'
import { PostgresJournal } from '../../src/adapters/postgres/postgres-journal.ts'
import { Retention } from '../../src/adapters/postgres/retention.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { batchOf, eventRecord, orderRecordOf, pairRecord } from '../support/records.ts'

const ended = '01JD5MZX8K4T7WQ2AB'
const open = '01JD5MZX8K4T7WQ2AC'
const day = 86_400_000
const now = Date.now()

let server: TestServer
let connection: Connection
let retention: Retention
let journal: PostgresJournal

beforeAll(async () => {
  server = await startPostgres()
  const address = await server.database()
  journal = await PostgresJournal.open(async () => address, 'retention test', noFailpoints)
  await journal.takeLease({ environment: 'sandbox', venue: 'coinbase', account: 'a1' }, 'ab12')
  connection = await connect(address, 'retention reader')
  retention = new Retention(async () => address)
}, 60_000)
afterAll(async () => {
  await retention.close()
  await connection.close()
  await journal.close()
  await server.stop()
})

const events = async (): Promise<readonly string[]> => {
  const { rows } = await sql<{ event: string }>`SELECT address || ' ' || seq AS event FROM journal ORDER BY position`.execute(connection.db)
  return rows.map(({ event }) => event)
}

test('old events of ended actors go, and old ones of the desk that its row remembers; what lives, is young, or is the newest, stays', { timeout: 60_000 }, async () => {
  const order = orderRecordOf(ended, 'buy', 1, { live: false })
  const id = order.address
  const old = now - 91 * day
  const event = (address: string, seq: number, position: number, at: number) => ({ ...eventRecord(address, seq, position), at })
  const desk = { address: 'desk', kind: 'desk', version: 1, seq: 3, state: 'trading', since: 5, context: {}, finished: false } as const
  const batch = batchOf('1-1', {
    actors: [{ ...pairRecord(ended), state: 'abandoned', finished: true }, { ...order, state: 'cancelled', finished: true }, { ...pairRecord(open), state: 'buying.pending' }, desk],
    events: [
      event('desk', 1, 1, old), event(`trade-pair/${ended}`, 1, 2, old), event(id, 1, 3, old), event(id, 2, 4, old), event(`trade-pair/${open}`, 1, 5, old),
      event('desk', 2, 6, old), event(id, 3, 7, now), event('desk', 3, 8, old), event('account', 1, 9, old),
    ],
  })
  expect(await journal.commit(batch)).toEqual({ kind: 'committed' })
  await sql`UPDATE batches SET at = now() - interval '2 days'`.execute(connection.db)
  expect(await retention.round({ events: now - 90 * day, batches: now - day })).toEqual({ events: 5, batches: 1 })
  expect(await events()).toEqual([`trade-pair/${open} 1`, `${id} 3`, 'desk 3', 'account 1'])
  expect(await retention.round({ events: now - 90 * day, batches: now - day })).toEqual({ events: 0, batches: 0 })
})

test('the newest event stays however old it is, and more rows than one statement takes are all let go of', { timeout: 60_000 }, async () => {
  await sql`INSERT INTO journal SELECT 100 + n, 'desk', 10 + n, 't', 1, 'x', '{}', '', '' FROM generate_series(1, 5000) n`.execute(connection.db)
  await sql`UPDATE system_state SET seq = 99999 WHERE address = 'desk'`.execute(connection.db)
  expect(await retention.round({ events: now - 90 * day, batches: 0 })).toEqual({ events: 5_000, batches: 0 })
  expect((await events()).at(-1)).toBe('desk 5010')
})
