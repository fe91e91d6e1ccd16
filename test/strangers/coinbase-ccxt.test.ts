/**
 * ccxt on the sandbox's Coinbase dialect: nothing changed but the base URL and the key. Its sockets are plain here, which
 * ccxt wants to be told once (`loadHttpProxyAgent`).
 */
import * as ccxt from 'ccxt'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { coinbaseVenue, loadKey, type CoinbaseVenue } from '../../src/adapters/coinbase/index.ts'
import { start, type Client } from '../sandbox/support.ts'
import { MemoryLog, realClock } from '../coinbase/support.ts'
import { eventually, keyOf, sleep } from './support.ts'

const symbol = 'BTC/USD'

let client: Client
let close: () => Promise<void>
let exchange: ccxt.coinbase
let watcher: InstanceType<typeof ccxt.pro.coinbase>
let ours: CoinbaseVenue

beforeAll(async () => {
  const { sandbox, client: own } = await start('--seed', '11')
  client = own
  const { rest, market, user, keyFile } = own.at.coinbase
  const { name, privateKey } = keyOf(keyFile)
  exchange = new ccxt.coinbase({ apiKey: name, secret: privateKey, urls: { api: { rest } } })
  watcher = new ccxt.pro.coinbase({ apiKey: name, secret: privateKey, urls: { api: { rest, ws: market } } })
  await watcher.loadHttpProxyAgent()
  ours = coinbaseVenue({ restUrl: rest, marketUrl: market, userUrl: user, key: loadKey({ name, secret: privateKey }), clock: realClock, random: { fraction: () => 0.5, below: () => 0 }, log: new MemoryLog() })
  close = async () => {
    ours.close()
    await watcher.close()
    await exchange.close()
    await sandbox.close()
  }
})
afterAll(() => close())

const place = async (...order: Parameters<ccxt.coinbase['createOrder']>): Promise<string> => {
  const { id } = await exchange.createOrder(...order)
  if (id === undefined) throw new Error('an order without an id')
  return id
}
const restingBuy = (price = 50_000): Promise<string> => place(symbol, 'limit', 'buy', 0.001, price, { postOnly: true })

describe('ccxt reads', () => {
  test('fetchTime', async () => {
    expect(Math.abs((await exchange.fetchTime() ?? 0) - Date.now())).toBeLessThan(2_000)
  })
  test('loadMarkets', async () => {
    const markets = await exchange.loadMarkets()
    expect(markets[symbol]).toMatchObject({ base: 'BTC', quote: 'USD', spot: true, active: true, precision: { amount: 1e-8, price: 0.01 } })
  })
  test('fetchTicker and fetchTickers', async () => {
    expect((await exchange.fetchTicker(symbol)).last).toBeGreaterThan(0)
    expect(Object.keys(await exchange.fetchTickers([symbol, 'ETH/USD'])).sort()).toEqual([symbol, 'ETH/USD'])
  })
  test('fetchBidsAsks', async () => {
    const { [symbol]: top } = await exchange.fetchBidsAsks([symbol])
    expect(top?.ask).toBeGreaterThan(top?.bid ?? Infinity)
  })
  test('fetchOrderBook', async () => {
    const { bids, asks } = await exchange.fetchOrderBook(symbol, 5)
    expect(bids).toHaveLength(5)
    expect(asks[0]?.[0]).toBeGreaterThan(bids[0]?.[0] ?? Infinity)
  })
  test('fetchTrades', async () => {
    const trades = await eventually(() => exchange.fetchTrades(symbol, undefined, 10), (list) => list.length === 10)
    expect(trades.every(({ price, amount }) => (price ?? 0) > 0 && (amount ?? 0) > 0)).toBe(true)
  })
  test('fetchOHLCV', async () => {
    const candles = await exchange.fetchOHLCV(symbol, '1m', undefined, 10)
    expect(candles).toHaveLength(10)
    for (const [, open = 0, high = 0, low = 0, last = 0] of candles) expect(high >= Math.max(open, last) && low <= Math.min(open, last)).toBe(true)
  })
  test('fetchBalance and fetchAccounts', async () => {
    expect(await exchange.fetchBalance({ v3: true })).toMatchObject({ USD: { total: 100_000 } })
    expect((await exchange.fetchAccounts()).map(({ code }) => code)).toContain('USD')
  })
  test('fetchTradingFees', async () => {
    expect(await exchange.fetchTradingFees()).toMatchObject({ [symbol]: { maker: 0, taker: 0.0005 } })
  })
})

describe('ccxt trades', () => {
  test('createOrder limit, fetchOrder, fetchOpenOrders, cancelOrder, fetchCanceledOrders', async () => {
    const id = await restingBuy()
    expect(await eventually(() => exchange.fetchOrder(id))).toMatchObject({ id, status: 'open', price: 50_000, amount: 0.001, filled: 0, side: 'buy', type: 'limit' })
    expect((await exchange.fetchOpenOrders(symbol)).map((order) => order.id)).toContain(id)
    await exchange.cancelOrder(id)
    expect(await eventually(() => exchange.fetchOrder(id), ({ status }) => status === 'canceled')).toMatchObject({ filled: 0 })
    expect((await exchange.fetchCanceledOrders(symbol)).map((order) => order.id)).toContain(id)
  })

  test('createOrder market, fetchMyTrades, fetchClosedOrders, fetchOrders', async () => {
    const id = await place(symbol, 'market', 'buy', 0.001, 60_000)
    const done = await eventually(() => exchange.fetchOrder(id), ({ status }) => status === 'closed')
    const trades = await eventually(() => exchange.fetchMyTrades(symbol), (list) => list.some(({ order }) => order === id))
    const own = trades.filter(({ order }) => order === id)
    expect(own.reduce((sum, { amount }) => sum + (amount ?? 0), 0)).toBeCloseTo(done.filled ?? 0, 8)
    expect((await exchange.fetchClosedOrders(symbol)).map((order) => order.id)).toContain(id)
    expect((await exchange.fetchOrders(symbol)).map((order) => order.id)).toContain(id)
  })

  test('editOrder keeps the order', async () => {
    const id = await restingBuy(50_003)
    await eventually(() => exchange.fetchOrder(id))
    await exchange.editOrder(id, symbol, 'limit', 'buy', 0.001, 49_003)
    await eventually(() => exchange.fetchOrder(id), ({ price }) => price === 49_003)
  })

  test('cancelOrders', async () => {
    const ids = [await restingBuy(50_001), await restingBuy(50_002)]
    await exchange.cancelOrders(ids, symbol)
    await eventually(() => exchange.fetchOpenOrders(symbol), (open) => !open.some(({ id }) => id !== undefined && ids.includes(id)))
  })

  test('a refused order is an exception with the venue’s reason', async () => {
    await expect(exchange.createOrder(symbol, 'limit', 'buy', 1_000, 50_000)).rejects.toThrow(/INSUFFICIENT_FUND/)
  })
})

describe('ccxt watches', () => {
  test('watchTicker', async () => {
    expect((await watcher.watchTicker(symbol)).bid).toBeGreaterThan(0)
  })
  test('watchOrderBook', async () => {
    const { bids, asks } = await watcher.watchOrderBook(symbol)
    expect(asks[0]?.[0]).toBeGreaterThan(bids[0]?.[0] ?? Infinity)
  })
  test('watchTrades', async () => {
    expect((await watcher.watchTrades(symbol)).length).toBeGreaterThan(0)
  })
  test('watchOrders', async () => {
    const heard = { over: false }
    const placed: string[] = []
    const own = (orders: readonly ccxt.Order[]): boolean => orders.some(({ id }) => id !== undefined && placed.includes(id))
    const told = eventually(() => watcher.watchOrders(symbol), own, 20_000).finally(() => { heard.over = true })
    // The subscription is a round trip; what happens before it is not told.
    while (!heard.over && placed.length < 20) {
      placed.push(await restingBuy(48_100 + placed.length))
      await sleep(500)
    }
    expect((await told).at(-1)).toMatchObject({ symbol, side: 'buy', status: 'open' })
  })
})

test('what ccxt and our adapter say of the same orders agrees', async () => {
  const resting = await restingBuy(47_000)
  const done = await place(symbol, 'market', 'buy', 0.002, 60_000)
  const ended = await restingBuy(46_000)
  await exchange.cancelOrder(ended)
  const statuses = { open: 'open', closed: 'filled', canceled: 'cancelled' } as Record<string, string>
  for (const [id, status] of [[resting, 'open'], [done, 'closed'], [ended, 'canceled']] as const) {
    const theirs = await eventually(() => exchange.fetchOrder(id), (order) => order.status === status)
    const answer = await ours.order(id)
    const own = answer.ok ? answer.value : undefined
    expect({ status: own?.status, executed: Number(own?.executed), side: own?.side, clientOrderId: own?.clientOrderId }).toEqual({ status: statuses[status], executed: theirs.filled, side: theirs.side, clientOrderId: theirs.clientOrderId })
  }
  const theirFills = await eventually(() => exchange.fetchMyTrades(symbol), (list) => list.some(({ order }) => order === done))
  const fills = await ours.fillsOf(done)
  expect(fills.ok && fills.value.map(({ tradeId, price }) => ({ tradeId, price: Number(price) })).toSorted((a, b) => (a.tradeId < b.tradeId ? -1 : 1))).toEqual(
    theirFills.filter(({ order }) => order === done).map(({ info, price }) => ({ tradeId: (info as { entry_id: string }).entry_id, price })).toSorted((a, b) => (a.tradeId < b.tradeId ? -1 : 1)),
  )
  expect((await client.control('GET', '/ledger')).body.orders.filter(({ writes }: { writes: number }) => writes > 1)).toEqual([])
})
