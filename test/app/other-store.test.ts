/** Commands and the store that they open: the running desk's own or none, and none is made by looking (src/app/visit-store.ts V1, V2). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { ownFolder, runToEnd, startDesk, startExchange, type Exchange, type RunningDesk } from '../support/program.ts'
import { startProxy, type HalfOpenProxy } from '../support/proxy.ts'

let folder: ReturnType<typeof ownFolder>
let exchange: Exchange
let server: TestServer
let proxy: HalfOpenProxy
/** The desk's own URL, another one to the same database, and one to another database. */
let urls: { readonly own: string; readonly same: string; readonly other: string }
beforeAll(async () => {
  folder = ownFolder()
  exchange = await startExchange(folder.path, '--seed', 'stores', '--speed', '5')
  server = await startPostgres()
  const [desks, other] = [await server.database(), await server.database()]
  proxy = await startProxy(desks)
  const login = `postgres://${desks.user}:${encodeURIComponent(desks.password)}@`
  urls = {
    own: `${login}127.0.0.1:${proxy.port}/${desks.database}`,
    same: `${login}/${desks.database}?host=${encodeURIComponent(desks.host)}&port=${desks.port}`,
    other: `${login}127.0.0.1:${proxy.port}/${other.database}`,
  }
}, 60_000)
afterAll(async () => {
  await proxy.close()
  await server.stop()
  await exchange.stop()
  folder.remove()
})

const at = (name: string): string => path.join(folder.path, name)
const nightdesk = async (home: string, args: readonly string[], url?: string) => {
  const { code, out, err } = await runToEnd(args, { NIGHTDESK_HOME: at(home), ...(url !== undefined && { DATABASE_URL: url }) })
  return { code, out: out.trim(), err: err.trim() }
}
const stop = async (desk: RunningDesk): Promise<void> => {
  desk.child.kill('SIGTERM')
  await desk.ended
}
const looks = ['status', 'orders', 'pairs', 'inspect desk', 'replay desk', 'pnl', 'performance', 'audit-log', 'backup --out never.gz']

describe('where no desk ever was', { timeout: 60_000 }, () => {
  test.each(looks)('%s says so and makes nothing (V2)', async (command) => {
    const home = `empty-${looks.indexOf(command)}`
    expect(await nightdesk(home, command.split(' '))).toEqual({ code: 69, out: '', err: `nightdesk: there is no desk in embedded PostgreSQL in ${at(home)} yet: start one with "nightdesk run", or set NIGHTDESK_HOME, or DATABASE_URL, to where it is` })
    expect(existsSync(at(home))).toBe(false)
  })
})

describe('beside a desk that runs on DATABASE_URL', { timeout: 120_000 }, () => {
  let desk: RunningDesk
  beforeAll(async () => {
    await stop(await startDesk(exchange.config, at('left')))
    desk = await startDesk(exchange.config, at('home'), { DATABASE_URL: urls.own })
  }, 60_000)
  afterAll(() => stop(desk))

  test('a command without it, or with another, names both stores and makes nothing (V1)', async () => {
    const before = readdirSync(at('home')).toSorted()
    const own = `nightdesk: the desk that runs in ${at('home')} (pid ${desk.pid}) works on PostgreSQL at 127.0.0.1:${proxy.port}/test_1, and this command would open`
    const mend = "give it the desk's own DATABASE_URL and --config, or set NIGHTDESK_HOME to another desk's folder"
    for (const args of [['status'], ['backup', '--out', at('none.gz')], ['migrate'], ['audit', '--config', exchange.config]]) {
      expect(await nightdesk('home', args)).toEqual({ code: 78, out: '', err: `${own} embedded PostgreSQL in ${at('home')}: ${mend}` })
      expect(await nightdesk('home', args, urls.other)).toEqual({ code: 78, out: '', err: `${own} PostgreSQL at 127.0.0.1:${proxy.port}/test_2: ${mend}` })
    }
    expect([readdirSync(at('home')).toSorted(), existsSync(at('none.gz'))]).toEqual([before, false])
  })

  test('a command with it, or with another address of the same database, is answered from there', async () => {
    for (const url of [urls.own, urls.same]) expect(JSON.parse((await nightdesk('home', ['status', '--json'], url)).out)).toMatchObject({ running: true, pid: desk.pid, store: expect.stringContaining('PostgreSQL at ') as string })
    expect(JSON.parse((await nightdesk('home', ['backup', '--out', at('own.gz'), '--json'], urls.own)).out)).toMatchObject({ store: `PostgreSQL at 127.0.0.1:${proxy.port}/test_1`, rows: { lease: 1 } })
  })

  test('the file that names the store holds no password', () => {
    expect(readFileSync(path.join(at('home'), 'desk.json'), 'utf8')).not.toContain(new URL(urls.own).password)
  })

  test('a store that earlier days left in its folder is not taken for its own; without a desk, a backup of it says whose it is', async () => {
    const moved = await startDesk(exchange.config, at('left'), { DATABASE_URL: urls.other })
    expect(await nightdesk('left', ['backup', '--out', at('left.gz')])).toMatchObject({ code: 78, err: expect.stringContaining(`and this command would open embedded PostgreSQL in ${at('left')}`) as string })
    await stop(moved)
    const { code, out } = await nightdesk('left', ['backup', '--out', at('left.gz')])
    expect([code, out.split('\n').at(-1)]).toEqual([0, expect.stringMatching(new RegExp(`^embedded PostgreSQL in ${at('left')} is backed up to ${at('left.gz')} \\(\\d+ bytes\\)$`)) as string])
  })
})
