import { expect, test } from 'vitest'
import { approved, buy, fakeRest, fakeTcp, MemoryLog, realClock, vectorSecret, venueFor, type Asked } from './support.ts'
import { HandClock, settle } from '../support/hand-clock.ts'

const acceptedAnswer = (asked: Asked) => ({ success: true, success_response: { order_id: 'v1', client_order_id: (JSON.parse(asked.body) as { client_order_id: string }).client_order_id } })
const now = (): number => Date.now()
const tokenOf = (asked: Asked): Record<string, unknown> => JSON.parse(Buffer.from((asked.headers.authorization ?? '').split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
const proof = { windowMs: 10_000, engineMs: 1, lookUpLagMs: 1, skewMs: 1 }

test('the body is a limit order in base, and the token begins with the claim and ends with the window', async () => {
  const rest = await fakeRest((asked) => ({ body: acceptedAnswer(asked) }))
  const claimedAt = now() - 4000
  const outcome = await venueFor({ restUrl: rest.url, proof }).create({ request: approved(buy('c1')), claimedAt })
  expect(outcome).toEqual({ kind: 'accepted', venueOrderId: 'v1' })
  const [asked] = rest.asked
  expect(asked?.body).toBe('{"client_order_id":"c1","product_id":"ETH-USD","side":"BUY","order_configuration":{"limit_limit_gtc":{"base_size":"0.25","limit_price":"2500.1","post_only":true}}}')
  expect(tokenOf(asked!)).toMatchObject({ nbf: Math.floor(claimedAt / 1000), exp: Math.floor((claimedAt + 10_000) / 1000), uri: `POST ${new URL(rest.url).host}/api/v3/brokerage/orders` })
})

test('the measured clock offset moves the venue time, by which claims are dated and signed', async () => {
  const rest = await fakeRest((asked) => ({ body: asked.path.endsWith('/time') ? { epochMillis: String(now() + 60_000) } : acceptedAnswer(asked) }))
  const venue = venueFor({ restUrl: rest.url, proof })
  const offset = await venue.clockOffset()
  expect(offset.ok && Math.abs(offset.value - 60_000)).toBeLessThan(50)
  const claimedAt = venue.now()
  expect(Math.abs(claimedAt - now() - 60_000)).toBeLessThan(100)
  await venue.create({ request: approved(buy('c1')), claimedAt })
  expect(tokenOf(rest.asked.at(-1)!)['nbf']).toBe(Math.floor(claimedAt / 1000))
  expect(rest.asked.filter(({ path }) => path.endsWith('/time')).every(({ headers }) => headers.authorization === undefined && headers['cache-control'] === 'no-cache')).toBe(true)
})

const deaths: [string, (socket: import('node:net').Socket) => void][] = [
  ['reset', (socket) => void socket.resetAndDestroy()],
  ['closed', (socket) => void socket.end()],
  ['an answer cut off in its head', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ['an answer cut off in its body', (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"success":true')],
  ['no HTTP', (socket) => void socket.end('hello\r\n\r\n')],
  ['a redirect', (socket) => void socket.write('HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n')],
  ['503 with Retry-After', (socket) => void socket.write('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n')],
  ['429', (socket) => void socket.write('HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n')],
]
test.each(deaths)('a create that meets "%s" is unknown and was written once (OC-09)', async (_name, die) => {
  const peer = await fakeTcp((socket) => die(socket))
  const outcome = await venueFor({ restUrl: peer.url }).create({ request: approved(buy('c1')), claimedAt: now() })
  expect(outcome.kind).toBe('unknown')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(peer.requests).toHaveLength(1)
  expect(peer.sockets()).toBe(1)
})

test('a kept connection that dies under a create is not replaced by a second write', async () => {
  const peer = await fakeTcp((socket, count) => (count === 1 ? void socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 21\r\n\r\n{"error":"NOT_FOUND"}') : void socket.resetAndDestroy()))
  const venue = venueFor({ restUrl: peer.url })
  expect(await venue.order('x')).toEqual({ ok: true, value: undefined })
  expect((await venue.create({ request: approved(buy('c1')), claimedAt: now() })).kind).toBe('unknown')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(peer.requests.filter((text) => text.includes('"c1"'))).toHaveLength(1)
  expect(peer.sockets()).toBe(1)
})

test('no answer in time is unknown, and the late answer changes nothing', async () => {
  const rest = await fakeRest(() => 'silence')
  const outcome = await venueFor({ restUrl: rest.url, requestTimeoutMs: 100 }).create({ request: approved(buy('c1')), claimedAt: now() })
  expect(outcome).toEqual({ kind: 'unknown', failure: { kind: 'timeout', detail: 'no answer within 100 ms' } })
  expect(rest.asked).toHaveLength(1)
})

test('nobody listens: unknown', async () => {
  const outcome = await venueFor({}).create({ request: approved(buy('c1')), claimedAt: now() })
  expect(outcome).toEqual({ kind: 'unknown', failure: { kind: 'network', detail: 'ECONNREFUSED' } })
})

test('the same id is not written a second time', async () => {
  const rest = await fakeRest((asked) => ({ body: acceptedAnswer(asked) }))
  const venue = venueFor({ restUrl: rest.url })
  const claim = { request: approved(buy('c1')), claimedAt: now() }
  const outcomes = await Promise.all([venue.create(claim), venue.create(claim)])
  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'unknown'])
  expect(rest.asked).toHaveLength(1)
})

test('a claim older than its token is not written, and nothing is concluded', async () => {
  const rest = await fakeRest((asked) => ({ body: acceptedAnswer(asked) }))
  const outcome = await venueFor({ restUrl: rest.url, proof }).create({ request: approved(buy('c1')), claimedAt: now() - 10_001 })
  expect(outcome.kind).toBe('unknown')
  expect(rest.asked).toHaveLength(0)
})

test('a create that finds no room in time is not written and says so', async () => {
  const clock = new HandClock()
  const log = new MemoryLog()
  const rest = await fakeRest(() => ({ status: 429, body: '', headers: { 'retry-after': '7' } }))
  const venue = venueFor({ restUrl: rest.url, clock, log, createWaitMs: 500, privatePerSecond: 30 })
  await venue.feeRates()
  expect(log.lines).toEqual([{ level: 'warn', event: 'venue.rateLimited', fields: { pauseMs: 7000 } }])
  const outcome = venue.create({ request: approved(buy('c1')), claimedAt: clock.now() })
  await settle()
  await clock.advance(500)
  expect(await outcome).toMatchObject({ kind: 'refused', reason: 'rateLimited' })
  expect(rest.asked).toHaveLength(1)
})

test('without a key nothing private leaves', async () => {
  const rest = await fakeRest(() => ({ body: {} }))
  const { coinbaseVenue } = await import('../../src/adapters/coinbase/index.ts')
  const venue = coinbaseVenue({ restUrl: rest.url, marketUrl: 'ws://127.0.0.1:9', userUrl: 'ws://127.0.0.1:9', clock: realClock, random: { fraction: () => 0, below: () => 0 }, log: new MemoryLog() })
  expect(await venue.create({ request: approved(buy('c1')), claimedAt: now() })).toMatchObject({ kind: 'refused', reason: 'notPermitted' })
  expect(await venue.balances()).toMatchObject({ ok: false, failure: { kind: 'unauthorised' } })
  expect(rest.asked).toHaveLength(0)
  venue.close()
})

test('a cancel names one order; without an id nothing is sent', async () => {
  const rest = await fakeRest(() => ({ body: { results: [{ success: true, failure_reason: '', order_id: 'v1' }] } }))
  const venue = venueFor({ restUrl: rest.url })
  expect(await venue.cancel('v1')).toEqual({ kind: 'requested' })
  expect((await venue.cancel('')).kind).toBe('refused')
  expect(rest.asked.map(({ body }) => body)).toEqual(['{"order_ids":["v1"]}'])
})

test('a first 401 with an Ed25519 key says what may be wrong, and no failure holds the key or a token', async () => {
  const rest = await fakeRest((asked) => ({ status: 401, body: `Unauthorized ${asked.headers.authorization}` }))
  const log = new MemoryLog()
  const venue = venueFor({ restUrl: rest.url, log })
  const failures = [await venue.balances(), await venue.accountId(), await venue.create({ request: approved(buy('c1')), claimedAt: now() }), await venue.cancel('v1'), log.lines]
  const seen = JSON.stringify(failures)
  expect(seen).toContain('ECDSA (ES256) key is the safe choice')
  expect(seen).not.toContain(vectorSecret.slice(0, 16))
  expect(seen).not.toContain('eyJ')
})
