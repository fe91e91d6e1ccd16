/** The npm package binance on the sandbox's Binance dialect: nothing changed but the base URLs and the key. */
import { readFileSync } from 'node:fs'
import { MainClient, WebsocketAPIClient, WebsocketClient } from 'binance'
import type { BinanceAddresses } from '../../sandbox/binance/dialect.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBinanceSandbox, type SandboxProcess } from '../support/sandbox-process.ts'
import { eventually, hmacKeyOf } from './support.ts'

const symbol = 'BTCUSDT'
const quiet = { trace: () => undefined, info: () => undefined, error: () => undefined }
const limit = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.001 } as const

let sandbox: SandboxProcess<BinanceAddresses>
let api: MainClient
let signer: MainClient

/** The Ed25519 pair of the sandbox. */
const edKeyOf = (keyFile: string): { api_key: string; api_secret: string } => {
  const { apiKey, privateKey } = JSON.parse(readFileSync(keyFile, 'utf8')) as { apiKey: string; privateKey: string }
  return { api_key: apiKey, api_secret: privateKey }
}

beforeAll(async () => {
  sandbox = await startBinanceSandbox(['--seed', '12'])
  const { rest, keyFile } = sandbox.addresses.binance
  const { apiKey, secret } = hmacKeyOf(keyFile)
  api = new MainClient({ api_key: apiKey, api_secret: secret, baseUrl: rest })
  signer = new MainClient({ ...edKeyOf(keyFile), baseUrl: rest })
})
afterAll(() => sandbox.stop())

describe('binance reads', () => {
  test('getExchangeInfo', async () => {
    const { symbols } = await api.getExchangeInfo({ symbol })
    expect(symbols[0]).toMatchObject({ symbol, status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT' })
    expect(symbols[0]?.filters.map(({ filterType }) => filterType)).toEqual(expect.arrayContaining(['PRICE_FILTER', 'LOT_SIZE', 'NOTIONAL']))
  })
  test('getOrderBook, getSymbolOrderBookTicker, getSymbolPriceTicker, getAvgPrice, get24hrChangeStatistics', async () => {
    expect((await api.getOrderBook({ symbol, limit: 5 })).bids).toHaveLength(5)
    expect(await api.getSymbolOrderBookTicker({ symbol })).toMatchObject({ symbol })
    expect(await api.getSymbolPriceTicker({ symbol })).toMatchObject({ symbol })
    expect(Number((await api.getAvgPrice({ symbol })).price)).toBeGreaterThan(0)
    expect(await api.get24hrChangeStatistics({ symbol })).toMatchObject({ symbol })
  })
  test('getRecentTrades, getAggregateTrades, getKlines', async () => {
    expect((await eventually(() => api.getRecentTrades({ symbol }), (list) => list.length > 2)).length).toBeGreaterThan(2)
    expect((await api.getAggregateTrades({ symbol })).length).toBeGreaterThan(0)
    expect(await api.getKlines({ symbol, interval: '1m', limit: 5 })).toHaveLength(5)
  })
  test('getAccountInformation and getOrderRateLimit', async () => {
    expect((await api.getAccountInformation()).balances.find(({ asset }) => asset === 'USDT')).toMatchObject({ free: expect.stringMatching(/^100000/) })
    expect(await api.getOrderRateLimit()).toEqual(expect.arrayContaining([expect.objectContaining({ rateLimitType: 'ORDERS', interval: 'DAY' })]))
  })
})

describe('binance trades', () => {
  test('testNewOrder places nothing', async () => {
    expect(await api.testNewOrder({ ...limit, price: 50_000 })).toEqual({})
    expect(await api.getOpenOrders({ symbol })).toEqual([])
  })

  test('submitNewOrder, getOrder, getOpenOrders, cancelOrder, getAllOrders, with either kind of key', async () => {
    for (const client of [api, signer]) {
      const { orderId } = await client.submitNewOrder({ ...limit, price: 50_000, newOrderRespType: 'RESULT' })
      expect(await eventually(() => client.getOrder({ symbol, orderId }))).toMatchObject({ orderId, status: 'NEW' })
      expect((await client.getOpenOrders({ symbol })).map((order) => order.orderId)).toContain(orderId)
      expect(await client.cancelOrder({ symbol, orderId })).toMatchObject({ status: 'CANCELED' })
      await eventually(() => client.getAllOrders({ symbol }), (orders) => orders.some((order) => order.orderId === orderId && order.status === 'CANCELED'))
    }
  })

  test('replaceOrder and cancelAllSymbolOrders', async () => {
    const { orderId } = await api.submitNewOrder({ ...limit, price: 50_000 })
    const replaced = await api.replaceOrder({ ...limit, price: 49_500, cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: orderId })
    expect(replaced).toMatchObject({ cancelResult: 'SUCCESS', newOrderResult: 'SUCCESS' })
    expect(await api.cancelAllSymbolOrders({ symbol })).toHaveLength(1)
  })

  test('a market order by quote and getAccountTradeList: the commission is in the received coin', async () => {
    const { orderId } = await api.submitNewOrder({ symbol, side: 'BUY', type: 'MARKET', quoteOrderQty: 100 })
    const [trade] = await eventually(() => api.getAccountTradeList({ symbol, orderId }), (list) => list.length > 0)
    expect(trade).toMatchObject({ orderId, commissionAsset: 'BTC', isBuyer: true, isMaker: false })
  })

  test('a second order of an open client order id is refused with the venue’s words', async () => {
    const newClientOrderId = api.generateNewOrderId()
    await api.submitNewOrder({ ...limit, price: 48_000, newClientOrderId })
    await expect(api.submitNewOrder({ ...limit, price: 48_000, newClientOrderId })).rejects.toMatchObject({ code: -2010, message: 'Duplicate order sent.' })
  })
})

describe('binance watches', () => {
  test('trade, aggTrade, bookTicker, depth, kline, ticker and miniTicker streams', async () => {
    const sockets = new WebsocketClient({ wsUrl: sandbox.addresses.binance.stream, beautify: false }, quiet)
    const seen = new Set<string>()
    sockets.on('message', (message) => {
      const { e, stream } = message as { e?: string; stream?: string }
      seen.add(e ?? stream ?? '')
    })
    const topics = ['trade', 'aggTrade', 'bookTicker', 'depth@100ms', 'kline_1m', 'ticker', 'miniTicker']
    await sockets.subscribe(topics.map((topic) => `${symbol.toLowerCase()}@${topic}`), 'main')
    await eventually(async () => [...seen].toSorted(), (list) => list.length === topics.length, 15_000)
    sockets.closeAll(true)
  }, 20_000)

  test('the WebSocket API: order.place after a logon, and the user’s own events', async () => {
    const { wsApi, keyFile } = sandbox.addresses.binance
    const caller = new WebsocketAPIClient({ ...edKeyOf(keyFile), wsUrl: wsApi, beautify: false, attachEventListeners: false }, quiet)
    const told: string[] = []
    caller.getWSClient().on('message', (message) => {
      const { e, event } = message as { e?: string; event?: { e?: string } }
      told.push(event?.e ?? e ?? '')
    })
    await caller.subscribeUserDataStream('mainWSAPI')
    // Its types leave out the timestamp, which it does not add by itself after a logon and the venue demands.
    const wish = Object.assign({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.001', price: '47000' } as const, { timestamp: Date.now() })
    const placed = await caller.submitNewSpotOrder(wish)
    expect(placed).toMatchObject({ status: 200, result: { symbol } })
    await eventually(async () => told, (events) => events.includes('executionReport') && events.includes('outboundAccountPosition'))
    caller.getWSClient().closeAll(true)
  })
})
