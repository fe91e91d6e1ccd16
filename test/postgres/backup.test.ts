/** What a restore does to a store, row by row (src/adapters/postgres/backup.ts, src/adapters/postgres/waiting-kills.ts). */
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Armings } from '../../src/adapters/postgres/armings.ts'
import { readBackup, writeBackup, type RestoreOptions } from '../../src/adapters/postgres/backup.ts'
import { connect, type Connection } from '../../src/adapters/postgres/connection.ts'
import { migrate, migrateAs, pendingMigrations } from '../../src/adapters/postgres/migrate.ts'
import { VenueBans } from '../../src/adapters/postgres/venue-bans.ts'
import { WaitingKills } from '../../src/adapters/postgres/waiting-kills.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'

const first = ['0001-the-desk', '0002-reconciliations', '0003-venue-bans', '0004-paper-ledger', '0005-armings', '0006-audit-log']
const kill = { id: 'restore-1', level: 'orders', who: 'restore', reason: 'look first' } as const

let server: TestServer
let address: Awaited<ReturnType<TestServer['database']>>
let store: Connection
const open: Connection[] = []
const locate = async () => address

beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.stop())
beforeEach(async () => {
  address = await server.database()
  store = await connect(address, 'restored')
  open.push(store)
}, 30_000)
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** A backup of a desk, of today's schema or an older one, with an arming and a ban of its own. */
const backupOf = async (migrations?: readonly string[]): Promise<readonly string[]> => {
  const { db, ...source } = await connect(await server.database(), 'backed up')
  try {
    await (migrations === undefined ? migrate(db, noFailpoints) : migrateAs(db, migrations))
    await sql`INSERT INTO lease VALUES ('desk', 7, 7, 'ab12', 'sandbox', 'coinbase', 'a1')`.execute(db)
    await sql`INSERT INTO armings (at, armed, fingerprint, who, reason) VALUES (1, true, '0123456789abcdef', 'ann', 'the backup''s')`.execute(db)
    await sql`INSERT INTO venue_bans VALUES ('coinbase', 5000), ('binance', 9000)`.execute(db)
    let text = ''
    await writeBackup(db, async (more) => { text += more })
    return text.split('\n').slice(0, -1)
  } finally {
    await source.close()
  }
}

const restored = async (lines: readonly string[], over: Partial<RestoreOptions> = {}) => {
  const { db } = store
  const each = async function* () { yield* lines }
  return readBackup(db, each(), { prepare: (migrations) => migrateAs(db, migrations), finish: (tx) => migrate(tx, noFailpoints), kill, ...over })
}

const rowsOf = async (query: string): Promise<readonly unknown[]> => (await sql.raw(query).execute(store.db)).rows

describe('a restore', { timeout: 60_000 }, () => {
  test('leaves the kill with the rows, in one transaction: where the one cannot be written, the other is not there', async () => {
    const lines = await backupOf()
    await expect(restored(lines, { kill: { ...kill, who: '' } })).rejects.toThrow(/waiting_kills/)
    expect(await rowsOf('SELECT * FROM lease')).toEqual([])
    await restored(lines)
    expect(await rowsOf('SELECT w.*, l.epoch FROM waiting_kills w, lease l')).toEqual([{ ...kill, epoch: '7' }])
  })

  test('of a backup of an older schema leaves the kill too, and the schema up to date', async () => {
    await restored(await backupOf(first))
    expect(await rowsOf('SELECT id FROM waiting_kills')).toEqual([{ id: 'restore-1' }])
    expect(await pendingMigrations(store.db)).toEqual([])
  })

  test("into a store that was only armed, and heard of bans: the backup's word is the last, and the later end of each ban holds", async () => {
    const [armings, bans] = [new Armings(locate), new VenueBans(locate)]
    await armings.say({ at: 99, armed: true, fingerprint: 'fedcba9876543210', who: 'bob', reason: "the new store's" })
    await bans.keep('coinbase', 8_000)
    await bans.keep('binance', 1_000)
    await restored(await backupOf())
    expect(await armings.last()).toMatchObject({ who: 'ann', reason: "the backup's" })
    expect([await bans.until('coinbase'), await bans.until('binance')]).toEqual([8_000, 9_000])
    await armings.say({ at: 100, armed: false, fingerprint: 'fedcba9876543210', who: 'bob', reason: 'numbers go on' })
    expect(await armings.last()).toMatchObject({ who: 'bob' })
    await Promise.all([armings.close(), bans.close()])
  })

  test('of a backup whose schema is older than that of the store is refused in one sentence, and changes nothing', async () => {
    const armings = new Armings(locate)
    await armings.say({ at: 99, armed: true, fingerprint: 'fedcba9876543210', who: 'bob', reason: 'mine' })
    await expect(restored(await backupOf(first))).rejects.toThrow("the store's schema has 0007-waiting-kills, which is newer than the backup: restore into one that nothing was done in yet (another NIGHTDESK_HOME, or an empty database)")
    expect([await armings.last(), await pendingMigrations(store.db)]).toMatchObject([{ reason: 'mine' }, []])
    await armings.close()
  })
})

test('a kill waits until the audit log has it, and is then neither read again nor kept', { timeout: 30_000 }, async () => {
  const kills = new WaitingKills(locate)
  expect(await kills.read(), 'a store without a schema').toEqual([])
  await restored(await backupOf())
  await kills.forgetTaken()
  expect(await kills.read()).toEqual([{ kind: 'kill', ...kill }])
  await sql`INSERT INTO audit_log VALUES (1, 1, 'kill', 'restore', 'look first', 'kill-switch', '', 'orders', NULL, NULL, NULL, 'restore-1', repeat('0', 64))`.execute(store.db)
  expect(await kills.read()).toEqual([])
  expect(await rowsOf('SELECT id FROM waiting_kills')).toHaveLength(1)
  await kills.forgetTaken()
  expect(await rowsOf('SELECT id FROM waiting_kills')).toEqual([])
  await kills.close()
})
