/** A backup of a real desk that trades, and the desk that is restored from it on an empty machine. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import { backedUp } from '../../src/adapters/postgres/backup.ts'
import { connect } from '../../src/adapters/postgres/connection.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { ownFolder, runToEnd, startDesk, startExchange, until, type Exchange, type RunningDesk } from '../support/program.ts'
import { startProxy, type HalfOpenProxy } from '../support/proxy.ts'

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
    const again = rowsOf(gunzipSync(readFileSync(home('again.gz'))).toString())
    expect(again.filter((line) => !line.startsWith('waiting_kills ')), 'every row to the last character').toEqual(rowsOf(text))
    expect(again.filter((line) => line.startsWith('waiting_kills ')), 'and the kill that waits').toHaveLength(1)
  })

  test('is restored into a store that a person had armed, over what was said there', async () => {
    const fingerprint = /--confirm ([0-9a-f]{16})/.exec((await nightdesk('armed', 'arm', '--config', exchange.config, '--reason', 'too early')).err)?.[1] ?? ''
    expect((await nightdesk('armed', 'arm', '--config', exchange.config, '--reason', 'too early', '--confirm', fingerprint)).code).toBe(0)
    const { code, err, out } = await nightdesk('armed', 'restore', '--from', file(), '--json')
    expect([code, err, (JSON.parse(out) as { rows: object }).rows]).toMatchObject([0, '', { lease: 1, armings: 0 }])
  })

  test('is restored where the last desk of the folder was killed, although its process id belongs to somebody else since', async () => {
    mkdirSync(home('reused'))
    writeFileSync(path.join(home('reused'), 'desk.json'), JSON.stringify({ pid: process.pid, born: 'another boot/1', url: null, startedAt: '2026-11-21T00:00:00Z' }))
    expect((await nightdesk('reused', 'restore', '--from', file())).code).toBe(0)
    expect(JSON.parse((await nightdesk('reused', 'status', '--json')).out)).toMatchObject({ running: false, pid: null, killWaiting: true })
  })
})

describe('a desk that is restored', { timeout: 120_000 }, () => {
  test('finds what it missed while its venue has gone on, and the books agree', async () => {
    desk.child.kill('SIGTERM')
    await desk.ended
    expect((await nightdesk('third', 'restore', '--from', file(), '--json')).code).toBe(0)
    copyFileSync(exchange.config, home('third.yaml'))
    desk = await startDesk(home('third.yaml'), home('third'))
    type Glance = { state: string; starts: number; kill: string }
    const glance = () => desk.get('/api/desk') as Promise<Glance>
    await until(glance, ({ state, starts, kill }) => state === 'trading' && starts === 2 && kill === 'orders')
    const found = (await desk.get('/api/reconciliations?outcome=repaired&limit=100')) as readonly unknown[]
    expect(found.length).toBeGreaterThan(0)
    expect((await nightdesk('third', 'unkill', '--reason', 'looked at it')).code).toBe(0)
    await until(glance, ({ kill }) => kill !== 'orders')
    const audit = JSON.parse((await nightdesk('third', 'audit', '--config', home('third.yaml'), '--settle', '30', '--json')).out) as Readonly<Record<string, unknown>>
    expect(audit).toMatchObject({ duplicates: 0, phantomFills: 0 })
    expect((await nightdesk('third', 'audit-log', '--verify')).out).toMatch(/the chain is whole/)
  })
})

describe('a desk that is restored elsewhere', { timeout: 120_000 }, () => {
  type Glance = { readonly state: string; readonly starts: number; readonly kill: string; readonly liveOrders: number }
  let server: TestServer
  let proxy: HalfOpenProxy
  let url: string
  let query: (text: string) => Promise<readonly unknown[]>
  const glance = () => desk.get('/api/desk') as Promise<Glance>
  const kills = (): Promise<readonly unknown[]> => query("SELECT who FROM audit_log WHERE kind = 'kill'")

  beforeAll(async () => {
    server = await startPostgres()
    const address = await server.database()
    proxy = await startProxy(address)
    url = `postgres://${address.user}:${encodeURIComponent(address.password)}@127.0.0.1:${proxy.port}/${address.database}`
    query = async (text) => {
      const connection = await connect(address, 'backup test')
      try {
        return (await sql.raw(text).execute(connection.db)).rows
      } finally {
        await connection.close()
      }
    }
  }, 60_000)
  afterAll(async () => {
    desk.child.kill('SIGTERM')
    await desk.ended
    await proxy.close()
    await server.stop()
  })

  test('begins with the kill switch thrown, with whatever data directory it is started, and once: also when it dies before, or right after, it took it', async () => {
    desk.child.kill('SIGTERM')
    await desk.ended
    const restored = await runToEnd(['restore', '--from', file()], { NIGHTDESK_HOME: home('restorer'), DATABASE_URL: url })
    expect(restored).toMatchObject({ code: 0, out: expect.stringMatching(/PostgreSQL at 127\.0\.0\.1:\d+\/test_1 is restored from /) as string })
    copyFileSync(exchange.config, home('second.yaml'))
    for (const [moment, taken] of [['start.leased', []], ['start.restored', [{ who: 'restore' }]]] as const) {
      const { signal } = await runToEnd(['run', '--config', home('second.yaml'), '--port', '0'], { NIGHTDESK_HOME: home('second'), DATABASE_URL: url, NIGHTDESK_FAILPOINTS: `${moment}=kill@1` })
      expect([moment, signal, await kills(), await query('SELECT who FROM waiting_kills')]).toEqual([moment, 'SIGKILL', taken, [{ who: 'restore' }]])
    }
    desk = await startDesk(home('second.yaml'), home('second'), { DATABASE_URL: url })
    await until(glance, ({ state, kill }) => state === 'trading' && kill === 'orders')
    await until(() => query('SELECT who FROM waiting_kills'), (rows) => rows.length === 0)
    expect(await kills()).toEqual([{ who: 'restore' }])
  })

  test('and stays lifted once a person has looked: the next start throws it no more', async () => {
    expect((await runToEnd(['unkill', '--reason', 'looked at it'], { NIGHTDESK_HOME: home('second') })).code).toBe(0)
    desk.child.kill('SIGKILL')
    await desk.ended
    desk = await startDesk(home('second.yaml'), home('second'), { DATABASE_URL: url })
    await until(glance, ({ state }) => state === 'trading')
    expect([(await glance()).kill === 'orders', await kills()]).toEqual([false, [{ who: 'restore' }]])
    desk.child.kill('SIGTERM')
    await desk.ended
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
