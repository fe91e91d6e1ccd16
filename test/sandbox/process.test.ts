import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import { products } from '../../sandbox/exchange/products.ts'
import { openReplay } from '../../sandbox/market/replay-source.ts'
import { inspectReplay, replayOnce } from '../../sandbox/market/replay-file.ts'
import type { Addresses } from '../../sandbox/sandbox.ts'
import { clientOf, limit, order, until, type Client, type Parsed } from './support.ts'
import { scratch } from '../support/scratch.ts'

const MAIN = join(import.meta.dirname, '../../sandbox/main.ts')
const BTC = products.get('BTC-USD')!
const running = new Set<ChildProcess>()
afterEach(() => running.forEach((child) => child.kill('SIGTERM')))

function launch(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, '--exit-with-parent', '--private-rps', '0', '--public-rps', '0', ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  running.add(child)
  let errors = ''
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) =>
    child.on('close', (code) => {
      running.delete(child)
      resolve({ code, errors })
    }),
  )
  return { child, ended }
}

async function ready({ child, ended }: ReturnType<typeof launch>): Promise<{ addresses: Addresses; client: Client }> {
  const line = await Promise.race([new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)), ended.then(({ errors }) => Promise.reject(new Error(errors)))])
  const addresses = JSON.parse(line) as Addresses
  return { addresses, client: clientOf(addresses) }
}

async function freePort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const free = await Promise.all([0, 1, 2, 3].map((offset) => new Promise<boolean>((resolve) => {
    const probe = createServer().once('error', () => resolve(false)).listen(port + offset, '127.0.0.1', () => probe.close(() => resolve(true)))
  })))
  return free.every(Boolean) ? port : freePort()
}

describe('the process', () => {
  it('killed and started again on the same home and port goes on: URLs, key, balances, orders, ids, fills', async () => {
    const args = ['--home', scratch(), '--port', String(await freePort())]
    const first = launch(...args)
    const { addresses, client } = await ready(first)
    expect(statSync(addresses.coinbase.keyFile).mode & 0o777).toBe(0o600)
    const resting = order('BUY', limit('0.001', '50000'))
    const { order_id: id } = (await client.post('/orders', resting)).body.success_response
    await client.post('/orders', order('BUY', { market_market_ioc: { quote_size: '100' } }))
    await client.control('POST', '/faults', { name: 'loseNextRequest' })
    const lost = order('BUY', limit('0.001', '50000'))
    await expect(client.post('/orders', lost)).rejects.toThrow()
    const before = (await client.control('GET', '/ledger')).body
    first.child.kill('SIGKILL')
    await first.ended
    const second = launch(...args)
    const again = await ready(second)
    expect(again.addresses).toEqual(addresses)
    const after = (await again.client.control('GET', '/ledger')).body
    expect([after.orders, after.fills, after.balances]).toEqual([before.orders, before.fills, before.balances])
    expect(after.orders.find((row: Parsed) => row.clientOrderId === lost.client_order_id)).toMatchObject({ state: 'never-admitted', writes: 1 })
    expect((await again.client.post('/orders', resting)).body.success_response.order_id).toBe(id)
    await again.client.control('POST', '/market', { product: 'BTC-USD', price: '49000', overMs: 50 })
    await until(() => again.client.get(`/orders/historical/${id}`), ({ body }) => body.order?.status === 'FILLED')
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })

  it('ends when its standard input closes, and on SIGINT, with 0', async () => {
    const [first, second] = [launch(), launch()]
    await Promise.all([ready(first), ready(second)])
    first.child.stdin.end()
    second.child.kill('SIGINT')
    expect((await first.ended).code).toBe(0)
    expect((await second.ended).code).toBe(0)
  })

  it('ends with 2 for a wrong option and 69 for a port in use, with one sentence', async () => {
    expect(await launch('--speed', 'fast').ended).toMatchObject({ code: 2, errors: expect.stringMatching(/^sandbox: --speed .*\n$/) })
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()))
    const port = (taken.address() as { port: number }).port
    expect(await launch('--port', String(port)).ended).toMatchObject({ code: 69, errors: expect.stringMatching(/^sandbox: a port is in use .*\n$/) })
    taken.close()
  })

  it.each([
    ['missing.jsonl.gz', undefined, /cannot be read .*ENOENT/],
    ['empty.jsonl', '', /holds no market data/],
    ['text.csv', 'a,b\n1,2\n', /holds no market data/],
    ['notpacked.jsonl.gz', 'plain text', /cannot be read/],
    ['broken.jsonl', '1723161254087891268 {"stream":"btcusdt@bookTicker","data":{"b":"x","B":"1","a":"2","A":"1"}}\n', /line 1: "x" is not a price; remove or mend/],
  ])('ends with 66 and one sentence for the replay file %s', async (name, content, sentence) => {
    const path = join(scratch(), name)
    if (content !== undefined) writeFileSync(path, content)
    const { code, errors } = await launch('--replay', path).ended
    expect(code).toBe(66)
    expect(errors).toMatch(sentence)
    expect(errors.trim().split('\n')).toHaveLength(1)
  })
})

async function firstEvents(path: string, count: number): Promise<MarketEvent[]> {
  const { format } = await inspectReplay(path)
  const events: MarketEvent[] = []
  for await (const event of replayOnce(path, format, BTC)) if (events.push(event) === count) break
  return events
}

describe('recordings', () => {
  it('of its own can be played, from Parsed place', async () => {
    const path = join(scratch(), 'own.jsonl')
    const first = launch('--record', path, '--seed', '4')
    const { client } = await ready(first)
    await until(() => client.get('/products/BTC-USD/ticker?limit=100'), ({ body }) => body.trades.length > 40)
    first.child.kill('SIGTERM')
    await first.ended
    const events = await firstEvents(path, 100)
    expect(events).toHaveLength(100)
    expect(events[0]).toMatchObject({ kind: 'quote', atMs: 0, quote: { bid: 6_170_000 } })
    const second = launch('--replay', path, '--speed', '20')
    await ready(second)
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
  })

  it('begin again at their end with prices that join', async () => {
    const path = join(scratch(), 'short.jsonl')
    const line = (at: number, bid: string, ask: string) => JSON.stringify({ at, product: 'BTC-USD', bid, bidSize: '1', ask, askSize: '1' })
    writeFileSync(path, [JSON.stringify({ format: 'nightdesk-market', version: 1, products: ['BTC-USD'] }), line(1000, '100', '100.01'), line(2000, '103', '103.01'), ''].join('\n'))
    const { format } = await inspectReplay(path)
    const source = await openReplay(() => replayOnce(path, format, BTC), (cause) => {
      throw cause
    })
    const seen = [1, 2, 3, 4, 5, 6].map(() => source.next()).map((event) => [event?.atMs, event?.kind === 'quote' && event.quote.bid])
    expect(seen).toEqual([[0, 10_000], [1000, 10_300], [1010, 10_300], [2010, 10_600], [2020, 10_600], [3020, 10_900]])
    source.close()
  })

  const data = process.env['NIGHTDESK_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
  const present = existsSync(data)
  if (!present) process.stderr.write(`recorded data tests skipped: no folder ${data} (set NIGHTDESK_DATA)\n`)

  it.skipIf(!present)('of a Binance stream give its quotes and trades in time order', async () => {
    const events = await firstEvents(join(data, 'ws/binance-spot-btcusdt_20240808.jsonl.gz'), 5000)
    expect(events).toHaveLength(5000)
    expect(events.every((event, index) => event.atMs >= (events[index - 1]?.atMs ?? 0))).toBe(true)
    expect(events.find((event) => event.kind === 'quote')).toMatchObject({ quote: { bid: 6_183_763, ask: 6_183_764 } })
    expect(events.find((event) => event.kind === 'trade')).toMatchObject({ trade: { price: 6_183_763, quantity: 20_000_000_000_000_000n, makerSide: 'BUY' } })
  })

  it.skipIf(!present)('of candles run from the first open, oldest first', async () => {
    const [minute] = await firstEvents(join(data, 'candles/binance-btcusdt-1m-2024-12.csv.gz'), 1)
    expect(minute).toMatchObject({ kind: 'quote', atMs: 0, quote: { bid: 9_646_611 } })
    const path = join(data, 'candles/coinbase-btcusd-1h-2017-07_2019-10.csv.gz')
    const hours = await firstEvents(path, 60)
    expect(hours.at(-1)!.atMs).toBeGreaterThan(3_600_000)
    expect(hours[0]).toMatchObject({ kind: 'quote', quote: { bid: 250_556 } })
  })

  it('and the synthetic market of one seed are the same in every process', async () => {
    const paths = [join(scratch(), 'a.jsonl'), join(scratch(), 'b.jsonl')]
    for (const path of paths) {
      const run = launch('--record', path, '--seed', '11', '--speed', '20')
      await ready(run)
      await new Promise((resolve) => setTimeout(resolve, 200))
      run.child.kill('SIGTERM')
      await run.ended
    }
    const [one = [], other = []] = paths.map((path) => readFileSync(path, 'utf8').trim().split('\n').slice(1).map((line) => JSON.parse(line) as Record<string, unknown>).filter((row) => row['product'] === 'BTC-USD').slice(0, 200).map(({ at: _when, ...rest }) => rest))
    expect(one).toHaveLength(200)
    expect(one).toEqual(other)
  })
})
