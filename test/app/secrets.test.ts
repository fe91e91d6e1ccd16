/** Nothing that a desk writes or answers holds a part of a key, a signature or a password (I13; SE-07, SE-08). */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { ownFolder, runToEnd, start, startExchange, until } from '../support/program.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

/** Every part of a key file that is long enough to be worth stealing: lines of its texts. */
const partsOf = (file: string): readonly string[] =>
  Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
    .filter(([field]) => ['privateKey', 'secret', 'apiKey'].includes(field))
    .flatMap(([, text]) => text.split('\n'))
    .filter((line) => line.length >= 16 && !line.startsWith('-'))

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((name) => statSync(name, { throwIfNoEntry: false })?.isFile() === true)

/** All rows of all tables, as text. */
const rowsOf = async (connectionString: string): Promise<string> => {
  const client = new Client({ connectionString })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>("SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'")
  const texts: string[] = []
  for (const { name } of tables) texts.push(...(await client.query<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`)).rows.map(({ text }) => text))
  await client.end()
  return texts.join('\n')
}

const pages = ['/', '/api/desk', '/api/orders?all=true', '/api/trade-pairs?all=true', '/api/reconciliations', '/debug/actors', '/debug/actors/desk', '/debug/connections', '/debug/prices', '/debug/machines', '/openapi.json', '/health/ready']

test.each(['coinbase', 'binance'] as const)('on %s, with every kind of refusal in its log', { timeout: 90_000 }, async (venue) => {
  const folder = ownFolder()
  const { host, port, user, password, database } = await server.database()
  const url = `postgres://${user}:${encodeURIComponent(password)}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
  const exchange = await startExchange(folder.path, '--venue', venue, '--seed', 'secrets', '--speed', '5')
  try {
    const config = parse(readFileSync(exchange.config, 'utf8')) as { venue: { keyFile: string } }
    writeFileSync(exchange.config, stringify({ ...config, log: { level: 'debug' } }))
    const env = { NIGHTDESK_HOME: path.join(folder.path, 'home'), DATABASE_URL: url }
    const desk = start(['run', '--config', exchange.config, '--port', '0', '--json'], env)
    const { url: page } = JSON.parse(await desk.firstLine) as { url: string }
    for (const fault of ['answer5xx', 'answerHtml', 'cutAnswer', 'loseNextAnswer', 'answer429', 'clockSkew']) await exchange.fault({ name: fault, count: 2 }).catch(() => undefined)
    await until(async () => desk.complaints(), (said) => /"level":"(warn|error)"/.test(said))
    await until(() => rowsOf(url), (rows) => rows.includes('"filled"') || rows.includes(',filled,'), 40_000)
    const answers = await Promise.all(pages.map(async (where) => (await fetch(`${page}${where}`)).text()))
    desk.child.kill('SIGTERM')
    const { out, err } = await desk.ended
    // A key that is not the venue's: its refusals are told too.
    const stranger = path.join(folder.path, 'stranger.json')
    const own = JSON.parse(readFileSync(config.venue.keyFile, 'utf8')) as Record<string, string>
    writeFileSync(stranger, JSON.stringify({ ...own, ...(venue === 'coinbase' ? { name: 'organizations/x/apiKeys/y' } : { apiKey: 'Zz'.repeat(32) }) }))
    writeFileSync(exchange.config, stringify({ ...config, venue: { ...config.venue, keyFile: stranger }, log: { level: 'debug' } }))
    const refused = await runToEnd(['run', '--config', exchange.config, '--port', '0'], { ...env, NIGHTDESK_HOME: path.join(folder.path, 'other') })
    expect(refused.code).toBe(77)

    const written = new Map([['standard output', out], ['the log', err], ['a refused start', refused.err + refused.out], ['the rows', await rowsOf(url)], ['the pages', answers.join('\n')]])
    for (const home of ['home', 'sandbox']) for (const file of filesBelow(path.join(folder.path, home))) if (!/-key.*\.json$/.test(file)) written.set(file, readFileSync(file, 'latin1'))
    const planted = [...partsOf(config.venue.keyFile), ...partsOf(stranger), password]
    expect(planted.length).toBeGreaterThan(2)
    for (const [where, text] of written) {
      expect(planted.filter((secret) => text.includes(secret)), where).toEqual([])
      expect(/eyJ[\w-]{10,}\.eyJ|signature=[0-9a-f]{8}|Bearer \S/i.exec(text)?.[0], where).toBeUndefined()
    }
    expect(err).toContain('venue.')
  } finally {
    await exchange.stop()
    folder.remove()
  }
})
