import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { maker, market, start, until, type ApiSocket, type Client, type Parsed } from './support.ts'

let client: Client
let close: () => Promise<void>
beforeAll(async () => {
  const { sandbox, client: own } = await start('--seed', '9', '--balance', 'USDT=1000000')
  client = own
  close = () => sandbox.close()
})
afterAll(() => close())
afterEach(async () => void (await client.control('DELETE', '/faults')))

const wish = () => maker('BUY', '0.001', '50000')
const place = (values = wish()) => client.signed('POST', '/order', values)
const found = async (values: ReturnType<typeof wish>): Promise<Parsed> => (await client.signed('GET', '/order', { symbol: 'BTCUSDT', origClientOrderId: String(values['newClientOrderId']) })).body
const written = async (values: ReturnType<typeof wish>): Promise<Parsed> => (await client.control('GET', '/ledger')).body.orders.find((row: Parsed) => row.clientOrderId === values['newClientOrderId'])

async function following(): Promise<ApiSocket> {
  const api = await client.api()
  await api.follow()
  return api
}

describe('faults of requests', () => {
  it('a lost request does nothing, a lost answer has done it; the ledger counts both', async () => {
    const [lost, done] = [wish(), wish()]
    await client.fault({ name: 'loseNextRequest', target: 'create' })
    await expect(place(lost)).rejects.toThrow()
    await client.fault({ name: 'loseNextAnswer', target: 'create' })
    await expect(place(done)).rejects.toThrow()
    expect((await found(lost)).code).toBe(-2013)
    expect((await found(done)).status).toBe('NEW')
    expect(await written(lost)).toMatchObject({ writes: 1, state: 'never-admitted' })
    expect(await written(done)).toMatchObject({ writes: 1, state: 'OPEN' })
  })

  it('a late create is admitted while its window lasts and refused after it', async () => {
    const [early, late] = [wish(), { ...wish(), recvWindow: 200 }]
    await client.fault({ name: 'lateAdmission', target: 'create', durationMs: 300 })
    await expect(place(early)).rejects.toThrow()
    expect((await found(early)).code).toBe(-2013)
    expect((await until(() => found(early), (seen) => seen.code === undefined)).status).toBe('NEW')
    await client.fault({ name: 'lateAdmission', target: 'create', durationMs: 300 })
    await expect(place(late)).rejects.toThrow()
    await until(() => written(late), (row) => row.state === 'REFUSED')
    expect((await found(late)).code).toBe(-2013)
  })

  it.each([
    ['answer5xx', 503, -1000],
    ['backendTimeout', 408, -1007],
  ])('%s is not done, or done all the same', async (name, status, code) => {
    for (const [variant, outcome] of [['notCreated', -2013], ['created', 'NEW']] as const) {
      const values = wish()
      await client.fault({ name, target: 'create', variant })
      const reply = await place(values)
      expect([reply.status, reply.body.code]).toEqual([status, code])
      const seen = await found(values)
      expect(seen.code ?? seen.status).toBe(outcome)
    }
  })

  it('pages of HTML, torn JSON, 403, 401 and 429 are what clients have to expect', async () => {
    const values = wish()
    await client.fault({ name: 'answerHtml', target: 'create', variant: 'created' })
    const page = await place(values)
    expect([page.status, page.body.startsWith('<html>'), (await found(values)).status]).toEqual([502, true, 'NEW'])
    await client.fault({ name: 'cutAnswer', target: 'create' })
    const torn = await place()
    expect([torn.status, typeof torn.body]).toEqual([200, 'string'])
    await client.fault({ name: 'answer403', target: 'create' })
    const blocked = await place()
    expect([blocked.status, blocked.headers.get('content-type')]).toEqual([403, 'text/html'])
    await client.fault({ name: 'answer401', target: 'create' })
    expect((await place()).body.code).toBe(-2015)
    await client.fault({ name: 'answer429', target: 'create' })
    const limited = await place()
    expect([limited.status, limited.body.code, limited.headers.get('retry-after')]).toEqual([429, -1003, '1'])
  })

  it('a banned address gets 418 for everything until it is over', async () => {
    await client.fault({ name: 'banAddress', durationMs: 400 })
    const banned = await client.raw('GET', '/api/v3/ping')
    expect([banned.status, banned.body.code, banned.headers.get('retry-after')]).toEqual([418, -1003, '1'])
    await until(() => client.raw('GET', '/api/v3/ping'), ({ status }) => status === 200)
  })

  it('refused orders are refused for the reason given, or made all the same', async () => {
    await client.fault({ name: 'refuseOrders' })
    expect((await place()).body).toEqual({ code: -2010, msg: 'Account has insufficient balance for requested action.' })
    const values = wish()
    await client.fault({ name: 'refuseOrders', reason: 'This action is disabled on this account.', variant: 'created' })
    expect((await place(values)).body.msg).toBe('This action is disabled on this account.')
    expect((await found(values)).status).toBe('NEW')
  })

  it('a refused half of a cancel-replace is 409', async () => {
    const { orderId } = (await place()).body
    await client.fault({ name: 'refuseOrders' })
    const reply = await client.signed('POST', '/order/cancelReplace', { ...wish(), cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: orderId })
    expect([reply.status, reply.body.code, reply.body.data.cancelResult]).toEqual([409, -2021, 'SUCCESS'])
  })

  it('connections are refused while they are told to be', async () => {
    await client.fault({ name: 'refuseConnections', durationMs: 300, target: 'rest' })
    await expect(client.raw('GET', '/api/v3/ping')).rejects.toThrow()
    await new Promise((resolve) => setTimeout(resolve, 320))
    expect((await client.raw('GET', '/api/v3/ping')).status).toBe(200)
  })
})

describe('faults of what is seen', () => {
  it('hidden orders and fills are there for the engine all the same', async () => {
    await client.fault({ name: 'hideOrders', durationMs: 60_000 })
    await client.fault({ name: 'hideFills', durationMs: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 5))
    const values = wish()
    const { orderId } = (await place(values)).body
    expect((await found(values)).code).toBe(-2013)
    const bought = (await client.signed('POST', '/order', market('BUY', { quantity: '0.001' }))).body
    expect((await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT', orderId: bought.orderId })).body).toEqual([])
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId })).body.status).toBe('CANCELED')
    await client.control('DELETE', '/faults')
    expect((await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT', orderId: bought.orderId })).body).toHaveLength(1)
  })

  it('a stale list still shows as NEW what has been cancelled, and not what is new', async () => {
    const before = (await place()).body.orderId
    await new Promise((resolve) => setTimeout(resolve, 5))
    await client.fault({ name: 'staleOpenOrders', durationMs: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 5))
    await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: before })
    const after = (await place()).body.orderId
    const rows = (await client.signed('GET', '/openOrders', { symbol: 'BTCUSDT' })).body
    expect(rows.find((row: Parsed) => row.orderId === before)?.status).toBe('NEW')
    expect(rows.find((row: Parsed) => row.orderId === after)).toBeUndefined()
    await client.control('DELETE', '/faults')
    expect((await client.signed('GET', '/openOrders', { symbol: 'BTCUSDT' })).body.map((row: Parsed) => row.orderId)).not.toContain(before)
  })

  it.each(['HALT', 'BREAK', 'CANCEL_ONLY'])('%s takes no orders and lets cancel', async (variant) => {
    const { orderId } = (await place()).body
    await client.fault({ name: 'haltMarkets', variant, durationMs: 60_000 })
    expect((await client.raw('GET', '/api/v3/exchangeInfo?symbol=BTCUSDT')).body.symbols[0].status).toBe(variant)
    expect((await place()).body).toEqual({ code: -1013, msg: 'Market is closed.' })
    expect((await client.signed('POST', '/order/test', wish())).body.msg).toBe('Market is closed.')
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId })).body.status).toBe('CANCELED')
    await client.control('DELETE', '/faults')
    expect((await place()).status).toBe(200)
  })

  it('closed markets are CANCEL_ONLY', async () => {
    await client.fault({ name: 'closeMarkets', durationMs: 60_000 })
    expect((await client.raw('GET', '/api/v3/exchangeInfo?symbol=BTCUSDT')).body.symbols[0].status).toBe('CANCEL_ONLY')
    expect((await place()).body.msg).toBe('Market is closed.')
  })

  it('orders ended by the venue are EXPIRED by the exchange, or cancelled without a request\'s name', async () => {
    await client.signed('DELETE', '/openOrders', { symbol: 'BTCUSDT' })
    const api = await following()
    for (const [variant, status] of [['expired', 'EXPIRED'], ['failed', 'EXPIRED'], ['cancelled', 'CANCELED']] as const) {
      const values = wish()
      await place(values)
      await client.fault({ name: 'endOrders', variant })
      expect((await found(values)).status).toBe(status)
      const event = (await api.seen((frame) => frame.event?.X === status && frame.event.c === values['newClientOrderId'])).event
      expect([event.C, event.eR]).toEqual(['', status === 'EXPIRED' ? 'EXCHANGE_CANCELED' : undefined])
    }
    api.socket.close()
  })
})

describe('faults of sockets', () => {
  it('lost, doubled and swapped frames of the account', async () => {
    const api = await following()
    const told = (): string[] => api.events().filter((event) => event.e === 'executionReport').map((event) => event.c)
    const [lost, kept] = [wish(), wish()]
    await client.fault({ name: 'loseUpdates', count: 1 })
    await place(lost)
    await place(kept)
    await until(async () => told(), (ids) => ids.includes(String(kept['newClientOrderId'])))
    expect(told()).not.toContain(lost['newClientOrderId'])
    const doubled = wish()
    await client.fault({ name: 'duplicateFrames', target: 'user' })
    await place(doubled)
    await until(async () => told(), (ids) => ids.filter((id) => id === doubled['newClientOrderId']).length === 2)
    await client.fault({ name: 'reorderFrames', target: 'user' })
    const [one, other] = [api.ask('ping'), api.ask('time')]
    const [first, second] = await Promise.all([one, other])
    expect(api.frames.indexOf(second)).toBeLessThan(api.frames.indexOf(first))
    api.socket.close()
  })

  it('a delayed event comes after the answer to its request', async () => {
    const api = await following()
    await client.fault({ name: 'delayUpdates', count: 1, durationMs: 200 })
    const values = wish()
    const { result } = await api.signed('order.place', values)
    expect(api.events().filter((event) => event.i === result.orderId)).toEqual([])
    const frame = await api.seen((one) => one.event?.i === result.orderId)
    expect(frame.event.x).toBe('NEW')
    api.socket.close()
  })

  it('a lost answer of a socket request ends the socket, the order stands', async () => {
    const api = await client.api()
    const values = wish()
    await client.fault({ name: 'loseNextAnswer', target: 'create' })
    api.signed('order.place', values).catch(() => undefined)
    await api.closed
    expect((await found(values)).status).toBe('NEW')
  })

  it('a torn answer or a page has no frame of its own: the request ends in -1006', async () => {
    const api = await client.api()
    for (const name of ['cutAnswer', 'answerHtml']) {
      await client.fault({ name, target: 'create' })
      const { status, error } = await api.signed('order.place', wish())
      expect([status >= 500, error.code]).toEqual([true, -1006])
    }
    api.socket.close()
  })

  it('dropped sockets are those of the target only; subscriptions can be refused', async () => {
    const [api, stream] = [await following(), await client.socket('stream', '/ws')]
    await client.fault({ name: 'dropSockets', target: 'user' })
    await api.closed
    expect(stream.socket.readyState).toBe(stream.socket.OPEN)
    stream.socket.close()
    const again = await client.api()
    await client.fault({ name: 'refuseSubscribe', target: 'user', variant: 'authentication failure' })
    expect((await again.signed('userDataStream.subscribe.signature')).error.code).toBe(-2015)
    expect((await again.signed('userDataStream.subscribe.signature')).status).toBe(200)
    again.socket.close()
  })

  it('silence loses frames, pongs and pings; lost pings leave the rest', async () => {
    const { sandbox, client: own } = await start('--ping-ms', '100')
    const api = await own.api()
    await api.follow()
    let pings = 0
    let pongs = 0
    api.socket.on('ping', () => (pings += 1)).on('pong', () => (pongs += 1))
    await own.fault({ name: 'losePings', durationMs: 60_000 })
    pings = 0
    await new Promise((resolve) => setTimeout(resolve, 350))
    expect([pings, (await api.ask('ping')).status]).toEqual([0, 200])
    await own.control('DELETE', '/faults')
    await own.fault({ name: 'goSilent', target: 'user', durationMs: 400 })
    const count = api.frames.length
    await own.signed('POST', '/order', wish())
    api.socket.ping()
    await new Promise((resolve) => setTimeout(resolve, 250))
    expect([api.frames.length, pings, pongs, api.socket.readyState]).toEqual([count, 0, 0, api.socket.OPEN])
    await until(async () => pings, (seen) => seen > 0)
    api.socket.close()
    await sandbox.close()
  })

  it('a shutdown is announced in the words of each host before the sockets close', async () => {
    const [api, raw, combined] = [await following(), await client.socket('stream', '/ws'), await client.socket('stream', '/stream')]
    await client.fault({ name: 'announceShutdown', durationMs: 200 })
    expect(await api.seen((frame) => frame.event?.e === 'serverShutdown')).toEqual({ event: { e: 'serverShutdown', E: expect.any(Number) } })
    expect(await raw.seen((frame) => frame.e === 'serverShutdown')).toEqual({ e: 'serverShutdown', E: expect.any(Number) })
    expect(await combined.seen((frame) => frame.stream === '!serverShutdown')).toMatchObject({ data: { e: 'serverShutdown' } })
    expect(await Promise.all([api.closed, raw.closed, combined.closed])).toEqual([1000, 1000, 1000])
  })

  it('an ended subscription says so, tells nothing more, and can be made again', async () => {
    const api = await following()
    await client.fault({ name: 'endSubscriptions' })
    await api.seen((frame) => frame.event?.e === 'eventStreamTerminated')
    const count = api.frames.length
    await place()
    expect(api.frames.length).toBe(count)
    expect((await api.signed('userDataStream.subscribe.signature')).result).toEqual({ subscriptionId: 1 })
    api.socket.close()
  })

  it('a gap in the depth stream shows in its numbers', async () => {
    await client.control('POST', '/market', { holdMs: 0 })
    const socket = await client.socket('stream', '/ws/btcusdt@depth@100ms')
    await socket.seen((frame) => frame.e === 'depthUpdate')
    await client.fault({ name: 'sequenceGap', target: 'market' })
    await until(async () => socket.frames, (frames) => frames.some((frame, index) => index > 0 && frame.U > frames[index - 1]!.u + 1))
    socket.socket.close()
  })

  it.each([
    ['empty', ''],
    ['zero', '0.00000000'],
  ])('bad tickers have no price: %s', async (variant, bid) => {
    await client.fault({ name: 'badTickers', variant })
    const socket = await client.socket('stream', '/ws/btcusdt@bookTicker')
    const [first, next] = [await socket.seen((frame) => frame.u !== undefined), await socket.seen((frame) => Number(frame.b) > 0)]
    expect([first.b, first !== next]).toEqual([bid, true])
    socket.socket.close()
  })

  it('bad tickers are crossed or far away', async () => {
    await client.fault({ name: 'badTickers', variant: 'crossed' })
    const crossed = await client.socket('stream', '/ws/btcusdt@bookTicker')
    const top = await crossed.seen((frame) => frame.u !== undefined)
    expect(Number(top.b)).toBeGreaterThan(Number(top.a))
    crossed.socket.close()
    await client.fault({ name: 'badTickers', variant: 'far' })
    const far = await client.socket('stream', '/ws/btcusdt@bookTicker')
    expect(Number((await far.seen((frame) => frame.u !== undefined)).b)).toBeGreaterThan(Number(top.b) * 2)
    far.socket.close()
    await client.control('POST', '/market', { holdMs: 3_600_000 })
  })
})

describe('a wipe', () => {
  it('forgets orders and trades, gives the opening balances again, and keeps the keys', async () => {
    const { sandbox, client: own } = await start()
    const api = await own.api()
    await api.follow()
    const { orderId } = (await own.signed('POST', '/order', market('BUY', { quantity: '0.001' }))).body
    await own.signed('POST', '/order', wish())
    await own.fault({ name: 'wipe' })
    expect((await own.signed('GET', '/order', { symbol: 'BTCUSDT', orderId })).body.code).toBe(-2013)
    expect((await own.signed('GET', '/openOrders')).body).toEqual([])
    expect((await own.signed('GET', '/account', { omitZeroBalances: true })).body.balances).toEqual([{ asset: 'USDT', free: '100000.00000000', locked: '0.00000000' }])
    expect(api.events().at(-1)).toMatchObject({ e: 'outboundAccountPosition', B: [{ a: 'USDT', f: '100000.00000000', l: '0.00000000' }] })
    api.socket.close()
    await sandbox.close()
  })
})
