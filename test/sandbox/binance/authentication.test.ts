import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hmacKey } from '../../../sandbox/binance/keys.ts'
import { checkTime, restPayload, socketPayload } from '../../../sandbox/binance/signature.ts'
import { encoded, keysOf, limit, signedParams, start, type Client } from './support.ts'

const SECRET = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j'
const REST = 'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559'
const SOCKET = {
  apiKey: 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A',
  symbol: 'BTCUSDT',
  side: 'SELL',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01000000',
  price: '52000.00',
  recvWindow: '100',
  timestamp: '1645423376532',
  signature: 'left out',
}

describe('signatures with known answers (binance-spot.md 3.2, 3.3)', () => {
  const key = hmacKey('k', SECRET)

  it.each([
    ['a query', restPayload(`${REST}&signature=x`, ''), 'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71'],
    ['a symbol outside ASCII, encoded', restPayload(REST.replace('LTCBTC', '%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96'), ''), 'e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3'],
    ['a query directly followed by a body', restPayload('symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC', 'quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559'), '0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77'],
    ['socket parameters by name', socketPayload(new Map(Object.entries(SOCKET))), 'aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24'],
  ])('%s', (_what, payload, signature) => {
    expect(key.holds(payload, signature)).toBe(true)
    expect(key.holds(payload, signature.toUpperCase())).toBe(true)
    expect(key.holds(`${payload} `, signature)).toBe(false)
    expect(key.holds(payload, signature.slice(2))).toBe(false)
  })
})

describe('the time window (binance-spot.md 3.4)', () => {
  const time = { timestamp: 10_000, recvWindow: 5000 }

  it('takes a request up to its window old and less than a second ahead', () => {
    expect(() => checkTime(time, 15_000)).not.toThrow()
    expect(() => checkTime(time, 15_001)).toThrow('Timestamp for this request is outside of the recvWindow.')
    expect(() => checkTime(time, 9001)).not.toThrow()
    expect(() => checkTime(time, 9000)).toThrow("Timestamp for this request was 1000ms ahead of the server's time.")
  })
})

describe('over HTTP and over the socket', () => {
  let client: Client
  let close: () => Promise<void>
  beforeAll(async () => {
    const { sandbox, client: own } = await start()
    client = own
    close = () => sandbox.close()
  })
  afterAll(() => close())
  const keys = () => keysOf(client.at.binance.keyFile)

  it('both pairs of keys open the account', async () => {
    const { ed25519, hmac } = keys()
    for (const key of [ed25519, hmac]) expect((await client.signed('GET', '/account', {}, key)).status).toBe(200)
    const api = await client.api()
    for (const key of [ed25519, hmac]) expect((await api.signed('account.status', {}, key)).status).toBe(200)
    api.socket.close()
  })

  it('takes parameters from query and body together, the query winning', async () => {
    const { hmac } = keys()
    const query = encoded({ symbol: 'BTCUSDT', side: 'BUY' })
    const body = encoded({ side: 'SELL', type: 'LIMIT_MAKER', quantity: '0.001', price: '50000', timestamp: Date.now() })
    const reply = await client.raw('POST', `/api/v3/order?${query}`, {
      headers: { 'X-MBX-APIKEY': hmac.apiKey, 'content-type': 'application/x-www-form-urlencoded' },
      body: `${body}&signature=${hmac.sign(query + body)}`,
    })
    expect(reply.status).toBe(200)
    expect((await client.signed('GET', '/order', { symbol: 'BTCUSDT', orderId: reply.body.orderId })).body.side).toBe('BUY')
  })

  it('refuses a signature of the text before it was encoded', async () => {
    const { hmac } = keys()
    const plain = `symbol=１２３&timestamp=${Date.now()}`
    const sent = `symbol=${encodeURIComponent('１２３')}&timestamp=${plain.split('=').at(-1)}`
    const reply = await client.raw('GET', `/api/v3/openOrders?${sent}&signature=${hmac.sign(plain)}`, { headers: { 'X-MBX-APIKEY': hmac.apiKey } })
    expect(reply.body).toEqual({ code: -1022, msg: 'Signature for this request is not valid.' })
    const right = await client.raw('GET', `/api/v3/openOrders?${sent}&signature=${hmac.sign(sent)}`, { headers: { 'X-MBX-APIKEY': hmac.apiKey } })
    expect(right.body).toEqual({ code: -1121, msg: 'Invalid symbol.' })
  })

  it('signs values outside ASCII as they are on the socket', async () => {
    const api = await client.api()
    expect((await api.signed('openOrders.status', { symbol: '１２３' })).error.code).toBe(-1121)
    api.socket.close()
  })

  it('answers -2014, -2015, -1102, -1022, -1131 and both -1021 for what is wrong', async () => {
    const { hmac } = keys()
    const query = `timestamp=${Date.now()}`
    const noKey = await client.raw('GET', `/api/v3/account?${query}&signature=${hmac.sign(query)}`)
    expect([noKey.status, noKey.body]).toEqual([401, { code: -2014, msg: 'API-key format invalid.' }])
    const other = await client.signed('GET', '/account', {}, { ...hmac, apiKey: 'a'.repeat(64) })
    expect([other.status, other.body]).toEqual([401, { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' }])
    const unsigned = await client.raw('GET', `/api/v3/account?${query}`, { headers: { 'X-MBX-APIKEY': hmac.apiKey } })
    expect(unsigned.body).toEqual({ code: -1102, msg: "Mandatory parameter 'signature' was not sent, was empty/null, or malformed." })
    const wrong = await client.signed('GET', '/account', {}, { ...hmac, sign: (text) => createHmac('sha256', 'another').update(text).digest('hex') })
    expect([wrong.status, wrong.body.code]).toEqual([400, -1022])
    expect((await client.signed('GET', '/account', { recvWindow: 60_001 })).body).toEqual({ code: -1131, msg: 'recvWindow must be less than 60000' })
    expect((await client.signed('GET', '/account', { timestamp: Date.now() - 6000 })).body).toEqual({ code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' })
    expect((await client.signed('GET', '/account', { timestamp: Date.now() + 2000 })).body).toEqual({ code: -1021, msg: "Timestamp for this request was 1000ms ahead of the server's time." })
    expect((await client.signed('GET', '/account', { timestamp: Date.now() - 6000, recvWindow: 7000.5 })).status).toBe(200)
    expect((await client.signed('GET', '/account', { timestamp: 'soon' })).body.code).toBe(-1102)
    expect((await client.signed('GET', '/account', { recvWindow: '-1' })).body.code).toBe(-1100)
  })

  it('looks at the window again right before the engine, and counts what it refuses there', async () => {
    const counted = async (): Promise<number> => (await client.signed('GET', '/rateLimit/order')).body[1].count
    const before = await counted()
    await client.fault({ name: 'delay', target: 'create', durationMs: 400 })
    const late = await client.signed('POST', '/order', limit('BUY', '0.001', '50000', { recvWindow: 200 }))
    expect([late.status, late.body]).toEqual([400, { code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' }])
    expect(await counted()).toBe(before + 1)
    await client.fault({ name: 'delay', target: 'create', durationMs: 400 })
    expect((await client.signed('POST', '/order', limit('BUY', '0.001', '50000'))).status).toBe(200)
  })

  it('answers the clock a skewed venue has', async () => {
    await client.fault({ name: 'clockSkew', skewMs: -60_000, durationMs: 60_000 })
    expect((await client.signed('GET', '/account')).body.msg).toMatch(/1000ms ahead/)
    const { serverTime } = (await client.raw('GET', '/api/v3/time')).body
    expect((await client.signed('GET', '/account', { timestamp: serverTime })).status).toBe(200)
    await client.control('DELETE', '/faults')
  })

  it('counts a time in microseconds as the same moment', async () => {
    expect((await client.signed('GET', '/account', { timestamp: Date.now() * 1000 })).status).toBe(200)
  })

  it('keeps the keys in files of the owner alone, one pair of each kind', () => {
    const { ed25519, hmac } = keys()
    expect(signedParams({}, ed25519)['signature']).toMatch(/^[A-Za-z0-9+/]{86}==$/)
    expect(signedParams({}, hmac)['signature']).toMatch(/^[0-9a-f]{64}$/)
  })
})
