/** `nightdesk init`: what it writes is accepted as it stands, and with every default switched on. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { init } from '../../src/app/commands/init.ts'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Problem } from '../../src/app/problem.ts'
import { ownFolder, runToEnd, startExchange, type Exchange } from '../support/program.ts'

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
const variants = (['coinbase', 'binance'] as const).flatMap((venue) => (['paper', 'dryRun', 'live'] as const).map((mode) => ({ venue, mode })))

describe.each(variants)('for $venue, mode $mode', ({ venue, mode }) => {
  test('it is a configuration of that mode, with small figures, that only its owner reads', async () => {
    const out = at(`${venue}-${mode}.yaml`)
    expect(await init({ venue, mode, out })).toBe(0)
    const text = readFileSync(out, 'utf8')
    // Real money asks for a store of the user's own, which is in the environment.
    process.env['DATABASE_URL'] = 'postgres://nowhere/nightdesk'
    const config = loadConfig(out)
    delete process.env['DATABASE_URL']
    expect(config).toMatchObject({ mode, environment: 'production', readOnly: mode !== 'live', venue: { name: venue }, risk: { maxNotionalPerOrderQuote: '25', maxExposureQuote: '100' } })
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect(text.split('\n').filter((line) => /^ *#?\w+:/.test(line)).length).toBeGreaterThan(50)
  })
})

test('every line that is commented out is a setting at its default', async () => {
  const out = at('defaults.yaml')
  await init({ venue: 'coinbase', mode: 'paper', out })
  const on = at('defaults-on.yaml')
  writeFileSync(on, readFileSync(out, 'utf8').replaceAll(/^( *)#(?=\w+:)/gm, '$1'))
  expect(loadConfig(on)).toEqual(loadConfig(out))
  expect(readFileSync(on, 'utf8')).not.toBe(readFileSync(out, 'utf8'))
})

test('a file that is there stays as it is (73)', async () => {
  const out = at('mine.yaml')
  writeFileSync(out, 'mine')
  const { code, err } = await runToEnd(['init', '--out', out])
  expect({ code, err: err.trim() }).toEqual({ code: 73, err: `nightdesk: ${out} is there already, and is left as it is: name another file with --out, or move it away` })
  expect(readFileSync(out, 'utf8')).toBe('mine')
})

test('a folder that is not there (73)', async () => {
  await expect(init({ venue: 'coinbase', mode: 'paper', out: at('no/where.yaml') })).rejects.toThrow(Problem)
  await expect(init({ venue: 'coinbase', mode: 'paper', out: at('no/where.yaml') })).rejects.toMatchObject({ code: 73 })
})

test.each(['paper', 'live'] as const)('for a running sandbox, mode %s, it knows its addresses, and names its key only where one is needed', async (mode) => {
  const out = at(`sandbox-${mode}.yaml`)
  await init({ venue: 'coinbase', mode, out, sandbox: exchange.control })
  const { venue, environment, ...config } = loadConfig(out)
  expect({ environment, mode: config.mode, name: venue.name, key: venue.keyFile !== undefined }).toEqual({ environment: 'sandbox', mode, name: 'coinbase', key: mode === 'live' })
  expect(venue.name === 'ccxt' ? undefined : venue.sandbox?.controlUrl).toBe(exchange.control)
})

test('the JSON Schema is told to editors, with what every setting does', async () => {
  const { code, out } = await runToEnd(['config', 'schema', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ $schema: expect.stringContaining('json-schema.org') as string, additionalProperties: false, required: ['environment', 'venue', 'instruments'], properties: { risk: { properties: { maxExposureQuote: { default: '300', description: expect.any(String) as string } } } } })
})
