/**
 * ccxt on the sandbox's Binance dialect: nothing changed but the base URLs and the key (and its spot-only options). Its
 * sockets are plain here, which ccxt wants to be told once (`loadHttpProxyAgent`).
 */
import * as ccxt from 'ccxt'
import type { BinanceAddresses } from '../../sandbox/binance/dialect.ts'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { binanceVenue, loadKey } from '../../src/adapters/binance/index.ts'
import { MemoryLog, realClock } from '../support/venue-hosts.ts'
import { startBinanceSandbox, type SandboxProcess } from '../support/sandbox-process.ts'
import { eventually, hmacKeyOf, sleep } from './support.ts'

const symbol = 'BTC/USDT'

let sandbox: SandboxProcess<BinanceAddresses>
let exchange: ccxt.binance
let watcher: InstanceType<typeof ccxt.pro.binance>

beforeAll(async () => {
  sandbox = await startBinanceSandbox(['--seed', '11'])
  const { rest, stream, wsApi, keyFile } = sandbox.addresses.binance
  const api = { public: `${rest}/api/v3`, private: `${rest}/api/v3`, ws: { spot: `${stream}/ws`, 'ws-api': { spot: `${wsApi}/ws-api/v3` } } }
  const options = { ...hmacKeyOf(keyFile), urls: { api }, options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false } }
  exchange = new ccxt.binance(options)
  watcher = new ccxt.pro.binance(options)
  for (const one of [exchange, watcher]) one.has['fetchCurrencies'] = false
  await watcher.loadHttpProxyAgent()
})
afterAll(async () => {
  await watcher.close()
  await exchange.close()
  await sandbox.stop()
})

const place = async (...order: Parameters<ccxt.binance['createOrder']>): Promise<string> => {
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
    expect(markets[symbol]).toMatchObject({ id: 'BTCUSDT', base: 'BTC', quote: 'USDT', spot: true, active: true, precision: { amount: 1e-5, price: 0.01 } })
  })
  test('fetchTicker and fetchTickers', async () => {
    expect((await exchange.fetchTicker(symbol)).last).toBeGreaterThan(0)
    expect(Object.keys(await exchange.fetchTickers([symbol, 'ETH/USDT'])).sort()).toEqual([symbol, 'ETH/USDT'])
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
  test('fetchBalance', async () => {
    expect(await exchange.fetchBalance()).toMatchObject({ USDT: { total: 100_000 } })
  })
})

describe('ccxt trades', () => {
  test('createOrder limit, fetchOrder, fetchOpenOrders, cancelOrder, fetchCanceledOrders', async () => {
    const id = await restingBuy()
    expect(await eventually(() => exchange.fetchOrder(id, symbol))).toMatchObject({ id, status: 'open', price: 50_000, amount: 0.001, filled: 0, side: 'buy' })
    expect((await exchange.fetchOpenOrders(symbol)).map((order) => order.id)).toContain(id)
    await exchange.cancelOrder(id, symbol)
    expect(await eventually(() => exchange.fetchOrder(id, symbol), ({ status }) => status === 'canceled')).toMatchObject({ filled: 0 })
    expect((await exchange.fetchCanceledOrders(symbol)).map((order) => order.id)).toContain(id)
  })

  test('createOrder market, fetchMyTrades, fetchClosedOrders, fetchOrders: the fee is in the coin that was bought', async () => {
    const id = await place(symbol, 'market', 'buy', 0.001)
    const done = await eventually(() => exchange.fetchOrder(id, symbol), ({ status }) => status === 'closed')
    const trades = await eventually(() => exchange.fetchMyTrades(symbol), (list) => list.some(({ order }) => order === id))
    const own = trades.filter(({ order }) => order === id)
    expect(own.reduce((sum, { amount }) => sum + (amount ?? 0), 0)).toBeCloseTo(done.filled ?? 0, 8)
    expect(own[0]?.fee).toMatchObject({ currency: 'BTC' })
    expect((await exchange.fetchClosedOrders(symbol)).map((order) => order.id)).toContain(id)
    expect((await exchange.fetchOrders(symbol)).map((order) => order.id)).toContain(id)
  })

  test('editOrder is a cancel and a new order', async () => {
    const id = await restingBuy(50_001)
    const edited = await exchange.editOrder(id, symbol, 'limit', 'buy', 0.001, 49_000)
    expect(edited.id).not.toBe(id)
    await eventually(() => exchange.fetchOpenOrders(symbol), (open) => open.some((order) => order.id === edited.id))
  })

  test('cancelAllOrders', async () => {
    await restingBuy(50_002)
    await exchange.cancelAllOrders(symbol)
    expect(await exchange.fetchOpenOrders(symbol)).toEqual([])
  })

  test('a refused order is an exception with the venue’s reason', async () => {
    await expect(exchange.createOrder(symbol, 'limit', 'buy', 10, 50_000)).rejects.toThrow(/insufficient balance/)
  })
})

describe('ccxt watches', () => {
  test('watchTicker and watchBidsAsks', async () => {
    expect((await watcher.watchTicker(symbol)).last).toBeGreaterThan(0)
    expect((await watcher.watchBidsAsks([symbol]))[symbol]?.bid).toBeGreaterThan(0)
  })
  test('watchOrderBook', async () => {
    const { bids, asks } = await watcher.watchOrderBook(symbol)
    expect(asks[0]?.[0]).toBeGreaterThan(bids[0]?.[0] ?? Infinity)
  })
  test('watchTrades and watchOHLCV', async () => {
    expect((await watcher.watchTrades(symbol)).length).toBeGreaterThan(0)
    expect((await watcher.watchOHLCV(symbol, '1m')).length).toBeGreaterThan(0)
  })
  test('watchOrders, watchMyTrades and watchBalance', async () => {
    const heard = { over: false }
    const told = Promise.all([watcher.watchOrders(symbol), watcher.watchMyTrades(symbol), watcher.watchBalance()]).finally(() => { heard.over = true })
    const placed: string[] = []
    // The subscription is a round trip; what happens before it is not told.
    while (!heard.over && placed.length < 20) {
      placed.push(await place(symbol, 'market', 'buy', 0.001))
      await sleep(500)
    }
    const [orders, trades, balance] = await told
    expect(placed).toContain(orders.at(-1)?.id)
    expect(placed).toContain(trades.at(-1)?.order)
    expect(balance['BTC']?.total).toBeGreaterThan(0)
  })
})

test('what ccxt and our adapter say of the same orders agrees', async () => {
  const { rest, stream, wsApi } = sandbox.addresses.binance
  const ours = binanceVenue({ restUrl: rest, streamsUrl: stream, wsApiUrl: wsApi, instruments: ['BTC-USDT'], key: loadKey(hmacKeyOf(sandbox.addresses.binance.keyFile)), clock: realClock, random: { fraction: () => 0.5, below: () => 0 }, log: new MemoryLog() })
  onTestFinished(() => ours.close())
  const [resting, done, ended] = [await restingBuy(47_000), await place(symbol, 'market', 'buy', 0.002), await restingBuy(46_000)]
  await exchange.cancelOrder(ended, symbol)
  const statuses = { open: 'open', closed: 'filled', canceled: 'cancelled' } as Record<string, string>
  for (const [id, status] of [[resting, 'open'], [done, 'closed'], [ended, 'canceled']] as const) {
    const theirs = await eventually(() => exchange.fetchOrder(id, symbol), (order) => order.status === status)
    const answer = await ours.order(`BTC-USDT:${id}`)
    const own = answer.ok ? answer.value : undefined
    expect({ status: own?.status, executed: Number(own?.executed), side: own?.side, clientOrderId: own?.clientOrderId }).toEqual({ status: statuses[status], executed: theirs.filled, side: theirs.side, clientOrderId: theirs.clientOrderId })
  }
  const theirFills = (await eventually(() => exchange.fetchMyTrades(symbol), (list) => list.some(({ order }) => order === done))).filter(({ order }) => order === done)
  const fills = await ours.fillsOf(`BTC-USDT:${done}`)
  const line = (tradeId: string, price: number, amount: number, fee: number, asset: string): string => [tradeId, price, amount, fee, asset].join(' ')
  expect(fills.ok && fills.value.map((fill) => line(fill.tradeId.replace('BTC-USDT:', ''), Number(fill.price), Number(fill.quantity), Number(fill.fee), fill.feeAsset)).toSorted()).toEqual(
    theirFills.map(({ id, price, amount, fee }) => line(id ?? '', price ?? 0, amount ?? 0, fee?.cost ?? 0, String(fee?.currency))).toSorted(),
  )
  const balances = await ours.balances()
  const theirBalance = await exchange.fetchBalance()
  for (const asset of ['BTC', 'USDT']) {
    const own = balances.ok ? balances.value.find((one) => one.asset === asset) : undefined
    expect([asset, Number(own?.free), Number(own?.held)]).toEqual([asset, theirBalance[asset]?.free, theirBalance[asset]?.used])
  }
})
