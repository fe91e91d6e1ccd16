import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keysOf, limit, maker, market, signedParams, start, until, type ApiSocket, type Client, type Parsed } from './support.ts'

let client: Client
let close: () => Promise<void>
beforeAll(async () => {
  const { sandbox, client: own } = await start('--balance', 'USDT=100000', '--balance', 'BTC=1', '--weight-per-minute', '100000')
  client = own
  close = () => sandbox.close()
})
afterAll(() => close())

const ed25519 = () => keysOf(client.at.binance.keyFile).ed25519

async function following(): Promise<ApiSocket> {
  const api = await client.api()
  await api.follow()
  return api
}

/** The reports of one order, by what they say. */
function reports(api: ApiSocket, clientOrderId: unknown): Parsed[] {
  return api.events().filter((event) => event.e === 'executionReport' && (event.c === clientOrderId || event.C === clientOrderId))
}

describe('requests', () => {
  it('are answered by their id with a status, a result and the limits', async () => {
    const api = await client.api()
    const answer = await api.ask('time')
    expect([answer.status, typeof answer.result.serverTime]).toEqual([200, 'number'])
    expect(answer.rateLimits).toMatchObject([{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 100_000 }])
    expect(await api.ask('ping', { returnRateLimits: false })).toEqual({ id: expect.any(String), status: 200, result: {} })
    api.send({ id: null, method: 'ping' })
    expect(await api.seen((frame) => frame.id === null)).toMatchObject({ status: 200 })
    api.socket.close()
  })

  it('leave the limits out where the address says so, and cost a connection 2', async () => {
    const used = async (): Promise<number> => Number((await client.raw('GET', '/api/v3/ping')).headers.get('x-mbx-used-weight-1m'))
    const costs: number[] = []
    // A minute that turns between the two looks would say nothing: one of two has to be right.
    for (let look = 0; look < 2; look += 1) {
      const before = await used()
      const api = await client.api('/ws-api/v3?returnRateLimits=false')
      expect((await api.ask('ping')).rateLimits).toBeUndefined()
      costs.push((await used()) - before)
      api.socket.close()
    }
    expect(costs).toContain(4)
  })

  it('give the same answers as REST', async () => {
    const api = await client.api()
    for (const [name, path, params] of [
      ['depth', '/depth', { symbol: 'BTCUSDT', limit: 5 }],
      ['trades.recent', '/trades', { symbol: 'BTCUSDT', limit: 3 }],
      ['ticker.price', '/ticker/price', { symbol: 'BTCUSDT' }],
      ['ticker.book', '/ticker/bookTicker', { symbols: '["BTCUSDT"]' }],
    ] as const) {
      const query = Object.entries(params).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&')
      expect((await api.ask(name, params)).result).toEqual((await client.raw('GET', `/api/v3${path}?${query}`)).body)
    }
    expect((await api.signed('account.status')).result.balances).toEqual((await client.signed('GET', '/account')).body.balances)
    api.socket.close()
  })

  it('that are none, unknown or wrong are refused as such', async () => {
    const api = await client.api()
    api.send('nonsense')
    expect(await api.seen((frame) => frame.id === null)).toEqual({ id: null, status: 400, error: { code: -1130, msg: "Data sent for parameter 'request' is not valid." } })
    expect((await api.ask('order.dance')).error).toEqual({ code: -1020, msg: 'This operation is not supported.' })
    expect((await api.ask('depth')).error.code).toBe(-1102)
    const unsigned = await api.ask('account.status', { timestamp: Date.now() })
    expect([unsigned.status, unsigned.error.code]).toEqual([401, -2014])
    const { signature: _own, ...rest } = signedParams({}, ed25519())
    expect((await api.ask('account.status', { ...rest, signature: 'AAAA' })).error).toEqual({ code: -1022, msg: 'Signature for this request is not valid.' })
    api.socket.close()
  })

  it('place, query, replace, amend and cancel orders', async () => {
    const api = await client.api()
    const wish = maker('BUY', '0.01', '50000')
    const placed = await api.signed('order.place', wish)
    const { orderId } = placed.result
    expect(placed.rateLimits.map((row: Parsed) => row.rateLimitType)).toEqual(['ORDERS', 'ORDERS', 'REQUEST_WEIGHT'])
    expect((await api.signed('order.status', { symbol: 'BTCUSDT', orderId })).result).toMatchObject({ status: 'NEW', clientOrderId: wish['newClientOrderId'] })
    expect((await api.signed('openOrders.status')).result).toHaveLength(1)
    expect((await api.signed('order.amend.keepPriority', { symbol: 'BTCUSDT', orderId, newQty: '0.005' })).result.amendedOrder.qty).toBe('0.00500000')
    const replaced = await api.signed('order.cancelReplace', { ...maker('BUY', '0.01', '51000'), cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: orderId })
    expect(replaced.result.newOrderResult).toBe('SUCCESS')
    const partly = await api.signed('order.cancelReplace', { ...maker('BUY', '90', '51000'), cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: replaced.result.newOrderResponse.orderId })
    expect([partly.status, partly.error.code, partly.error.data.cancelResult]).toEqual([409, -2021, 'SUCCESS'])
    expect((await api.signed('openOrders.cancelAll', { symbol: 'BTCUSDT' })).error.code).toBe(-2011)
    expect((await api.signed('order.test', limit('BUY', '0.01', '50000'))).result).toEqual({})
    expect((await api.signed('allOrders', { symbol: 'BTCUSDT' })).result.map((row: Parsed) => row.status)).toEqual(['CANCELED', 'CANCELED'])
    api.socket.close()
  })

  it('beyond the weight are answered with the moment of retry in milliseconds since 1970', async () => {
    const api = await client.api()
    await client.fault({ name: 'answer429', target: 'reads' })
    const { status, error } = await api.ask('depth', { symbol: 'BTCUSDT' })
    expect([status, error.code, error.data.retryAfter - error.data.serverTime]).toEqual([429, -1003, 1000])
    api.socket.close()
  })
})

describe('sessions', () => {
  it('of an Ed25519 key need no signature afterwards, of an HMAC key do not exist', async () => {
    const api = await client.api()
    expect((await api.signed('session.logon')).error.code).toBe(-1020)
    const answer = await api.signed('session.logon', {}, ed25519())
    expect(answer.result).toMatchObject({ apiKey: ed25519().apiKey, userDataStream: false, returnRateLimits: true })
    expect((await api.ask('account.status', { timestamp: Date.now() })).status).toBe(200)
    expect((await api.ask('account.status')).error).toEqual({ code: -1102, msg: "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed." })
    expect((await api.ask('session.logout')).result.apiKey).toBeNull()
    expect((await api.ask('account.status', { timestamp: Date.now() })).status).toBe(401)
    expect((await api.ask('session.status')).result).toMatchObject({ apiKey: null, authorizedSince: null })
    api.socket.close()
  })

  it('follow the account once; a logout ends only what the logon began', async () => {
    const api = await client.api()
    expect((await api.ask('userDataStream.subscribe')).error).toEqual({ code: -1002, msg: 'You are not authorized to execute this request.' })
    await api.signed('session.logon', {}, ed25519())
    expect((await api.ask('userDataStream.subscribe')).result).toEqual({ subscriptionId: 0 })
    expect((await api.signed('userDataStream.subscribe.signature')).error).toEqual({ code: -2035, msg: 'User Data Stream subscription already active.' })
    expect((await api.ask('session.subscriptions')).result).toEqual([{ subscriptionId: 0 }])
    await api.ask('session.logout')
    expect(await api.seen((frame) => frame.event?.e === 'eventStreamTerminated')).toMatchObject({ subscriptionId: 0, event: { E: expect.any(Number) } })
    expect((await api.ask('userDataStream.unsubscribe')).error).toEqual({ code: -2036, msg: 'User Data Stream subscription not active.' })
    await api.signed('session.logon', {}, ed25519())
    expect((await api.signed('userDataStream.subscribe.signature')).result).toEqual({ subscriptionId: 1 })
    await api.ask('session.logout')
    expect((await api.ask('session.subscriptions')).result).toEqual([{ subscriptionId: 1 }])
    expect((await api.ask('userDataStream.unsubscribe', { subscriptionId: 7 })).error.code).toBe(-2036)
    expect((await api.ask('userDataStream.unsubscribe', { subscriptionId: 1 })).status).toBe(200)
    api.socket.close()
  })
})

describe('account events', () => {
  it('of a market order are NEW, its executions, its end and one balance, all before the answer', async () => {
    const api = await following()
    const wish = market('BUY', { quantity: '0.002' })
    const answer = await api.signed('order.place', wish)
    const own = reports(api, wish['newClientOrderId'])
    expect(own.map((event) => [event.x, event.X])).toEqual([['NEW', 'NEW'], ['TRADE', 'FILLED']])
    const [first, trade] = own
    expect([first.t, first.w, first.z, first.N]).toEqual([-1, false, '0.00000000', null])
    expect(trade).toMatchObject({ s: 'BTCUSDT', S: 'BUY', o: 'MARKET', f: 'GTC', q: '0.00200000', p: '0.00000000', l: '0.00200000', z: '0.00200000', n: '0.00000200', N: 'BTC', m: false, i: answer.result.orderId, t: answer.result.fills[0].tradeId, g: -1, C: '', r: 'NONE', V: 'EXPIRE_MAKER' })
    expect([trade.L, trade.Y, trade.Z]).toEqual([answer.result.fills[0].price, answer.result.cummulativeQuoteQty, answer.result.cummulativeQuoteQty])
    expect(trade.I).toBeGreaterThan(first.I)
    const position = api.events().find((event) => event.e === 'outboundAccountPosition')!
    const { balances } = (await client.signed('GET', '/account')).body
    expect(position.B.toSorted((one: Parsed, other: Parsed) => (one.a < other.a ? -1 : 1))).toEqual(['BTC', 'USDT'].map((asset) => balances.find((row: Parsed) => row.asset === asset)).map((row: Parsed) => ({ a: row.asset, f: row.free, l: row.locked })))
    expect(api.frames.findIndex((frame) => frame.event?.X === 'FILLED')).toBeLessThan(api.frames.indexOf(answer))
    api.socket.close()
  })

  it('of a cancel name the request in c and the order in C', async () => {
    const api = await following()
    const wish = maker('BUY', '0.001', '50000')
    const { orderId } = (await client.signed('POST', '/order', wish)).body
    await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId, newClientOrderId: 'the-cancel' })
    const event = (await api.seen((frame) => frame.event?.x === 'CANCELED')).event
    expect(event).toMatchObject({ c: 'the-cancel', C: wish['newClientOrderId'], i: orderId, X: 'CANCELED', w: false })
    expect(reports(api, wish['newClientOrderId'])[0]).toMatchObject({ x: 'NEW', w: true, c: wish['newClientOrderId'], C: '' })
    api.socket.close()
  })

  it('tell EXPIRED with its reason and REPLACED with the new quantity', async () => {
    const api = await following()
    await client.signed('POST', '/order', limit('BUY', '0.001', '50000', { timeInForce: 'IOC' }))
    expect((await api.seen((frame) => frame.event?.x === 'EXPIRED')).event).toMatchObject({ X: 'EXPIRED', eR: 'UNFILLED_IOC_QUANTITY_EXPIRED', z: '0.00000000' })
    const { orderId } = (await client.signed('POST', '/order', maker('BUY', '0.01', '50000'))).body
    await client.signed('PUT', '/order/amend/keepPriority', { symbol: 'BTCUSDT', orderId, newQty: '0.004', newClientOrderId: 'smaller' })
    expect((await api.seen((frame) => frame.event?.x === 'REPLACED')).event).toMatchObject({ c: 'smaller', q: '0.00400000', X: 'NEW', i: orderId })
    await client.signed('DELETE', '/openOrders', { symbol: 'BTCUSDT' })
    api.socket.close()
  })

  it('of a resting order that trades in parts add up to it', async () => {
    const api = await following()
    const wish = maker('SELL', '0.01', '62500')
    await client.signed('POST', '/order', wish)
    await client.fault({ name: 'partialFills', count: 1 })
    await client.control('POST', '/market', { holdMs: 0 })
    await client.control('POST', '/market', { product: 'BTC-USDT', price: '62600', overMs: 300 })
    await until(async () => reports(api, wish['newClientOrderId']), (seen) => seen.some((event) => event.X === 'FILLED'), 15_000)
    await client.control('POST', '/market', { holdMs: 3_600_000 })
    const trades = reports(api, wish['newClientOrderId']).filter((event) => event.x === 'TRADE')
    expect(trades.length).toBeGreaterThan(1)
    let sum = 0
    for (const trade of trades) {
      sum += Number(trade.l)
      expect([Number(trade.z).toFixed(8), trade.m, trade.N, trade.L]).toEqual([sum.toFixed(8), true, 'USDT', '62500.00000000'])
    }
    expect(sum).toBeCloseTo(0.01, 10)
    expect(trades.map((trade) => trade.X)).toEqual([...trades.slice(1).map(() => 'PARTIALLY_FILLED'), 'FILLED'])
    api.socket.close()
  })
})
