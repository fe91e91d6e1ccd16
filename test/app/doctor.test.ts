/** `nightdesk doctor`: what it finds, what it says to do, and that it changes nothing. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Finding } from '../../src/app/doctor/finding.ts'
import { ownFolder, runToEnd, startDesk, startExchange, type Exchange } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
let exchange: Exchange
beforeAll(async () => {
  folder = ownFolder()
  exchange = await startExchange(folder.path)
})
afterAll(async () => {
  await exchange.stop()
  folder.remove()
})

const at = (name: string): string => path.join(folder.path, name)
const home = (): string => at('home')

/** The sandbox's configuration with something else in it, on a port that is free. */
const withConfig = (name: string, change: (config: { venue: { keyFile?: string; sandbox: Record<string, string> }; http: { port: number }; instruments: Record<string, unknown> }) => void = () => undefined): string => {
  const config = parse(readFileSync(exchange.config, 'utf8')) as Parameters<typeof change>[0]
  config.http.port = 0
  change(config)
  writeFileSync(at(name), stringify(config))
  return at(name)
}

const doctor = async (config: string, env: Readonly<Record<string, string>> = {}) => {
  const { code, out, err } = await runToEnd(['doctor', '--config', config, '--json'], { NIGHTDESK_HOME: home(), ...env })
  const { findings } = JSON.parse(out) as { findings: readonly Finding[] }
  return { code, err, findings, problems: findings.filter(({ state }) => state === 'problem'), of: (what: string) => findings.find((one) => one.what === what) }
}

describe('before the first start', () => {
  test('everything is in order, and nothing was made', async () => {
    const { code, err, findings } = await doctor(withConfig('good.yaml'))
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(findings.map(({ what }) => what)).toEqual(['node', 'home', 'disk', 'desk', 'configuration', 'log', 'port', 'store', 'host', 'host', 'host', 'clock', 'instrument', 'key', 'strategies', 'limits'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(existsSync(home())).toBe(false)
  })

  test('people read it as lines, each problem with what to do', async () => {
    const config = withConfig('lines.yaml', (one) => { one.instruments = { 'NIX-USD': one.instruments['BTC-USD'] } })
    const { code, out } = await runToEnd(['doctor', '--config', config], { NIGHTDESK_HOME: home() })
    expect(out).toMatch(/^ok {7}node {11}24\./)
    expect(out).toContain('problem  instrument     the venue has no NIX-USD\n                        correct its name under instruments\n')
    expect(out).toMatch(/\n1 problem\n$/)
    expect(code).toBe(1)
  })
})

describe('it says what stands in the way', () => {
  test('a port that is taken', async () => {
    const server = createServer()
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)))
    const { code, problems } = await doctor(withConfig('port.yaml', (one) => { one.http.port = port }))
    server.close()
    expect(problems).toEqual([{ what: 'port', state: 'problem', found: `127.0.0.1:${port} cannot be used (EADDRINUSE)`, remedy: 'choose another with http.port or --port, or end what listens there' }])
    expect(code).toBe(1)
  })

  test('a key that is not there', async () => {
    const { problems } = await doctor(withConfig('nokey.yaml', (one) => { one.venue.keyFile = '/nowhere/key.json' }))
    expect(problems).toMatchObject([{ what: 'key', found: expect.stringContaining('the API key file /nowhere/key.json cannot be read (ENOENT)') as string }])
  })

  test('a key that the venue refuses', async () => {
    await exchange.fault({ name: 'answer401', count: 5, target: 'reads' })
    const { problems } = await doctor(withConfig('badkey.yaml'))
    await exchange.calm()
    expect(problems).toMatchObject([{ what: 'instruments' }, { what: 'key', found: expect.stringMatching(/^coinbase refused it \(unauthorised: /) as string }])
    expect(problems.map(({ remedy }) => remedy)).toEqual(Array.from({ length: 2 }, () => 'check the key, its permissions and its allowed addresses'))
  })

  test('a clock that is a minute off', async () => {
    await exchange.fault({ name: 'clockSkew', skewMs: 60_000, durationMs: 60_000 })
    const { of, problems } = await doctor(withConfig('clock.yaml'))
    await exchange.calm()
    expect(problems.map(({ what }) => what)).toEqual(['clock'])
    expect(of('clock')).toMatchObject({ found: expect.stringMatching(/^the venue's clock is (59|60)\d{3} ms ahead of ours$/) as string, remedy: expect.stringContaining('time service') as string })
  })

  test('a host that is silent, and then asks the venue no further', async () => {
    const { findings, problems } = await doctor(withConfig('host.yaml', (one) => { one.venue.sandbox['marketUrl'] = 'ws://127.0.0.1:1' }))
    expect(problems).toEqual([{ what: 'host', state: 'problem', found: 'ws://127.0.0.1:1 cannot be reached (ECONNREFUSED)', remedy: 'start the sandbox, or correct venue.sandbox' }])
    expect(findings.some(({ what }) => what === 'clock')).toBe(false)
  })

  test('a configuration that is wrong, and still looks at the machine', async () => {
    writeFileSync(at('wrong.yaml'), 'mode: paper\n')
    const { findings, problems } = await doctor(at('wrong.yaml'))
    expect(problems.map(({ what }) => what)).toEqual(['configuration'])
    expect(findings.map(({ what }) => what)).toContain('disk')
  })

  test('a secret of a channel that is not there, and a strategy that is not there', async () => {
    const channel = await doctor(withConfig('channel.yaml', (one) => { Object.assign(one, { alerts: { channels: [{ kind: 'telegram', chat: '1', tokenFile: '/nowhere/token' }] } }) }))
    expect(channel.problems).toMatchObject([{ what: 'configuration', found: expect.stringContaining('/nowhere/token') as string }])
    const strategy = await doctor(withConfig('strategy.yaml', (one) => { one.instruments = { 'BTC-USD': { strategy: './none.ts', budgetQuote: '100', targetBps: 5 } } }))
    expect(strategy.problems).toMatchObject([{ what: 'configuration', found: expect.stringContaining(at('none.ts')) as string }])
  })

  test('a store of its own that is not there', async () => {
    const { problems } = await doctor(withConfig('store.yaml'), { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/nightdesk' })
    expect(problems).toMatchObject([{ what: 'store', found: expect.stringContaining('PostgreSQL at 127.0.0.1:1/nightdesk cannot be reached (ECONNREFUSED)') as string }])
    expect(JSON.stringify(problems)).not.toContain('secret')
  })

  test('a home that is a file, and one that others may read', async () => {
    writeFileSync(at('file'), '')
    expect((await doctor(withConfig('home.yaml'), { NIGHTDESK_HOME: at('file') })).of('home')).toMatchObject({ state: 'problem', remedy: 'set NIGHTDESK_HOME to a folder' })
    mkdirSync(at('open'))
    chmodSync(at('open'), 0o755)
    expect((await doctor(withConfig('home.yaml'), { NIGHTDESK_HOME: at('open') })).of('home')).toMatchObject({ state: 'warning', found: `${at('open')} is open to others (755)`, remedy: `chmod 700 ${at('open')}` })
    expect(readdirSync(at('open'))).toEqual([])
  })
})

describe('it says what a start would be refused for, each in one sentence', { timeout: 60_000 }, () => {
  /** A configuration for the real venue, which nobody is asked about here. */
  const production = (name: string, mode: 'live' | 'paper', change: (config: Record<string, unknown>) => void = () => undefined): string =>
    withConfig(name, (one) => {
      const { sandbox: _sandbox, keyFile, ...venue } = one.venue
      const key = JSON.parse(readFileSync(keyFile ?? '', 'utf8')) as Record<string, unknown>
      writeFileSync(at(`${name}.key`), JSON.stringify({ ...key, environment: 'production' }), { mode: 0o600 })
      Object.assign(one, { mode, environment: 'production', log: { level: 'warn', file: false }, venue: { ...venue, ...(mode === 'live' && { keyFile: at(`${name}.key`) }) } })
      change(one)
    })

  test('a configuration with real money that nobody has armed', async () => {
    const { of, code } = await doctor(production('unarmed.yaml', 'live', (one) => { Object.assign(one, { readOnly: false, store: { url: 'embedded', allowEmbedded: true } }) }))
    expect(of('arming')).toEqual({ what: 'arming', state: 'problem', found: 'nobody has armed this desk', remedy: expect.stringMatching(/^read what it would do with "nightdesk config check --config .*", then "nightdesk arm --config /) as string })
    expect(code).toBe(1)
  })

  test('a ladder whose rungs lie closer than its fees', async () => {
    const { problems } = await doctor(production('narrow.yaml', 'paper', (one) => { Object.assign(one, { paper: { balances: { USD: '1000' }, makerBps: 40, takerBps: 60 } }) }))
    expect(problems.filter(({ what }) => what === 'strategies')).toMatchObject([{ found: expect.stringMatching(/^BTC-USD: rungs .* bps apart lie closer than the .* bps that buying and selling at a fee of 40 bps costs/) as string, remedy: 'widen instruments.BTC-USD.spacingBps' }])
  })

  test('a folder of the log that cannot be made, and makes none that can', async () => {
    writeFileSync(at('no-folder'), '')
    const { of, code } = await doctor(withConfig('log.yaml', (one) => { Object.assign(one, { log: { level: 'warn', file: at('no-folder/logs') } }) }))
    expect([of('log'), code]).toEqual([{ what: 'log', state: 'problem', found: `${at('no-folder/logs')} is not there, and cannot be made in ${at('no-folder')}`, remedy: 'correct its rights, name another folder as log.file, or set "log: { file: false }"' }, 1])
    expect((await doctor(withConfig('logs.yaml', (one) => { Object.assign(one, { log: { level: 'warn', file: at('new/logs') } }) }))).of('log')).toMatchObject({ state: 'ok' })
    expect(existsSync(at('new'))).toBe(false)
  })

  test('a store of another owner', async () => {
    const desk = await startDesk(withConfig('owner.yaml'), at('owned'))
    desk.child.kill('SIGTERM')
    await desk.ended
    const paper = withConfig('other.yaml', (one) => { Object.assign(one, { mode: 'paper' }) })
    const { problems } = await doctor(paper, { NIGHTDESK_HOME: at('owned') })
    expect(problems).toMatchObject([{ what: 'owner', found: expect.stringMatching(/^the store belongs to coinbase, sandbox, account \S+, and the configuration names paper-coinbase, sandbox, account /) as string, remedy: 'use another data directory or database' }])
    expect((await doctor(withConfig('owner.yaml'), { NIGHTDESK_HOME: at('owned') })).of('owner')).toMatchObject({ state: 'ok' })
  })
})

test('beside a running desk it finds its store and its port, and disturbs it in nothing', { timeout: 90_000 }, async () => {
  const config = withConfig('running.yaml')
  const desk = await startDesk(config, home())
  const { code, of } = await doctor(config)
  expect(of('desk')?.found).toMatch(new RegExp(`^runs since .*\\(pid ${desk.pid}, ${desk.url}/\\)$`))
  expect(of('store')?.found).toMatch(/^embedded PostgreSQL in .*\(attached, .*, PostgreSQL 1\d/)
  expect(of('schema')?.found).toBe('up to date')
  expect(of('durability')?.state).toBe('ok')
  expect(code).toBe(0)
  expect(await desk.get('/health/ready')).toBeTruthy()
  desk.child.kill('SIGTERM')
  expect((await desk.ended).code).toBe(0)
})
