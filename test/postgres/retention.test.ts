/** What grows old is let go of, whole, and nothing that anybody still needs (src/adapters/postgres/retention.ts, src/app/housekeeping.ts). */
import { sql } from 'kysely'
import { afterAll, afterEach, beforeEach, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../src/adapters/postgres/connection.ts'
import { PostgresJournal } from '../../src/adapters/postgres/postgres-journal.ts'
import { Retention } from '../../src/adapters/postgres/retention.ts'
import { keepHouse } from '../../src/app/housekeeping.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import { recordingLog } from '../support/clock.ts'
import { HandClock } from '../support/hand-clock.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { until } from '../support/program.ts'
import { batchOf, eventRecord, orderRecordOf, pairRecord } from '../support/records.ts'

const ended = '01JD5MZX8K4T7WQ2AB'
const open = '01JD5MZX8K4T7WQ2AC'
const day = 86_400_000
const now = Date.now()
const old = now - 91 * day
const before = now - 90 * day

let server: TestServer
let address: Awaited<ReturnType<TestServer['database']>>
let connection: Connection
let retention: Retention
let journal: PostgresJournal

beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())
beforeEach(async () => {
  address = await server.database()
  journal = await PostgresJournal.open(async () => address, 'retention test', noFailpoints)
  await journal.takeLease({ environment: 'sandbox', venue: 'coinbase', account: 'a1' }, 'ab12')
  connection = await connect(address, 'retention reader')
  retention = new Retention(async () => address)
}, 60_000)
afterEach(async () => {
  await retention.close()
  await connection.close()
  await journal.close()
})

const events = async (): Promise<readonly string[]> => {
  const { rows } = await sql<{ event: string }>`SELECT address || ' ' || seq AS event FROM journal ORDER BY position`.execute(connection.db)
  return rows.map(({ event }) => event)
}
const count = async (table: 'journal' | 'batches'): Promise<number> => Number((await sql<{ rows: string }>`SELECT count(*) AS rows FROM ${sql.table(table)}`.execute(connection.db)).rows[0]?.rows)
const event = (of: string, seq: number, position: number, at = old) => ({ ...eventRecord(of, seq, position), at })

/** Orders that ended long ago, each with as many events; and as many of the desk's own after them. */
const manyLives = async (lives: number, each: number): Promise<void> => {
  const { db } = connection
  await sql`INSERT INTO trade_pairs SELECT 'p' || n, 'BTC-USD', 'ladder', 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, 'abandoned', ${old}::bigint + n, 1, 1, true, '{}' FROM generate_series(1, ${lives}::int) n`.execute(db)
  await sql`INSERT INTO orders SELECT 'o' || n, 'p' || n, 'buy', 1, 'BTC-USD', 'buy', 1, 1, 0, NULL, 1, false, NULL, 'cancelled', ${old}::bigint + n, ${each}::int, 1, true, '{}' FROM generate_series(1, ${lives}::int) n`.execute(db)
  await sql`INSERT INTO journal SELECT n, 'order/o' || (n - 1) / ${each}::int + 1, (n - 1) % ${each}::int + 1, 't', ${old}::bigint, 'x', '{}', '', '' FROM generate_series(1, ${lives * each}::int) n`.execute(db)
  await sql`INSERT INTO journal SELECT ${lives * each}::int + n, 'desk', n, 't', ${old}::bigint, 'x', '{}', '', '' FROM generate_series(1, ${lives}::int) n`.execute(db)
}

test("lives that ended long ago go whole, however young their last event is; the desk's own, the living and the lately ended stay whole (K1, K2)", { timeout: 60_000 }, async () => {
  const buy = orderRecordOf(ended, 'buy', 1, { live: false })
  const late = orderRecordOf(ended, 'buy', 2, { live: false })
  const own = (of: 'desk' | 'kill-switch', seq: number) => ({ address: of, kind: of, version: 1, seq, state: 'entries', since: 5, context: {}, finished: false }) as const
  await journal.commit(
    batchOf('1-1', {
      actors: [
        { ...pairRecord(ended), state: 'abandoned', since: old, seq: 1, finished: true }, { ...buy, state: 'cancelled', since: old, seq: 3, finished: true },
        { ...late, state: 'cancelled', since: now, seq: 2, finished: true }, { ...pairRecord(open), state: 'buying.pending', since: old }, own('desk', 3), own('kill-switch', 2),
      ],
      events: [
        event('desk', 1, 1), event(`trade-pair/${ended}`, 1, 2), event(buy.address, 1, 3), event(buy.address, 2, 4), event(`trade-pair/${open}`, 1, 5), event('kill-switch', 1, 6),
        event('desk', 2, 7), event(late.address, 1, 8), event(buy.address, 3, 9, now), event(late.address, 2, 10, now), event('kill-switch', 2, 11), event('desk', 3, 12),
      ],
    }),
  )
  expect([await retention.events('order', before), await retention.events('trade-pair', before)]).toEqual([3, 1])
  expect(await events()).toEqual(['desk 1', `trade-pair/${open} 1`, 'kill-switch 1', 'desk 2', `${late.address} 1`, `${late.address} 2`, 'kill-switch 2', 'desk 3'])
  expect([await retention.events('order', before), await retention.events('trade-pair', before)]).toEqual([0, 0])
})

test('what ends later is let go of later, from where the last round stopped', { timeout: 60_000 }, async () => {
  await manyLives(3, 2)
  expect(await retention.events('order', old + 2)).toBe(2)
  expect(await retention.events('order', old + 3)).toBe(2)
  expect(await events()).toEqual(['order/o3 1', 'order/o3 2', 'desk 1', 'desk 2', 'desk 3'])
})

test('the newest event stays, with its life, so that positions go on from it (K3)', { timeout: 60_000 }, async () => {
  const order = orderRecordOf(ended, 'buy', 1, { live: false })
  await journal.commit(batchOf('1-1', { actors: [{ ...pairRecord(ended), state: 'abandoned', since: now }, { ...order, state: 'cancelled', since: old, seq: 2, finished: true }], events: [event(order.address, 1, 1), event(order.address, 2, 2)] }))
  expect(await retention.events('order', before)).toBe(0)
  expect(await events()).toEqual([`${order.address} 1`, `${order.address} 2`])
})

test('more lives, and more events, than one statement takes are all let go of (K4)', { timeout: 60_000 }, async () => {
  await manyLives(2_500, 20)
  expect(await retention.events('order', before)).toBe(50_000)
  expect(await count('journal')).toBe(2_500)
})

test('a few hundred thousand events are never read through, whether the tables were analysed or not (K4)', { timeout: 120_000 }, async () => {
  await manyLives(40_000, 5)
  const readThrough = async (): Promise<readonly number[]> => {
    const { rows } = await sql<{ times: string }>`SELECT seq_scan AS times FROM pg_stat_user_tables WHERE relname IN ('journal', 'orders') ORDER BY relname`.execute(connection.db)
    return rows.map(({ times }) => Number(times))
  }
  const inRound = async (until: number): Promise<readonly number[]> => {
    const [start = 0, orders = 0] = await readThrough()
    const own = new Retention(async () => address)
    expect(await own.events('order', until)).toBe(100_000)
    // A session tells what it did at the latest when it ends.
    await own.close()
    await new Promise((resolve) => setTimeout(resolve, 500))
    const [end = 0, after = 0] = await readThrough()
    return [end - start, after - orders]
  }
  expect(await inRound(old + 20_001)).toEqual([0, 0])
  await sql`ANALYZE`.execute(connection.db)
  expect(await inRound(old + 40_001)).toEqual([0, 0])
})

test.each([
  ['the events of orders cannot be let go of', 'events of orders', `CREATE TRIGGER broken BEFORE DELETE ON journal FOR EACH ROW WHEN (OLD.address LIKE 'order/%') EXECUTE FUNCTION audit_log_is_append_only()`],
  ['no ids of batches can be let go of', 'batches', 'CREATE TRIGGER broken BEFORE DELETE ON batches FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_append_only()'],
] as const)('where %s, the other parts are, and the log says which failed', { timeout: 60_000 }, async (_what, part, trigger) => {
  await manyLives(2, 2)
  await sql`INSERT INTO journal SELECT 100 + n, 'trade-pair/p' || n, 1, 't', 1, 'x', '{}', '', '' FROM generate_series(1, 2) n`.execute(connection.db)
  await sql`INSERT INTO journal VALUES (200, 'desk', 100, 't', 1, 'x', '{}', '', '')`.execute(connection.db)
  await sql`INSERT INTO batches SELECT 'b' || n, 1, now() - interval '2 days' FROM generate_series(1, 3000) n`.execute(connection.db)
  await sql.raw(trigger).execute(connection.db)
  const clock = new HandClock()
  await clock.advance(now - clock.now())
  const log = recordingLog()
  const end = keepHouse({ journalDays: 90 }, { store: { locate: async () => address }, clock, log })
  await clock.advance(300_000)
  await until(async () => log.lines.length, (lines) => lines === 3)
  await end()
  expect(log.lines.filter(({ event }) => event === 'retention.failed').map(({ fields }) => (fields as { what: string }).what)).toEqual([part])
  expect([await count('journal'), await count('batches')]).toEqual(part === 'batches' ? [3, 3_000] : [7, 0])
})
