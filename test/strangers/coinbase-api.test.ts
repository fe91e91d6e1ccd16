/** The npm package coinbase-api on the sandbox's Coinbase dialect: nothing changed but the base URLs and the key. */
import { CBAdvancedTradeClient, WebsocketClient } from 'coinbase-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { start, type Client } from '../sandbox/support.ts'
import { eventually, keyOf, sleep } from './support.ts'

const product_id = 'BTC-USD'
const quiet = { trace: () => undefined, info: () => undefined, error: () => undefined }

let client: Client
let close: () => Promise<void>
let api: CBAdvancedTradeClient

beforeAll(async () => {
  const { sandbox, client: own } = await start('--seed', '12')
  client = own
  api = new CBAdvancedTradeClient({ cdpApiKey: keyOf(own.at.coinbase.keyFile), baseUrl: own.at.coinbase.rest })
  close = () => sandbox.close()
})
afterAll(() => close())

const restingBuy = async (limit_price: string): Promise<string> => {
  const answer = await api.submitOrder({ client_order_id: api.generateNewOrderId(), product_id, side: 'BUY', order_configuration: { limit_limit_gtc: { base_size: '0.001', limit_price, post_only: true } } })
  if (answer.success_response === undefined) throw new Error(JSON.stringify(answer))
  return answer.success_response.order_id
}

describe('coinbase-api reads', () => {
  test('getServerTime', async () => {
    expect(Math.abs(Number((await api.getServerTime()).epochMillis) - Date.now())).toBeLessThan(2_000)
  })
  test('getApiKeyPermissions', async () => {
    expect(await api.getApiKeyPermissions()).toMatchObject({ can_view: true, can_trade: true, can_transfer: false })
  })
  test('getAccounts and getAccount', async () => {
    const { accounts } = await api.getAccounts()
    const [dollars] = accounts.filter(({ currency }) => currency === 'USD')
    expect(await api.getAccount({ account_id: dollars?.uuid ?? '' })).toMatchObject({ account: { currency: 'USD', available_balance: { value: '100000' } } })
  })
  test('getProducts, getProduct and their public twins', async () => {
    expect((await api.getProducts()).products.map((one) => one.product_id)).toContain(product_id)
    expect(await api.getProduct({ product_id })).toMatchObject({ product_id, base_increment: '0.00000001', price_increment: '0.01' })
    expect((await api.getPublicProducts()).products.map((one) => one.product_id)).toContain(product_id)
    expect(await api.getPublicProduct({ product_id })).toMatchObject({ product_id })
  })
  test('getBestBidAsk, getProductBook and its public twin', async () => {
    expect((await api.getBestBidAsk({ product_ids: [product_id] })).pricebooks[0]?.product_id).toBe(product_id)
    expect((await api.getProductBook({ product_id, limit: 3 })).pricebook.bids).toHaveLength(3)
    expect((await api.getPublicProductBook({ product_id, limit: 2 })).pricebook.asks).toHaveLength(2)
  })
  test('getProductCandles, getMarketTrades and their public twins', async () => {
    // In the middle of a minute: at its edge there is one candle more.
    const now = Math.floor(Date.now() / 60_000) * 60 + 30
    const span = { product_id, start: String(now - 600), end: String(now), granularity: 'ONE_MINUTE' } as const
    expect((await api.getProductCandles(span)).candles).toHaveLength(10)
    expect((await api.getPublicProductCandles(span)).candles).toHaveLength(10)
    const traded = await eventually(() => api.getMarketTrades({ product_id, limit: 5 }), ({ trades }) => trades.length === 5)
    expect(Number(traded.best_ask)).toBeGreaterThan(Number(traded.best_bid))
    expect((await api.getPublicMarketTrades({ product_id, limit: 5 })).trades).toHaveLength(5)
  })
  test('getTransactionSummary', async () => {
    expect(await api.getTransactionSummary()).toMatchObject({ fee_tier: { maker_fee_rate: '0', taker_fee_rate: '0.0005' } })
  })
})

describe('coinbase-api trades', () => {
  test('submitOrder, getOrder, getOrders, cancelOrders', async () => {
    const order_id = await restingBuy('50000')
    expect(await eventually(() => api.getOrder({ order_id }))).toMatchObject({ order: { order_id, status: 'OPEN', filled_size: '0' } })
    expect((await api.getOrders({ product_ids: [product_id], order_status: ['OPEN'] })).orders.map((order) => order.order_id)).toContain(order_id)
    expect(await api.cancelOrders({ order_ids: [order_id] })).toMatchObject({ results: [{ success: true, order_id }] })
    await eventually(() => api.getOrder({ order_id }), ({ order }) => order.status === 'CANCELLED')
  })

  test('updateOrderPreview and updateOrder', async () => {
    const order_id = await restingBuy('50000')
    const wish = { order_id, price: '49500', size: '0.002' }
    expect(await api.updateOrderPreview(wish)).toMatchObject({ errors: [], order_total: '99', base_size: '0.002' })
    expect(await api.updateOrder(wish)).toMatchObject({ success: true })
    await eventually(() => api.getOrder({ order_id }), ({ order }) => JSON.stringify(order.order_configuration).includes('49500'))
    expect(await api.updateOrder({ order_id: 'nobody', price: '1', size: '1' })).toMatchObject({ success: false, errors: [{ edit_failure_reason: 'ORDER_NOT_FOUND' }] })
  })

  test('previewOrder writes nothing', async () => {
    const written = async (): Promise<number> => (await client.control('GET', '/ledger')).body.orders.length
    const before = await written()
    const preview = await api.previewOrder({ product_id, side: 'BUY', order_configuration: { limit_limit_gtc: { base_size: '0.001', limit_price: '50000' } } })
    expect(preview).toMatchObject({ order_total: '50', errs: [] })
    expect(await written()).toBe(before)
  })

  test('a market order and getFills', async () => {
    const answer = await api.submitOrder({ client_order_id: api.generateNewOrderId(), product_id, side: 'BUY', order_configuration: { market_market_ioc: { quote_size: '100' } } })
    const order_id = answer.success_response?.order_id ?? ''
    const { fills } = await eventually(() => api.getFills({ order_ids: [order_id] }), (list) => list.fills.length > 0)
    expect(fills.reduce((sum, { size, commission }) => sum + Number(size) + Number(commission), 0)).toBeCloseTo(100, 6)
  })
})

describe('coinbase-api watches', () => {
  test('every market channel delivers on the market host', async () => {
    const { name, privateKey } = keyOf(client.at.coinbase.keyFile)
    const sockets = new WebsocketClient({ apiKey: name, apiSecret: privateKey, wsUrl: client.at.coinbase.market }, quiet)
    const seen = new Set<string>()
    sockets.on('update', (frame: { channel: string }) => void seen.add(frame.channel))
    const topics = ['heartbeats', 'ticker', 'ticker_batch', 'level2', 'market_trades', 'candles', 'status'] as const
    for (const topic of topics) sockets.subscribe({ topic, payload: { product_ids: [product_id] } }, 'advTradeMarketData')
    await eventually(async () => [...seen], (list) => list.length === topics.length, 15_000)
    expect([...seen].toSorted()).toEqual(['candles', 'heartbeats', 'l2_data', 'market_trades', 'status', 'ticker', 'ticker_batch'])
    sockets.closeAll(true)
  }, 20_000)

  test('the user channel tells of an order on the user host', async () => {
    const { name, privateKey } = keyOf(client.at.coinbase.keyFile)
    const sockets = new WebsocketClient({ apiKey: name, apiSecret: privateKey, wsUrl: client.at.coinbase.user }, quiet)
    const told: string[] = []
    sockets.on('update', (frame: { channel: string; events: { orders?: { order_id: string }[] }[] }) => {
      if (frame.channel === 'user') told.push(...frame.events.flatMap(({ orders = [] }) => orders.map(({ order_id }) => order_id)))
    })
    sockets.subscribe({ topic: 'user', payload: { product_ids: [product_id] } }, 'advTradeUserData')
    await sleep(500)
    const order_id = await restingBuy('49000')
    await eventually(async () => told, (ids) => ids.includes(order_id))
    sockets.closeAll(true)
  })
})
