import { createHmac } from 'node:crypto'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { binanceVenue, loadKey } from '../../src/adapters/binance/index.ts'
import { failpoints, type Failpoint } from '../../src/ports/failpoints.ts'
import { HandClock, settle } from '../support/hand-clock.ts'
import { approved, buy, fakeTcp, fakeVenue, exchangeInfo, MemoryLog, optionsFor, realClock, sleep, until, vectorApiKey, vectorSecret, venueFor, type Asked } from './support.ts'

const now = (): number => Date.now()
const claimOf = (clientOrderId: string, changes = {}, claimedAt = now()) => ({ request: approved(buy(clientOrderId, changes)), claimedAt })
const placedAnswer = (asked: Asked, orderId = 28): object => ({ symbol: asked.query.get('symbol'), orderId, clientOrderId: asked.query.get('newClientOrderId'), transactTime: 1, status: 'NEW' })
const paramsOf = ({ query }: Asked): Record<string, string> => Object.fromEntries([...query].filter(([name]) => name !== 'signature'))

describe('a create', () => {
  test('is one signed POST, post-only as LIMIT_MAKER without a time in force, dated with its claim', async () => {
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }))
    const claimedAt = now() - 1_000
    expect(await venueFor({ restUrl: rest.url }).create(claimOf('nd0000-x-b1', {}, claimedAt))).toEqual({ kind: 'accepted', venueOrderId: 'BTC-USDT:28' })
    const [asked] = rest.calls()
    expect(rest.calls()).toHaveLength(1)
    expect(asked).toMatchObject({ method: 'POST', path: '/api/v3/order', body: '' })
    expect(asked?.headers['x-mbx-apikey']).toBe(vectorApiKey)
    expect(asked && paramsOf(asked)).toEqual({
      symbol: 'BTCUSDT',
      side: 'BUY',
      type: 'LIMIT_MAKER',
      quantity: '0.25',
      price: '61000.1',
      newClientOrderId: 'nd0000-x-b1',
      newOrderRespType: 'RESULT',
      recvWindow: '5000',
      timestamp: String(claimedAt),
    })
    const payload = asked?.query.toString().replace(/&signature=.*$/, '') ?? ''
    expect(asked?.query.get('signature')).toBe(createHmac('sha256', vectorSecret).update(payload).digest('hex'))
  })

  test('that may take is LIMIT, good until cancelled', async () => {
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }))
    await venueFor({ restUrl: rest.url }).create(claimOf('c1', { postOnly: false, side: 'sell' }))
    expect(rest.calls().map((asked) => paramsOf(asked))).toMatchObject([{ type: 'LIMIT', timeInForce: 'GTC', side: 'SELL' }])
  })

  test('has the proof of absence in its window: one number for both', async () => {
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }))
    const venue = venueFor({ restUrl: rest.url, proof: { windowMs: 2_000, engineMs: 1, lookUpLagMs: 1, skewMs: 1 } })
    await venue.create(claimOf('c1'))
    expect(rest.calls()[0]?.query.get('recvWindow')).toBe('2000')
    expect(venue.capabilities.proofOfAbsence.windowMs).toBe(2_000)
    expect(() => binanceVenue(optionsFor({ proof: { windowMs: 60_001, engineMs: 1, lookUpLagMs: 1, skewMs: 1 } }))).toThrow(RangeError)
  })

  test('of the same id is not written a second time', async () => {
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }))
    const venue = venueFor({ restUrl: rest.url })
    const claim = claimOf('c1')
    const outcomes = await Promise.all([venue.create(claim), venue.create(claim)])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'unknown'])
    expect(rest.calls()).toHaveLength(1)
  })

  test('whose claim is older than its window is not written, and nothing is concluded', async () => {
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }))
    expect((await venueFor({ restUrl: rest.url }).create(claimOf('c1', {}, now() - 5_001))).kind).toBe('unknown')
    expect(rest.calls()).toHaveLength(0)
  })

  test('of an instrument that the venue does not list is not written and says so', async () => {
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }))
    expect(await venueFor({ restUrl: rest.url }).create(claimOf('c1', { instrument: 'BTC-EUR' }))).toMatchObject({ kind: 'refused', reason: 'instrumentUnavailable' })
    expect(rest.calls()).toHaveLength(0)
  })

  test('that the venue refuses for its time is not signed again; the time is measured anew for the next', async () => {
    let ahead = 60_000
    const rest = await fakeVenue((asked) => (ahead > 0 ? { status: 400, body: { code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' } } : { body: placedAnswer(asked) }), () => Date.now() + ahead)
    const venue = venueFor({ restUrl: rest.url })
    expect(await venue.create(claimOf('c1'))).toMatchObject({ kind: 'refused', reason: 'other' })
    await until(() => Math.abs(venue.now() - Date.now() - 60_000) < 500)
    await sleep(30)
    expect(rest.calls()).toHaveLength(1)
    ahead = 0
  })

  test('passes its two named moments, in order', async () => {
    const reached: Failpoint[] = []
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }))
    const venue = venueFor({ restUrl: rest.url, failpoints: { reach: (point) => void reached.push(point) } })
    await venue.create(claimOf('c1'))
    await venue.cancel('BTC-USDT:28')
    expect(reached).toEqual(['send.signed', 'send.written', 'cancel.written'])
    expect(reached.every((point) => point in failpoints)).toBe(true)
  })
})

const listing = `HTTP/1.1 200 OK\r\nContent-Length: ${JSON.stringify(exchangeInfo).length}\r\n\r\n${JSON.stringify(exchangeInfo)}`
const deaths: [string, (socket: Socket) => void][] = [
  ['reset', (socket) => void socket.resetAndDestroy()],
  ['closed', (socket) => void socket.end()],
  ['an answer cut off in its head', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ['an answer cut off in its body', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"symbol":"BTCUSDT","orderId":1,"clientOrderId":"c1"}')],
  ['no HTTP', (socket) => void socket.end('hello\r\n\r\n')],
  ['a redirect', (socket) => void socket.write('HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n')],
  ['503 with Retry-After', (socket) => void socket.write('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n')],
  ['429 without a word', (socket) => void socket.write('HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n')],
]
test.each(deaths)('a create that meets "%s" is unknown and was written once (OC-09)', async (_name, die) => {
  const peer = await fakeTcp((socket, count) => (count === 1 ? void socket.write(listing) : die(socket)))
  const outcome = await venueFor({ restUrl: peer.url }).create(claimOf('c1'))
  expect(outcome.kind).toBe('unknown')
  await sleep(50)
  expect(peer.requests.filter((text) => text.startsWith('POST'))).toHaveLength(1)
  expect(peer.sockets()).toBe(1)
})

test('no answer in time is unknown, and the late answer changes nothing', async () => {
  const rest = await fakeVenue(() => 'silence')
  expect(await venueFor({ restUrl: rest.url, requestTimeoutMs: 150 }).create(claimOf('c1'))).toEqual({ kind: 'unknown', failure: { kind: 'timeout', detail: 'no answer within 150 ms' } })
  expect(rest.calls()).toHaveLength(1)
})

describe('what the venue limits', () => {
  test('a create that finds no room in time is not written and says so', async () => {
    const clock = new HandClock()
    const rest = await fakeVenue((asked) => ({ body: placedAnswer(asked) }), () => clock.now())
    const venue = venueFor({ restUrl: rest.url, clock, createWaitMs: 500, limits: { weightPerMinute: 0, ordersPerTenSeconds: 0, ordersPerDay: 1 } })
    await venue.instruments()
    // The venue lists 200,000 a day, but the bucket was made small and does not fill in a moment.
    expect((await venue.create(claimOf('c1', { side: 'sell' }, clock.now()))).kind).toBe('accepted')
    const outcome = venue.create(claimOf('c2', { side: 'sell' }, clock.now()))
    await settle()
    await clock.advance(500)
    expect(await outcome).toMatchObject({ kind: 'refused', reason: 'rateLimited' })
    expect(rest.calls()).toHaveLength(1)
  })

  test('too many orders hold back creates, while reads and cancels go (N3)', async () => {
    const clock = new HandClock()
    const rest = await fakeVenue((asked) => (asked.method === 'POST' ? { status: 429, headers: { 'retry-after': '7' }, body: { code: -1015, msg: 'Too many new orders; current limit is 50 orders per 10 SECOND.' } } : { body: asked.method === 'DELETE' ? { symbol: 'BTCUSDT', orderId: 5 } : [] }), () => clock.now())
    const venue = venueFor({ restUrl: rest.url, clock, createWaitMs: 1_000, limits: { weightPerMinute: 6000, ordersPerTenSeconds: 50, ordersPerDay: 160_000 } })
    expect(await venue.create(claimOf('c1', {}, clock.now()))).toMatchObject({ kind: 'refused', reason: 'rateLimited' })
    expect(await venue.cancel('BTC-USDT:5')).toEqual({ kind: 'requested' })
    expect((await venue.fillsOf('BTC-USDT:5')).ok).toBe(true)
    const second = venue.create(claimOf('c2', {}, clock.now()))
    await settle()
    await clock.advance(1_000)
    expect(await second).toMatchObject({ kind: 'refused', reason: 'rateLimited', detail: expect.stringContaining('not written') as string })
    expect(rest.calls().filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})

test('without a key nothing private leaves', async () => {
  const rest = await fakeVenue(() => ({ body: {} }))
  const { key: _key, ...keyless } = optionsFor({ restUrl: rest.url })
  const venue = binanceVenue(keyless)
  expect(await venue.create(claimOf('c1'))).toMatchObject({ kind: 'refused', reason: 'notPermitted' })
  expect(await venue.balances()).toMatchObject({ ok: false, failure: { kind: 'unauthorised' } })
  expect(rest.calls()).toHaveLength(0)
  venue.close()
})

test('a cancel names one order by its symbol and id; without them nothing is sent', async () => {
  const rest = await fakeVenue(() => ({ body: { symbol: 'ETHUSDT', orderId: 77 } }))
  const venue = venueFor({ restUrl: rest.url })
  expect(await venue.cancel('ETH-USDT:77')).toEqual({ kind: 'requested' })
  for (const odd of ['', '77', 'ETH-USDT:', 'ETH-USDT:x', 'ETH-USDT:-1']) expect((await venue.cancel(odd)).kind).toBe('refused')
  expect((await venue.cancel('NONE-USDT:1')).kind).toBe('unknown')
  expect(rest.calls().map(({ method, path }) => `${method} ${path}`)).toEqual(['DELETE /api/v3/order'])
  expect(rest.calls().map((asked) => paramsOf(asked))).toEqual([{ symbol: 'ETHUSDT', orderId: '77', recvWindow: '5000', timestamp: expect.any(String) as string }])
})

test('no failure and no line of the log holds the key, the secret or a signature (I13)', async () => {
  const rest = await fakeVenue((asked) => ({ status: 401, body: { code: -2015, msg: `Invalid API-key, IP, or permissions for action: ${String(asked.headers['x-mbx-apikey'])} ${asked.query.get('signature') ?? ''}` } }))
  const log = new MemoryLog()
  const key = loadKey({ apiKey: vectorApiKey, secret: vectorSecret })
  const venue = venueFor({ restUrl: rest.url, log, key, clock: realClock })
  const seen = JSON.stringify([await venue.balances(), await venue.accountId(), await venue.create(claimOf('c1')), await venue.cancel('BTC-USDT:1'), log.lines])
  expect(seen).toContain('-2015')
  for (const secret of [vectorSecret, vectorApiKey, ...rest.asked.flatMap(({ query }) => query.get('signature') ?? [])]) expect(seen).not.toContain(secret.slice(0, 20))
})
