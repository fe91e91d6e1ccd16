/** A backup of a real desk that trades, and the desk that is restored from it on an empty machine. */
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { backedUp } from '../../src/adapters/postgres/backup.ts'
import { connect } from '../../src/adapters/postgres/connection.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import { startPostgres } from '../support/postgres.ts'
import { ownFolder, runToEnd, startDesk, startExchange, until, type Exchange, type RunningDesk } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
let exchange: Exchange
let desk: RunningDesk
const home = (name: string): string => path.join(folder.path, name)
const file = (): string => home('desk.backup.gz')
const nightdesk = (where: string, ...args: readonly string[]) => runToEnd(args, { NIGHTDESK_HOME: home(where) })

beforeAll(async () => {
  folder = ownFolder()
  exchange = await startExchange(folder.path, '--seed', 'backup', '--speed', '5')
  desk = await startDesk(exchange.config, home('first'))
}, 60_000)
afterAll(async () => {
  desk.child.kill('SIGTERM')
  await desk.ended
  await exchange.stop()
  folder.remove()
})

describe('a backup', { timeout: 120_000 }, () => {
  test('is written while the desk trades, is for its owner alone, and replaces nothing', async () => {
    await until(() => nightdesk('first', 'pnl', '--json'), ({ out }) => out !== '')
    const { code, out } = await nightdesk('first', 'backup', '--out', file(), '--json')
    const { rows } = JSON.parse(out) as { rows: Readonly<Record<string, number>> }
    expect([code, rows['lease'], statSync(file()).mode & 0o777]).toEqual([0, 1, 0o600])
    expect(Math.min(rows['journal'] ?? 0, rows['orders'] ?? 0, rows['fills'] ?? 0, rows['audit_log'] ?? 0)).toBeGreaterThan(0)
    expect(existsSync(`${file()}.unfinished`)).toBe(false)
    expect(await nightdesk('first', 'backup', '--out', file())).toMatchObject({ code: 73, err: expect.stringContaining('is there already, and a backup replaces nothing') as string })
    expect((await nightdesk('first', 'restore', '--from', file())).err).toMatch(/^nightdesk: a desk runs here \(pid \d+\): stop it/)
  })

  test('that was changed, cut short, or is none, is refused and leaves an empty store', async () => {
    const text = gunzipSync(readFileSync(file())).toString()
    const broken: readonly (readonly [string, Uint8Array | string, RegExp])[] = [
      ['changed', gzipSync(text.replace('"instrument":"BTC-USD"', '"instrument":"BTC-EUR"')), /its last line does not fit the others/],
      ['short', gzipSync(text.slice(0, text.lastIndexOf('end '))), /it was cut short/],
      ['torn', readFileSync(file()).subarray(0, 4_000), /it is no whole gzip file/],
      ['other', gzipSync('{"hello":1}\n'), /the file is no backup of a desk/],
      ['newer', gzipSync('{"nightdesk":"backup","format":1,"migrations":["0001-the-desk","9999-later"]}\n'), /this version does not know the migration 9999-later/],
      ['plain', 'hello', /it is no whole gzip file/],
    ]
    for (const [name, bytes, reason] of broken) {
      writeFileSync(home(name), bytes)
      const { code, err } = await nightdesk('broken', 'restore', '--from', home(name))
      expect([name, code]).toEqual([name, 1])
      expect(err).toMatch(reason)
    }
    expect((await nightdesk('broken', 'restore', '--from', home('nowhere'))).code).toBe(66)
    expect((await nightdesk('broken', 'restore', '--from', file())).code).toBe(0)
    expect((await nightdesk('broken', 'restore', '--from', file())).err).toMatch(/the store already has a desk in it/)
    expect((await nightdesk('broken', 'backup', '--out', home('again.gz'))).code).toBe(0)
    const rowsOf = (whole: string): readonly string[] => whole.split('\n').filter((line) => !line.startsWith('end ')).toSorted()
    expect(rowsOf(gunzipSync(readFileSync(home('again.gz'))).toString()), 'every row to the last character').toEqual(rowsOf(text))
  })

  test('restores a desk whose venue has gone on: it finds what it missed, and the books agree', async () => {
    desk.child.kill('SIGTERM')
    await desk.ended
    expect((await nightdesk('second', 'restore', '--from', file(), '--json')).code).toBe(0)
    copyFileSync(exchange.config, home('second.yaml'))
    desk = await startDesk(home('second.yaml'), home('second'))
    type Glance = { state: string; starts: number; kill: string }
    const glance = () => desk.get('/api/desk') as Promise<Glance>
    await until(glance, ({ state, starts, kill }) => state === 'trading' && starts === 2 && kill === 'orders')
    const found = (await desk.get('/api/reconciliations?outcome=repaired&limit=100')) as readonly unknown[]
    expect(found.length).toBeGreaterThan(0)
    expect((await nightdesk('second', 'unkill', '--reason', 'looked at it')).code).toBe(0)
    await until(glance, ({ kill }) => kill !== 'orders')
    const audit = JSON.parse((await nightdesk('second', 'audit', '--config', home('second.yaml'), '--settle', '30', '--json')).out) as Readonly<Record<string, unknown>>
    expect(audit).toMatchObject({ duplicates: 0, phantomFills: 0 })
    expect((await nightdesk('second', 'audit-log', '--verify')).out).toMatch(/the chain is whole/)
  })
})

test('every table of the schema is in a backup', { timeout: 60_000 }, async () => {
  const server = await startPostgres()
  const connection = await connect(await server.database(), 'backup test')
  try {
    await migrate(connection.db, noFailpoints)
    const { rows } = await sql<{ name: string }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE 'kysely%'`.execute(connection.db)
    expect(rows.map(({ name }) => name).toSorted()).toEqual([...backedUp].toSorted())
  } finally {
    await connection.close()
    await server.stop()
  }
})
