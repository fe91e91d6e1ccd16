/** The real program tells people of its life, and keeps its log: channels, ping and files as an operator has them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { hostileServer } from '../support/hostile-server.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { ownFolder, runToEnd, start, startExchange, until } from '../support/program.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const planted = 'planted-0123456789'

test('what a strategy lets fail unheard is told and stops nothing; an exception that nobody catches is told, and ends the desk (70)', { timeout: 120_000 }, async () => {
  const folder = ownFolder()
  const people = await hostileServer()
  const { host, port, user, password, database } = await server.database()
  const env = { NIGHTDESK_HOME: path.join(folder.path, 'home'), DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}` }
  const exchange = await startExchange(folder.path, '--seed', 'stray')
  const told = (): readonly { codes: string[]; text: string }[] => people.received.map(({ body }) => JSON.parse(body) as { codes: string[]; text: string })
  try {
    const bomb = path.join(folder.path, 'bomb')
    writeFileSync(path.join(folder.path, 'own.mjs'), `
      import { existsSync } from 'node:fs'
      const note = async () => { throw new Error('the note was lost') }
      export const strategy = () => ({ sampleEveryMs: 100, decide: () => { note(); if (existsSync(${JSON.stringify(bomb)})) for (const ms of [1, 20, 40]) setTimeout(() => { throw new Error('boom') }, ms); return {} } })
    `)
    writeFileSync(path.join(folder.path, 'url'), `${people.url}/hook`)
    const logs = path.join(folder.path, 'logs')
    const alerts = { channels: [{ kind: 'webhook', least: 'info', urlFile: path.join(folder.path, 'url') }], mostPerMinute: 60 }
    const instruments = { 'BTC-USD': { strategy: './own.mjs', budgetQuote: '300', targetBps: 50 } }
    writeFileSync(exchange.config, stringify({ ...(parse(readFileSync(exchange.config, 'utf8')) as object), instruments, alerts, log: { file: logs } }))
    const desk = start(['run', '--config', exchange.config, '--port', '0', '--json'], env)
    const { url } = JSON.parse(await desk.firstLine) as { url: string }
    await until(async () => told().flatMap(({ codes }) => codes), (all) => all.includes('process.strayPromise'))
    expect(((await (await fetch(`${url}/api/desk`)).json()) as { state: string }).state).not.toBe('')
    writeFileSync(bomb, '')
    expect((await desk.ended).code).toBe(70)
    await until(async () => told().flatMap(({ codes }) => codes), (all) => all.includes('desk.ended'))
    expect(told().flatMap(({ codes }) => codes).filter((code) => code === 'process.strayPromise')).toHaveLength(1)
    const lines = readdirSync(logs).map((name) => readFileSync(path.join(logs, name), 'utf8')).join('\n')
    expect(lines).toMatch(/the note was lost.*own\.mjs.*process\.strayPromise/)
    expect(lines).toMatch(/boom.*process\.uncaught/)
  } finally {
    await exchange.stop()
    await people.close()
    folder.remove()
  }
})

test('a desk tells that it has started, crashed and stopped, pings while it is well, and its log can be read', { timeout: 120_000 }, async () => {
  const folder = ownFolder()
  const people = await hostileServer()
  const { host, port, user, password, database } = await server.database()
  const env = { NIGHTDESK_HOME: path.join(folder.path, 'home'), DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}`, BOT_TOKEN: `7:${planted}` }
  const exchange = await startExchange(folder.path, '--seed', 'alerts', '--speed', '5')
  const titles = (): readonly string[] => people.received.filter(({ path: where }) => where.startsWith('/hook')).map(({ body }) => (JSON.parse(body) as { codes: string[] }).codes.join(' '))
  const pings = (): number => people.received.filter(({ path: where }) => where.startsWith('/ping')).length
  try {
    writeFileSync(path.join(folder.path, 'url'), `${people.url}/hook/${planted}`)
    const config = parse(readFileSync(exchange.config, 'utf8')) as object
    const logs = path.join(folder.path, 'logs')
    const alerts = { channels: [{ kind: 'webhook', least: 'info', urlFile: path.join(folder.path, 'url') }, { kind: 'telegram', chat: '1', baseUrl: people.url, tokenEnv: 'BOT_TOKEN' }], mostPerMinute: 60, deadMan: { url: `${people.url}/ping`, everyMs: 5_000 } }
    writeFileSync(exchange.config, stringify({ ...config, alerts, log: { level: 'debug', file: logs } }))

    const tested = await runToEnd(['alerts', 'test', '--config', exchange.config, '--json'], env)
    expect([tested.code, tested.out.trim().split('\n').map((line) => (JSON.parse(line) as { delivered: boolean }).delivered)]).toEqual([0, [true, true]])

    const first = start(['run', '--config', exchange.config, '--port', '0', '--json'], env)
    const { url } = JSON.parse(await first.firstLine) as { url: string }
    await until(async () => titles(), (all) => all.includes('desk.started'))
    await until(async () => pings(), (count) => count > 0)
    await fetch(`${url}/api/commands`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer wrong' }, body: '{}' })
    await until(async () => titles(), (all) => all.includes('door.refused'))
    first.child.kill('SIGKILL')
    await first.ended

    const second = start(['run', '--config', exchange.config, '--port', '0', '--json'], env)
    await second.firstLine
    await until(async () => titles(), (all) => all.includes('desk.restarted'))
    const lines = async () => (await runToEnd(['logs', '--config', exchange.config], env)).out.trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>)
    const closed = await until(async () => (await lines()).find(({ event, to }) => event === 'transition' && to === 'closed'), (found) => found !== undefined, 60_000)
    second.child.kill('SIGTERM')
    const { code, err } = await second.ended
    expect([code, titles().at(-1)]).toEqual([0, 'desk.stopped'])

    expect(closed).toMatchObject({ address: `trade-pair/${closed?.['pair']}`, turn: expect.any(String), seq: expect.any(Number), position: expect.any(Number) })
    const story = (await runToEnd(['logs', '--config', exchange.config, '--grep', closed!['address']!, '--level', 'info', '--pretty'], env)).out.trim().split('\n')
    expect(story.some((line) => /INFO {2}transition.* order=nd\w+-.*-b1 /.test(line))).toBe(true)
    expect(story.every((line) => line.includes(closed!['pair']!))).toBe(true)

    const written = [first, second].map(({ complaints }) => complaints()).join('\n') + tested.out + tested.err + err + readdirSync(logs).map((name) => readFileSync(path.join(logs, name), 'utf8')).join('\n')
    expect(written).not.toContain(planted)
    expect(people.received.filter(({ body }) => body.includes(planted))).toEqual([])
  } finally {
    await exchange.stop()
    await people.close()
    folder.remove()
  }
})

test('a desk that is started again and again with its store away tells it once; when it starts it says so, and how many were kept back', { timeout: 120_000 }, async () => {
  const folder = ownFolder()
  const people = await hostileServer()
  const home = path.join(folder.path, 'home')
  const { host, port, user, password, database } = await server.database()
  const reached = { NIGHTDESK_HOME: home, DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}` }
  const away = { NIGHTDESK_HOME: home, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/desk' }
  const exchange = await startExchange(folder.path, '--seed', 'restarts')
  const told = (): readonly { codes: string[]; text: string }[] => people.received.map(({ body }) => JSON.parse(body) as { codes: string[]; text: string })
  try {
    writeFileSync(path.join(folder.path, 'url'), `${people.url}/hook`)
    const config = parse(readFileSync(exchange.config, 'utf8')) as object
    writeFileSync(exchange.config, stringify({ ...config, alerts: { channels: [{ kind: 'webhook', least: 'info', urlFile: path.join(folder.path, 'url') }], mostPerMinute: 60 } }))
    const refusals = []
    for (let tries = 0; tries < 4; tries++) refusals.push(await runToEnd(['run', '--config', exchange.config, '--port', '0'], away))
    for (const { code, err } of refusals) expect([code, err.trim()]).toEqual([69, expect.stringMatching(/^nightdesk: PostgreSQL at 127\.0\.0\.1:1\/desk cannot be reached \(ECONNREFUSED\).+$/) as unknown])
    expect(told().map(({ codes }) => codes)).toEqual([['desk.cannotStart']])
    expect([readFileSync(path.join(home, 'told.json'), 'utf8').length < 1_000, statSync(path.join(home, 'told.json')).mode & 0o777]).toEqual([true, 0o600])

    const desk = start(['run', '--config', exchange.config, '--port', '0', '--json'], reached)
    await desk.firstLine
    await until(async () => told().flatMap(({ codes }) => codes), (all) => all.includes('desk.started'))
    expect(told().find(({ codes }) => codes.includes('desk.started'))?.text).toMatch(/\nthe desk runs \(pid \d+\), with 0 open pairs \(kept back meanwhile: 3 × desk\.cannotStart\)$/)
    desk.child.kill('SIGTERM')
    expect((await desk.ended).code).toBe(0)
  } finally {
    await exchange.stop()
    await people.close()
    folder.remove()
  }
})

test('a refusal that no channel has delivered is told anew a minute later; a folder that cannot be written to costs nothing but the bound', { timeout: 120_000 }, async () => {
  const folder = ownFolder()
  const people = await hostileServer()
  const env = { NIGHTDESK_HOME: path.join(folder.path, 'home'), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/desk' }
  const file = path.join(env.NIGHTDESK_HOME, 'told.json')
  try {
    const config = path.join(folder.path, 'desk.yaml')
    const venue = { environment: 'production', venue: { name: 'coinbase' }, log: { file: false }, instruments: { 'BTC-USD': { strategy: 'ladder', rungs: 2, spacingBps: 60, targetBps: 250, budgetQuote: '100' } } }
    writeFileSync(config, stringify({ ...venue, alerts: { channels: [{ kind: 'webhook', url: `${people.url}/x` }] } }))
    const refusedStart = async (): Promise<void> => expect(await runToEnd(['run', '--config', config, '--port', '0'], env)).toMatchObject({ code: 69 })
    people.behaviour = 'refuses'
    await refusedStart()
    people.behaviour = 'fine'
    await refusedStart()
    expect(people.received).toHaveLength(1)
    const [kept] = JSON.parse(readFileSync(file, 'utf8')) as [{ at: number; delivered: boolean; keptBack: number }]
    expect(kept).toMatchObject({ delivered: false, keptBack: 1 })
    writeFileSync(file, JSON.stringify([{ ...kept, at: kept.at - 60_000 }]))
    await refusedStart()
    expect(people.received).toHaveLength(2)
    rmSync(file)
    mkdirSync(file)
    await refusedStart()
    await refusedStart()
    expect(people.received).toHaveLength(4)
  } finally {
    await people.close()
    folder.remove()
  }
})

test('`alerts test` says of every channel what came of it, and 69 when one was not reached', { timeout: 60_000 }, async () => {
  const folder = ownFolder()
  const people = await hostileServer()
  try {
    people.behaviour = 'redirects'
    const file = path.join(folder.path, 'desk.yaml')
    const config = { environment: 'production', venue: { name: 'coinbase' }, instruments: { 'BTC-USD': { strategy: 'ladder', rungs: 2, spacingBps: 60, targetBps: 250, budgetQuote: '100' } } }
    writeFileSync(file, stringify({ ...config, alerts: { channels: [{ kind: 'webhook', name: 'team', url: `${people.url}/x` }, { kind: 'ntfy', server: 'https://10.1.2.3', topic: 'x' }] } }))
    const { code, out } = await runToEnd(['alerts', 'test', '--config', file])
    expect(code).toBe(69)
    expect(out).toMatch(/team +webhook +warning +no .*redirect/)
    expect(out).toMatch(/ntfy-2 +ntfy +warning +no .*private network/)
    writeFileSync(file, stringify(config))
    expect((await runToEnd(['alerts', 'test', '--config', file])).code).toBe(78)
    const listed = await runToEnd(['alerts', '--json'])
    expect(JSON.parse(listed.out.split('\n')[0]!)).toMatchObject({ code: 'desk.started', severity: 'info', lasts: false })
  } finally {
    await people.close()
    folder.remove()
  }
})
