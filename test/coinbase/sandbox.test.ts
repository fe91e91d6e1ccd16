import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { coinbaseVenue, loadKey, readKeyFile, type CoinbaseOptions, type CoinbaseVenue } from '../../src/adapters/coinbase/index.ts'
import { floorToTick, type Instrument } from '../../src/domain/instrument.ts'
import { price, quantity, times, type Price } from '../../src/domain/decimal.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { Result } from '../../src/domain/failure.ts'
import { approved, buy, MemoryLog, NotingListener, optionsFor, realClock, until } from './support.ts'
import { startSandbox, type SandboxProcess } from '../support/sandbox-process.ts'

let sandbox: SandboxProcess
let options: CoinbaseOptions
let venue: CoinbaseVenue
let eth: Instrument
const log = new MemoryLog()
let count = 0
const freshId = (): string => `nd-test-${process.pid}-${(count += 1)}`

beforeAll(async () => {
  sandbox = await startSandbox(['--seed', '7', '--taker-bps', '5'])
  const { rest, market, user, keyFile } = sandbox.addresses.coinbase
  const key = loadKey(readKeyFile(readFileSync(keyFile, 'utf8')))
  options = { ...optionsFor({}), restUrl: rest, marketUrl: market, userUrl: user, key, clock: realClock, log, privatePerSecond: 30, publicPerSecond: 10, proof: { windowMs: 10_000, engineMs: 500, lookUpLagMs: 500, skewMs: 500 } }
  venue = coinbaseVenue(options)
  eth = got(await venue.instruments()).find(({ id }) => id === 'ETH-USD')!
})
afterAll(async () => {
  venue.close()
  await sandbox.stop()
})

const got = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}
const mid = async (): Promise<{ bid: Price; ask: Price }> => got(await venue.quotes(['ETH-USD']))[0]!
const at = (from: Price, factor: string): Price => floorToTick(eth, price(times(from, price(factor))))
const create = async (request: OrderRequest) => venue.create({ request: approved(request), claimedAt: Date.now() })

test('instruments, with their states', async () => {
  expect(eth).toMatchObject({ base: 'ETH', quote: 'USD', tick: '0.01', step: '0.00000001', minNotional: '1', status: 'online' })
  const byId = new Map(got(await venue.instruments()).map((one) => [one.id, one.status]))
  expect(byId.get('LTC-USD')).toBe('limitOnly')
  expect(byId.get('XRP-USD')).toBe('cancelOnly')
})

test('quotes, the alias among them', async () => {
  const quotes = got(await venue.quotes(['BTC-USD', 'BTC-USDC', 'ETH-USD']))
  expect(quotes.map(({ instrument }) => instrument).sort()).toEqual(['BTC-USD', 'BTC-USDC', 'ETH-USD'])
  for (const { bid, ask } of quotes) expect(Number(bid)).toBeLessThan(Number(ask))
})

test('fees, balances, the key, the clock', async () => {
  expect(got(await venue.feeRates())).toEqual({ maker: '0', taker: '0.0005' })
  expect(got(await venue.balances()).find(({ asset }) => asset === 'USD')).toEqual({ asset: 'USD', free: '100000', held: '0' })
  expect(got(await venue.keyPermissions())).toEqual({ canTrade: true, canTransfer: false })
  expect(got(await venue.accountId())).toMatch(/^[0-9a-f-]{36}$/)
  expect(Math.abs(got(await venue.clockOffset()))).toBeLessThan(100)
})

test('the Ed25519 key works too', async () => {
  const keyFile = sandbox.addresses.coinbase.keyFile.replace('.json', '-ed25519.json')
  const key = loadKey(readKeyFile(readFileSync(keyFile, 'utf8')))
  expect(key.algorithm).toBe('EdDSA')
  const other = coinbaseVenue({ ...options, key })
  expect((await other.keyPermissions()).ok).toBe(true)
  other.close()
})

test('public data without a key', async () => {
  const { key: _key, ...keyless } = options
  const viewer = coinbaseVenue(keyless)
  expect(got(await viewer.instruments()).length).toBeGreaterThan(3)
  expect(got(await viewer.quotes(['ETH-USD']))).toHaveLength(1)
  viewer.close()
})

test('a post-only order that would cross is refused, and so are wrong ones', async () => {
  const { ask } = await mid()
  expect(await create(buy(freshId(), { price: at(ask, '1.05') }))).toMatchObject({ kind: 'refused', reason: 'wouldCross' })
  expect(await create(buy(freshId(), { price: price('1000.001') }))).toMatchObject({ kind: 'refused', reason: 'badPrecision' })
  expect(await create(buy(freshId(), { price: at(ask, '0.9'), quantity: quantity('100000') }))).toMatchObject({ kind: 'refused', reason: 'insufficientFunds' })
  expect(await create(buy(freshId(), { instrument: 'XRP-USD', price: price('0.1'), quantity: quantity('100') }))).toMatchObject({ kind: 'refused', reason: 'instrumentUnavailable' })
  expect(await create(buy(freshId(), { price: price('0.01'), quantity: quantity('3500000') }))).toMatchObject({ kind: 'refused', reason: 'badSize' })
})

test('5xx with and without the order, a lost request, a 429: all unknown, one write each', async () => {
  const { bid } = await mid()
  const faults = [{ name: 'answer5xx', variant: 'created' }, { name: 'answer5xx' }, { name: 'loseNextRequest' }, { name: 'answer429' }]
  // A venue of its own: the 429 makes it pause.
  const own = coinbaseVenue(options)
  for (const fault of faults) {
    const request = buy(freshId(), { price: at(bid, '0.8') })
    await sandbox.fault({ ...fault, target: 'create', count: 1 })
    expect((await own.create({ request: approved(request), claimedAt: Date.now() })).kind).toBe('unknown')
    const { orders } = await sandbox.ledger(request.clientOrderId)
    expect(orders.map(({ writes }) => writes)).toEqual([1])
  }
  expect(await own.create({ request: approved(buy(freshId(), { price: at(bid, '0.8') })), claimedAt: Date.now() })).toMatchObject({ kind: 'accepted' })
  own.close()
})

test('market stream: quotes of every instrument, also of the alias, then a gap', async () => {
  const listener = new NotingListener()
  const stream = venue.marketFeed.open(['BTC-USDC', 'ETH-USD'], listener)
  await until(() => listener.has('subscribed'))
  expect(new Set(listener.quotes.map(({ instrument }) => instrument))).toEqual(new Set(['BTC-USDC', 'ETH-USD']))
  await sandbox.fault({ name: 'sequenceGap', target: 'market', count: 2 })
  await until(() => listener.has('gap'))
  stream.close()
})

test('market stream: a dropped socket is retryable, a wrong key is fatal', async () => {
  const listener = new NotingListener()
  venue.marketFeed.open(['ETH-USD'], listener)
  await until(() => listener.has('subscribed'))
  await sandbox.fault({ name: 'dropSockets', target: 'market' })
  await until(() => listener.has('retryable'))
  const stranger = coinbaseVenue({ ...options, key: optionsFor({}).key! })
  const refused = new NotingListener()
  stranger.accountFeed.open([], refused)
  await until(() => refused.has('fatal'))
  expect(await stranger.balances()).toMatchObject({ ok: false, failure: { kind: 'unauthorised' } })
  stranger.close()
})

test('no secret was logged (SE-07, SE-08)', () => {
  const secret = readKeyFile(readFileSync(sandbox.addresses.coinbase.keyFile, 'utf8')).secret.split('\n')[1] ?? 'none'
  expect(JSON.stringify(log.lines)).not.toContain(secret)
  expect(JSON.stringify(log.lines)).not.toContain('eyJ')
})
