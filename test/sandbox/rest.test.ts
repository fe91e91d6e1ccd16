import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { ask, limit, order, start, until, type Client, type Parsed } from './support.ts'

let sandbox: Sandbox
let client: Client
beforeAll(async () => ({ sandbox, client } = await start('--seed', '5', '--balance', 'USD=100000', '--balance', 'USDC=1000', '--balance', 'BTC=2')))
afterAll(() => sandbox.close())

const quote = async () => (await client.get('/best_bid_ask?product_ids=BTC-USD')).body.pricebooks[0]
const near = async (factor: number) => (Number((await quote()).bids[0].price) * factor).toFixed(2)
const read = (id: string) => until(() => client.get(`/orders/historical/${id}`), ({ status }) => status === 200)
const reasonOf = (body: Parsed) =>
  [body.error_response.new_order_failure_reason, body.error_response.error, body.error_response.preview_failure_reason].find((text: string) => text && !text.startsWith('UNKNOWN_'))

describe('public paths', () => {
  it('tell the time, products, book, trades and candles without a token', async () => {
    const open = (path: string) => ask(new URL(`${client.at.coinbase.rest}/api/v3/brokerage${path}`), {})
    expect((await open('/time')).body).toEqual({ iso: expect.stringMatching(/Z$/), epochSeconds: expect.stringMatching(/^\d+$/), epochMillis: expect.stringMatching(/^\d+$/) })
    const { products } = (await open('/market/products')).body
    const byId = Object.fromEntries(products.map((product: Parsed) => [product.product_id, product]))
    expect(byId['BTC-USD']).toMatchObject({ base_increment: '0.00000001', price_increment: '0.01', quote_min_size: '1', alias_to: ['BTC-USDC'], cancel_only: false })
    expect(byId['BTC-USDC'].alias).toBe('BTC-USD')
    expect([byId['LTC-USD'].limit_only, byId['XRP-USD'].cancel_only]).toEqual([true, true])
    const { pricebook } = (await open('/market/product_book?product_id=BTC-USD&limit=3')).body
    expect(pricebook.bids).toHaveLength(3)
    expect(Number(pricebook.bids[0].price)).toBeLessThan(Number(pricebook.asks[0].price))
    expect(Number(pricebook.bids[0].price)).toBeGreaterThan(Number(pricebook.bids[1].price))
    const now = Math.floor(Date.now() / 1000)
    const { candles } = (await open(`/market/products/BTC-USD/candles?start=${now - 600}&end=${now}&granularity=ONE_MINUTE`)).body
    expect(Number(candles[0].start)).toBeGreaterThan(Number(candles[1].start))
    expect((await open(`/market/products/BTC-USD/candles?start=${now - 60 * 400}&end=${now}&granularity=ONE_MINUTE`)).status).toBe(400)
    const trades = await until(() => open('/market/products/BTC-USD/ticker?limit=5'), ({ body }) => body.trades.length === 5)
    expect(Number(trades.body.trades[0].trade_id)).toBe(Number(trades.body.trades[4].trade_id) + 4)
    expect((await open('/market/products/BTC-USD/ticker')).status).toBe(400)
    expect((await open('/nowhere')).body).toEqual({ errors: [{ id: 'not_found', message: 'Not found' }] })
  })
})

describe('authentication', () => {
  it('refuses in plain text what a token does not cover', async () => {
    const url = new URL(`${client.at.coinbase.rest}/api/v3/brokerage/accounts?limit=1`)
    const uri = `GET ${url.host}${url.pathname}`
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const tries: [string | undefined, number][] = [
      [`Bearer ${client.token(uri)}`, 200],
      [`Bearer ${client.token(uri, { key: stranger })}`, 401],
      [`Bearer ${client.token(`${uri}?limit=1`)}`, 401],
      [`Basic ${client.token(uri)}`, 401],
      [undefined, 401],
    ]
    for (const [authorization, status] of tries) {
      const answer = await ask(url, authorization === undefined ? {} : { headers: { authorization } })
      expect(answer.status).toBe(status)
      if (status === 401) expect(answer.body).toBe('Unauthorized')
    }
  })
})

describe('the second key', () => {
  it('is an Ed25519 one and is accepted too', async () => {
    const file = JSON.parse(readFileSync(join(dirname(client.at.coinbase.keyFile), 'coinbase-key-ed25519.json'), 'utf8')) as { name: string; privateKey: string }
    const secret = Buffer.from(file.privateKey, 'base64')
    const key = createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d: secret.subarray(0, 32).toString('base64url'), x: secret.subarray(32).toString('base64url') } })
    const url = new URL(`${client.at.coinbase.rest}/api/v3/brokerage/key_permissions`)
    const now = Math.floor(Date.now() / 1000)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const signed = `${part({ alg: 'EdDSA', typ: 'JWT', kid: file.name, nonce: '1' })}.${part({ sub: file.name, iss: 'cdp', nbf: now, exp: now + 120, uri: `GET ${url.host}${url.pathname}` })}`
    const jwt = `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
    expect((await ask(url, { headers: { authorization: `Bearer ${jwt}` } })).status).toBe(200)
  })
})

describe('an order', () => {
  it('is created, held for, hidden for a moment, filled, and its fill and balances are listed', async () => {
    const wish = order('BUY', limit('0.001', await near(0.995)))
    const created = await client.post('/orders', wish)
    expect(created.body).toMatchObject({ success: true, success_response: { client_order_id: wish.client_order_id, product_id: 'BTC-USD', side: 'BUY' } })
    const id: string = created.body.success_response.order_id
    expect((await client.get(`/orders/historical/${id}`)).status).toBe(404)
    expect((await read(id)).body.order).toMatchObject({ status: 'OPEN', client_order_id: wish.client_order_id, time_in_force: 'GOOD_UNTIL_CANCELLED', filled_size: '0', number_of_fills: '0' })
    expect((await client.get('/orders/historical/batch?order_status=OPEN&product_ids=BTC-USD')).body.orders.map((row: Parsed) => row.order_id)).toContain(id)
    await client.control('POST', '/market', { product: 'BTC-USD', price: String(Number(wish.order_configuration.limit_limit_gtc.limit_price) * 0.999), overMs: 50 })
    const filled = await until(() => read(id), ({ body }) => body.order.status === 'FILLED')
    expect(filled.body.order).toMatchObject({ filled_size: '0.001', completion_percentage: '100', settled: true, outstanding_hold_amount: '0', total_fees: '0' })
    const { fills, ...rest } = (await until(() => client.get(`/orders/historical/fills?order_ids=${id}`), ({ body }) => body.fills.length > 0)).body
    expect(rest).toEqual({ cursor: '' })
    expect(fills[0]).toMatchObject({ order_id: id, liquidity_indicator: 'MAKER', price: filled.body.order.order_configuration.limit_limit_gtc.limit_price, side: 'BUY', size_in_quote: false, trade_type: 'FILL' })
    const { accounts } = (await client.get('/accounts')).body
    const btc = accounts.find((row: Parsed) => row.currency === 'BTC')
    expect(btc.available_balance.value).toBe('2.001')
    expect((await client.get(`/accounts/${btc.uuid}`)).body.account.currency).toBe('BTC')
  })

  it('is cancelled by request, which is only queued at first', async () => {
    const { order_id: id } = (await client.post('/orders', order('BUY', limit('0.001', await near(0.9))))).body.success_response
    const answer = await client.post('/orders/batch_cancel', { order_ids: [id, 'unknown'] })
    expect(answer.body.results).toEqual([
      { success: true, failure_reason: 'UNKNOWN_CANCEL_FAILURE_REASON', order_id: id },
      { success: false, failure_reason: 'UNKNOWN_CANCEL_ORDER', order_id: 'unknown' },
    ])
    const ended = await until(() => read(id), ({ body }) => body.order.status === 'CANCELLED')
    expect(ended.body.order).toMatchObject({ cancel_message: 'User requested cancel', outstanding_hold_amount: '0' })
    expect((await client.post('/orders/batch_cancel', { order_ids: Array.from({ length: 101 }, () => id) })).status).toBe(400)
  })

  it('with a known client order id is answered with the first one', async () => {
    const wish = order('BUY', limit('0.001', await near(0.9)))
    const first = (await client.post('/orders', wish)).body
    expect((await client.post('/orders', wish)).body.success_response).toEqual(first.success_response)
    const { orders } = (await client.control('GET', `/ledger?prefix=${wish.client_order_id}`)).body
    expect(orders).toMatchObject([{ clientOrderId: wish.client_order_id, writes: 2, state: 'OPEN' }])
  })

  it('on the alias trades the same book and settles in USDC', async () => {
    const { order_id: id } = (await client.post('/orders', order('BUY', { market_market_ioc: { quote_size: '100' } }, 'BTC-USDC'))).body.success_response
    expect((await read(id)).body.order).toMatchObject({ product_id: 'BTC-USDC', status: 'FILLED', size_in_quote: true, order_type: 'MARKET' })
    const { fills } = (await until(() => client.get(`/orders/historical/fills?order_ids=${id}`), ({ body }) => body.fills.length > 0)).body
    expect(Number(fills[0].size) + Number(fills[0].commission)).toBeCloseTo(100, 12)
    const usdc = (await client.get('/accounts')).body.accounts.find((row: Parsed) => row.currency === 'USDC')
    expect(usdc.available_balance.value).toBe('900')
  })

  it.each([
    ['INVALID_LIMIT_PRICE_POST_ONLY', (price: string) => order('BUY', limit('0.001', price)), 1.01],
    ['INVALID_PRICE_PRECISION', (price: string) => order('BUY', limit('0.001', `${price}5`)), 0.9],
    ['INVALID_SIZE_PRECISION', (price: string) => order('BUY', limit('0.000000001', price)), 0.9],
    ['INSUFFICIENT_FUND', (price: string) => order('BUY', limit('100', price)), 0.9],
    ['INSUFFICIENT_FUND', (price: string) => order('SELL', limit('5', price)), 1.1],
    ['INVALID_PRODUCT_ID', (price: string) => order('BUY', limit('1', price), 'NO-USD'), 1],
    ['ORDER_ENTRY_DISABLED', () => order('BUY', limit('10', '0.5'), 'XRP-USD'), 1],
    ['PREVIEW_NOT_ALLOWED_BY_MARKET_STATE', () => order('BUY', { market_market_ioc: { quote_size: '10' } }, 'LTC-USD'), 1],
    ['PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL', () => order('BUY', { market_market_ioc: { quote_size: '0.5' } }), 1],
    ['UNSUPPORTED_ORDER_CONFIGURATION', () => order('BUY', { market_market_fok: { quote_size: '10' } }), 1],
    ['UNSUPPORTED_ORDER_CONFIGURATION', () => order('SELL', { market_market_ioc: { quote_size: '10' } }), 1],
    ['INVALID_NO_LIQUIDITY', (price: string) => order('BUY', { limit_limit_fok: { base_size: '0.001', limit_price: price } }), 0.9],
  ])('is refused with 200 and %s', async (reason, wish, factor) => {
    const refused = await client.post('/orders', wish(await near(factor)))
    expect([refused.status, refused.body.success]).toEqual([200, false])
    expect(reasonOf(refused.body)).toBe(reason)
  })

  it('with too long a client order id or no configuration is a 400', async () => {
    expect((await client.post('/orders', { ...order('BUY', limit('1', '1')), client_order_id: 'x'.repeat(129) })).status).toBe(400)
    expect((await client.post('/orders', { client_order_id: 'y', product_id: 'BTC-USD', side: 'BUY' })).status).toBe(400)
    const { orders } = (await client.control('GET', '/ledger?prefix=y')).body
    expect(orders).toMatchObject([{ clientOrderId: 'y', state: 'REFUSED', writes: 1, venueOrderId: null }])
  })

  it('can be previewed', async () => {
    const good = await client.post('/orders/preview', { product_id: 'BTC-USD', side: 'BUY', order_configuration: limit('0.001', await near(0.9)) })
    expect(good.body.errs).toEqual([])
    const bad = await client.post('/orders/preview', { product_id: 'BTC-USD', side: 'BUY', order_configuration: limit('0.001', await near(1.01)) })
    expect(bad.body.errs).toEqual(['PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY'])
  })
})

describe('lists', () => {
  it('page by cursor, newest first, each row once', async () => {
    const seen: string[] = []
    let cursor = ''
    for (let page = 0; page < 50; page += 1) {
      const { body } = await client.get(`/orders/historical/batch?limit=2&cursor=${cursor}`)
      seen.push(...body.orders.map((row: Parsed) => row.order_id))
      expect(body.has_next).toBe(body.cursor !== '')
      cursor = body.cursor
      if (!body.has_next) break
    }
    const all = (await client.get('/orders/historical/batch')).body.orders
    expect(seen).toEqual(all.map((row: Parsed) => row.order_id))
    const times = all.map((row: Parsed) => row.created_time)
    expect(times).toEqual(times.toSorted().toReversed())
  })

  it('refuse OPEN with other statuses and ignore singular filters', async () => {
    expect((await client.get('/orders/historical/batch?order_status=OPEN&order_status=FILLED')).status).toBe(400)
    const plain = (await client.get('/orders/historical/batch')).body.orders.length
    expect((await client.get('/orders/historical/batch?product_id=NO-USD')).body.orders).toHaveLength(plain)
    expect((await client.get('/orders/historical/batch?product_ids=ETH-USD')).body.orders).toHaveLength(0)
  })

  it('tell fees and permissions', async () => {
    expect((await client.get('/transaction_summary?product_type=SPOT')).body.fee_tier).toMatchObject({ maker_fee_rate: '0', taker_fee_rate: '0.0005' })
    expect((await client.get('/key_permissions')).body).toMatchObject({ can_view: true, can_trade: true, can_transfer: false })
  })
})

describe('rate limits', () => {
  it('answer 429 beyond the burst, and requests pass again later', async () => {
    const limited = await start('--private-rps', '2')
    try {
      const statuses: number[] = []
      for (let count = 0; count < 6; count += 1) statuses.push((await limited.client.get('/key_permissions')).status)
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
      const over = await until(() => limited.client.get('/key_permissions'), ({ status }) => status === 429)
      expect(over.body.errors[0].id).toBe('rate_limit_exceeded')
      await until(() => limited.client.get('/key_permissions'), ({ status }) => status === 200)
    } finally {
      await limited.sandbox.close()
    }
  })
})
