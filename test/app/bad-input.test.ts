/** Bad input ends with one clear sentence and the right exit code, and leaves nothing half done. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { ownFolder, runToEnd } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
beforeAll(() => {
  folder = ownFolder()
  mkdirSync(path.join(folder.path, 'home'))
  mkdirSync(path.join(folder.path, 'tmp'))
})
afterAll(() => folder.remove())

const good = {
  mode: 'live',
  readOnly: false,
  environment: 'sandbox',
  venue: {
    name: 'coinbase',
    keyFile: '/nowhere/key.json',
    sandbox: { restUrl: 'http://127.0.0.1:1', marketUrl: 'ws://127.0.0.1:1', userUrl: 'ws://127.0.0.1:1', controlUrl: 'http://127.0.0.1:1' },
  },
  instruments: { 'BTC-USD': { strategy: 'ladder', rungs: 10, spacingBps: 4, targetBps: 3, budgetQuote: '10000' } },
}
const ladder = good.instruments['BTC-USD']
const exit = (settings: object) => ({ ...good, instruments: { 'BTC-USD': { ...ladder, exit: settings } } })

const write = (name: string, content: unknown): string => {
  const file = path.join(folder.path, name)
  writeFileSync(file, typeof content === 'string' ? content : stringify(content))
  return file
}

const nightdesk = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const home = path.join(folder.path, 'home')
  const tmp = path.join(folder.path, 'tmp')
  const { code, err, out } = await runToEnd(args, { NIGHTDESK_HOME: home, TMPDIR: tmp, ...env })
  expect([...readdirSync(home), ...readdirSync(tmp).filter((name) => name.startsWith('nightdesk'))]).toEqual([])
  return { code, err: err.trim(), out }
}

describe('a malformed configuration, 78 (PR-17)', () => {
  test.each([
    ['an unknown key', { ...good, instruments: { 'BTC-USD': { ...ladder, rungz: 3 } } }, /line \d+: instruments\.BTC-USD\.rungz is not a setting of nightdesk: correct its spelling or remove it/],
    ['a wrong unit', { ...good, instruments: { 'BTC-USD': { ...ladder, spacingBps: '4%' } } }, /line \d+: instruments\.BTC-USD\.spacingBps must be a number of basis points/],
    ['another unit in the name', { ...good, instruments: { 'BTC-USD': { ...ladder, spacingBps: undefined, spacingPercent: 4 } } }, /instruments\.BTC-USD\.spacingPercent is not a setting/],
    ['a negative budget', { ...good, instruments: { 'BTC-USD': { ...ladder, budgetQuote: '-5' } } }, /line \d+: instruments\.BTC-USD\.budgetQuote must be an amount of quote money above zero/],
    ['money as a number', { ...good, instruments: { 'BTC-USD': { ...ladder, budgetQuote: 300 } } }, /budgetQuote must be an amount of quote money as text in quotes/],
    ['a missing part', { ...good, instruments: undefined }, /instruments is missing/],
    ['a foreign host', { ...good, venue: { ...good.venue, sandbox: { ...good.venue.sandbox, restUrl: 'http://example.com:80' } } }, /venue\.sandbox\.restUrl must be a loopback address/],
    ['real orders by default', { ...good, readOnly: undefined }, /mode live sends real orders and readOnly is true: set "readOnly: false" if that is meant, or "mode: paper"/],
    ['a sandbox without its addresses', { ...good, venue: { name: 'coinbase' } }, /venue\.sandbox is missing/],
    ['sandbox addresses on production', { ...good, environment: 'production' }, /venue\.sandbox is there and the environment is production/],
    ['a testnet that does not exist', { ...good, environment: 'testnet', venue: { name: 'coinbase' } }, /coinbase has no testnet: use "environment: sandbox"/],
    ['real money in the embedded store', { ...good, environment: 'production', venue: { name: 'coinbase' } }, /set DATABASE_URL or store\.url, or "store\.allowEmbedded: true"/],
    ['ccxt in the sandbox', { ...good, venue: { name: 'ccxt', exchange: 'kraken' } }, /venue ccxt is for environment production, and it is sandbox/],
    ['real money through ccxt without a word', { ...good, environment: 'production', venue: { name: 'ccxt', exchange: 'kraken' } }, /mode live through ccxt is weaker than through an adapter of the venue: read docs\/ccxt\.md, then set "venue\.acceptWeaker: true"/],
    ['an exchange that ccxt does not know', { ...good, mode: 'dryRun', environment: 'production', venue: { name: 'ccxt', exchange: 'krakn' } }, /venue\.exchange: ccxt knows no exchange "krakn"; the nearest are kraken/],
    ['parts that are not the whole', exit({ targets: [{ sharePct: 50, targetBps: 50 }, { sharePct: 40, targetBps: 80 }] }), /line \d+: instruments\.BTC-USD\.exit\.targets must share out all that was bought: make the values of sharePct add up to 100$/],
    ['parts in the wrong order', exit({ targets: [{ sharePct: 50, targetBps: 80 }, { sharePct: 50, targetBps: 50 }] }), /exit\.targets must rise from part to part: the cheapest target comes first$/],
    ['a stop of nothing', exit({ stopLossBps: 0 }), /exit\.stopLossBps must be above zero basis points/],
    ['a trailing stop below what was paid', exit({ trailing: { activateBps: 30, distanceBps: 60 } }), /exit\.trailing must not lie below what was paid when it begins to follow: make distanceBps smaller than activateBps$/],
    ['tightening that rises', exit({ tighten: [{ afterMs: 1_000, targetBps: 5 }, { afterMs: 2_000, targetBps: 6 }] }), /exit\.tighten must ask less from step to step: make targetBps fall$/],
    ['tightening that runs backwards', exit({ tighten: [{ afterMs: 2_000, targetBps: 5 }, { afterMs: 1_000, targetBps: 4 }] }), /exit\.tighten must name later moments in later steps: sort them by afterMs$/],
    ['a loss that nobody allowed', exit({ tighten: [{ afterMs: 1_000, targetBps: -5 }] }), /exit must not ask less than break-even: raise tighten\.targetBps to at least 0, or set "atLoss: true"$/],
    ['another policy for partial fills', exit({ partialBuy: 'keep' }), /exit\.partialBuy must be sellWhatIsFilled or wait$/],
    ['an exit in another unit', exit({ stopLossPercent: 1 }), /exit\.stopLossPercent is not a setting/],
    ['no YAML at all', 'mode: live\n  bad: [', /line 1: not valid YAML/],
  ])('%s', async (name, content, sentence) => {
    const { code, err, out } = await nightdesk(['config', 'check', '--config', write(`${name}.yaml`, content)])
    expect(err).toMatch(sentence)
    expect(err.split('\n')).toHaveLength(1)
    expect({ code, out }).toEqual({ code: 78, out: '' })
  })
})

test('a plan of failpoints that cannot be read stops the desk before it opens anything (78)', async () => {
  const { code, err } = await nightdesk(['run', '--config', write('sandbox.yaml', good)], { NIGHTDESK_FAILPOINTS: 'send.signed=maybe@1' })
  expect(err).toBe('nightdesk: NIGHTDESK_FAILPOINTS cannot be read: "maybe" is not something to do at a failpoint; that is kill or freeze')
  expect(code).toBe(78)
})

describe('files', () => {
  test('a configuration that is not there (66, PR-17)', async () => {
    const { code, err } = await nightdesk(['run', '--config', '/nowhere/desk.yaml'])
    expect(err).toBe('nightdesk: the configuration /nowhere/desk.yaml cannot be read (ENOENT): name an existing file with --config, or make one with "nightdesk config demo"')
    expect(code).toBe(66)
  })

  test('a key file that is not there (77)', async () => {
    const { code, err } = await nightdesk(['config', 'check', '--config', write('key.yaml', good)])
    expect(err).toMatch(/the API key file \/nowhere\/key\.json cannot be read \(ENOENT\): correct venue\.keyFile/)
    expect(code).toBe(77)
  })

  test('a replay file that is not there (66)', async () => {
    const { code, err } = await nightdesk(['demo', '--port', '0', '--replay', '/nowhere/market.jsonl.gz'])
    expect(err).toMatch(/\/nowhere\/market\.jsonl\.gz cannot be read/)
    expect(code).toBe(66)
  })

  test('a temporary folder that is none (73)', async () => {
    const { code, err } = await nightdesk(['demo', '--port', '0'], { TMPDIR: write('not-a-folder', '') })
    expect(err).toMatch(/the demo cannot make its folder in .*not-a-folder \(ENOTDIR\): set TMPDIR to a folder of yours/)
    expect(code).toBe(73)
  })

  test('a replay file with something else in it (66)', async () => {
    const { code, err } = await nightdesk(['demo', '--port', '0', '--replay', write('garbage.jsonl', 'garbage\n')])
    expect(err).toMatch(/holds no market data in a known form/)
    expect(code).toBe(66)
  })
})

describe('the command line (2)', () => {
  test.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['run'], /required option '--config <file>' not specified/],
    [['demo', '--until-closed', 'many'], /It must be a whole number/],
    [['status', '--colour'], /unknown option '--colour'/],
  ])('%j', async (args, sentence) => {
    const { code, err } = await nightdesk(args)
    expect(err).toMatch(sentence)
    expect(code).toBe(2)
  })
})

test('no sandbox at the control URL (69)', async () => {
  const { code, err } = await nightdesk(['config', 'demo', '--sandbox', 'http://127.0.0.1:1', '--out', path.join(folder.path, 'x.yaml')])
  expect(err).toMatch(/no sandbox answers at http:\/\/127\.0\.0\.1:1: start one with "nightdesk sandbox"/)
  expect(code).toBe(69)
})
