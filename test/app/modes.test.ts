/** What each mode and environment may do: real money is armed for, and a dry run sends nothing. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { ownFolder, runToEnd, start, startExchange, until } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
beforeAll(() => {
  folder = ownFolder()
  mkdirSync(path.join(folder.path, 'home'))
})
afterAll(() => folder.remove())

const write = (name: string, content: unknown): string => {
  const file = path.join(folder.path, name)
  writeFileSync(file, stringify(content))
  return file
}

describe('real money', { timeout: 60_000 }, () => {
  let server: TestServer
  let env: Record<string, string>
  beforeAll(async () => {
    server = await startPostgres()
    const { host, port, user, password, database } = await server.database()
    env = {
      NIGHTDESK_HOME: path.join(folder.path, 'home'),
      DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}`,
      // Worthless: the test vector of RFC 8032. No request can leave this machine before the refusals below.
      COINBASE_KEY_NAME: 'organizations/o/apiKeys/k',
      COINBASE_PRIVATE_KEY: 'nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==',
    }
  })
  afterAll(() => server.stop())

  const config = (over: object = {}) => ({
    mode: 'live',
    readOnly: false,
    environment: 'production',
    venue: { name: 'coinbase' },
    instruments: { 'BTC-USD': { strategy: 'ladder', rungs: 3, spacingBps: 100, targetBps: 50, budgetQuote: '100' } },
    ...over,
  })
  const nightdesk = async (...args: readonly string[]) => {
    const { code, err, out } = await runToEnd(args, env)
    return { code, err: err.trim(), out: out.trim() }
  }

  test('is traded only by a configuration that a person has armed, as it was then, and until they take it back', async () => {
    const file = write('live.yaml', config())
    const refused = await nightdesk('run', '--config', file, '--port', '0')
    expect(refused).toEqual({ code: 78, out: '', err: `nightdesk: nobody has armed this desk: read what it would do with "nightdesk config check --config ${file}", then "nightdesk arm --config ${file} --reason ..."` })

    const shown = await nightdesk('arm', '--config', file, '--reason', 'first night')
    expect(shown.code).toBe(2)
    expect(shown.err).toMatch(/^nightdesk: nothing is armed yet\. It would be:\nmode live, environment production, venue coinbase\nBTC-USD: ladder, 3 rungs, at most 100 of quote money\n/)
    const [, fingerprint = ''] = /--confirm ([0-9a-f]{16})$/.exec(shown.err) ?? []
    expect(JSON.parse((await nightdesk('config', 'check', '--config', file, '--json')).out)).toMatchObject({ ok: true, fingerprint })
    expect((await nightdesk('arm', '--config', file, '--reason', 'first night', '--confirm', '0000000000000000')).err).toContain('0000000000000000 is not the fingerprint of this configuration, so nothing is armed')
    expect(await nightdesk('run', '--config', file, '--port', '0')).toEqual(refused)

    expect(JSON.parse((await nightdesk('arm', '--config', file, '--reason', 'first night', '--confirm', fingerprint, '--json')).out)).toEqual({ armed: true, fingerprint })
    // Another store, page or log is the same desk; another limit is not.
    write('live.yaml', config({ log: { level: 'warn' }, http: { port: 7_172 } }))
    expect(JSON.parse((await nightdesk('config', 'check', '--config', file, '--json')).out)).toMatchObject({ fingerprint })
    write('live.yaml', config({ risk: { maxExposureQuote: '301' } }))
    expect((await nightdesk('run', '--config', file, '--port', '0')).err).toContain(`it was armed for another configuration (${fingerprint}; this one is `)

    write('live.yaml', config())
    expect((await nightdesk('disarm', '--config', file, '--reason', 'going home')).out).toBe('disarmed: the next start is refused until it is armed again')
    expect((await nightdesk('run', '--config', file, '--port', '0')).err).toMatch(/nightdesk: it was disarmed by \S+: going home: read what it would do/)

    const client = new Client({ connectionString: env['DATABASE_URL'] })
    await client.connect()
    const { rows } = await client.query<{ armed: boolean; reason: string }>('SELECT armed, reason FROM armings ORDER BY id')
    await client.end()
    expect(rows).toEqual([{ armed: true, reason: 'first night' }, { armed: false, reason: 'going home' }])
  })

  test('is not armed without a reason, nor for a mode that sends nothing', async () => {
    expect(await nightdesk('arm', '--config', write('live.yaml', config()), '--reason', ' ')).toMatchObject({ code: 2, err: 'nightdesk: the reason is empty: say in a few words why, with --reason' })
    const dry = write('dry.yaml', config({ mode: 'dryRun' }))
    expect(await nightdesk('arm', '--config', dry, '--reason', 'x')).toMatchObject({ code: 78, err: `nightdesk: ${dry} has mode dryRun, which sends no real order: there is nothing to arm` })
  })
})

describe('a dry run', { timeout: 60_000 }, () => {
  test('decides on the live market, says what it would have sent, and sends nothing; its rows are not a live desk’s (PR-18)', async () => {
    const exchange = await startExchange(folder.path, '--seed', 'dry')
    const home = path.join(folder.path, 'dry')
    try {
      const live = parse(readFileSync(exchange.config, 'utf8')) as { venue: { keyFile?: string } }
      const { keyFile: _none, ...venue } = live.venue
      const dry = write('dry.yaml', { ...live, mode: 'dryRun', readOnly: true, venue, paper: { balances: { USD: '20000' } } })
      const desk = start(['run', '--config', dry, '--port', '0', '--json'], { NIGHTDESK_HOME: home })
      const { url } = JSON.parse(await desk.firstLine) as { url: string }
      await until(async () => desk.complaints(), (said) => said.includes('dryRun.order'))
      const line = desk.complaints().split('\n').find((one) => one.includes('dryRun.order'))
      expect(JSON.parse(line ?? '{}')).toMatchObject({ instrument: 'BTC-USD', side: 'buy', postOnly: true, price: expect.stringMatching(/^\d+(\.\d+)?$/) as string })
      expect(await (await fetch(`${url}/api/desk`)).json()).toMatchObject({ mode: 'dryRun' })
      const { requests } = (await (await fetch(`${exchange.control}/requests`)).json()) as { requests: readonly { method: string; path: string }[] }
      expect(requests.length).toBeGreaterThan(3)
      expect(requests.filter(({ method, path: where }) => method !== 'GET' || /orders|accounts|fills/.test(where))).toEqual([])
      desk.child.kill('SIGTERM')
      expect((await desk.ended).code).toBe(0)
      const mixed = await runToEnd(['run', '--config', exchange.config, '--port', '0'], { NIGHTDESK_HOME: home })
      expect([mixed.code, mixed.err]).toEqual([78, expect.stringContaining('this store belongs to dryRun-coinbase, sandbox, account imagined') as string])
    } finally {
      await exchange.stop()
    }
  })
})
