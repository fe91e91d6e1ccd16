import { describe, expect, test } from 'vitest'
import { HandClock, settle } from '../support/hand-clock.ts'
import { approved, buy, fakeSockets, fakeVenue, MemoryLog, NotingListener, until, venueFor, type Reply } from './support.ts'

const limits = { weightPerMinute: 6_000, ordersPerTenSeconds: 50, ordersPerDay: 160_000 }
const banned = (body: unknown, headers: Record<string, string> = {}): Reply => ({ status: 418, body, headers })

describe('a ban', () => {
  test('is told with its end, and nothing leaves before: no read, no create, no cancel, no socket (N1, CN-09)', async () => {
    const clock = new HandClock()
    const told: number[] = []
    const rest = await fakeVenue((_asked, count) => (count === 1 ? banned({ code: -1003, msg: 'Way too much request weight used; IP banned.' }, { 'retry-after': '300' }) : { body: [] }), () => clock.now())
    const sockets = await fakeSockets()
    const venue = venueFor({ restUrl: rest.url, wsApiUrl: sockets.url, clock, banned: (until) => void told.push(until) })
    expect(await venue.fillsOf('BTC-USDT:1')).toMatchObject({ ok: false, failure: { kind: 'banned', retryAfterMs: 300_000 } })
    expect(told).toEqual([clock.now() + 300_000])
    const asked = rest.asked.length
    await clock.advance(299_000)
    expect(await venue.fillsOf('BTC-USDT:1')).toMatchObject({ ok: false, failure: { kind: 'banned', retryAfterMs: 1_000 } })
    expect(await venue.create({ request: approved(buy('c1')), claimedAt: clock.now() })).toMatchObject({ kind: 'refused', reason: 'rateLimited' })
    expect(await venue.cancel('BTC-USDT:1')).toMatchObject({ kind: 'unknown', failure: { kind: 'banned' } })
    const listener = new NotingListener()
    venue.accountFeed.open([], listener)
    expect(listener.notes).toEqual([])
    await clock.advance(0)
    expect(listener.notes).toEqual(['retryable: the venue wants silence for another 1 s'])
    expect([rest.asked.length, sockets.connections.length]).toEqual([asked, 0])
    await clock.advance(1_000)
    expect(await venue.fillsOf('BTC-USDT:1')).toEqual({ ok: true, value: [] })
  })

  test('ends when its text says, where the header says less', async () => {
    const clock = new HandClock()
    const told: number[] = []
    const end = clock.now() + 3_600_000
    const rest = await fakeVenue(() => banned({ code: -1003, msg: `Way too much request weight used; IP banned until ${end}. Please use WebSocket Streams for live updates to avoid bans.` }, { 'retry-after': '1' }), () => clock.now())
    await venueFor({ restUrl: rest.url, clock, banned: (until) => void told.push(until) }).balances()
    expect(told).toEqual([end])
  })

  test('without a length lasts as long as the shortest there is', async () => {
    const clock = new HandClock()
    const told: number[] = []
    const rest = await fakeVenue(() => banned('<html>'), () => clock.now())
    await venueFor({ restUrl: rest.url, clock, banned: (until) => void told.push(until) }).balances()
    expect(told).toEqual([clock.now() + 120_000])
  })

  test('of an earlier process is served to its end', async () => {
    const clock = new HandClock()
    const rest = await fakeVenue(() => ({ body: [] }), () => clock.now())
    const venue = venueFor({ restUrl: rest.url, clock, bannedUntil: clock.now() + 60_000 })
    expect(await venue.instruments()).toMatchObject({ ok: false, failure: { kind: 'banned' } })
    expect(rest.asked).toHaveLength(0)
    await clock.advance(60_000)
    expect((await venue.instruments()).ok).toBe(true)
  })

  test('that was over long ago, or would never end, stops nothing for ever', async () => {
    const clock = new HandClock()
    const rest = await fakeVenue(() => ({ body: [] }), () => clock.now())
    expect((await venueFor({ restUrl: rest.url, clock, bannedUntil: clock.now() - 1 }).instruments()).ok).toBe(true)
    const misled = venueFor({ restUrl: rest.url, clock, bannedUntil: Number.MAX_SAFE_INTEGER })
    await clock.advance(3 * 86_400_000)
    expect((await misled.instruments()).ok).toBe(true)
  })

  test('of a socket is a ban too', async () => {
    const clock = new HandClock()
    const told: number[] = []
    const rest = await fakeVenue(() => ({ body: [] }), () => clock.now())
    const sockets = await fakeSockets({ refuseWith: 418 })
    const venue = venueFor({ restUrl: rest.url, streamsUrl: sockets.url, clock, banned: (until) => void told.push(until) })
    await venue.instruments()
    const listener = new NotingListener()
    venue.marketFeed.open(['BTC-USDT'], listener)
    await until(() => listener.notes.length > 0)
    expect(listener.notes).toEqual(['retryable: HTTP 418 instead of a WebSocket'])
    expect(told).toEqual([clock.now() + 120_000])
    expect(await venue.instruments()).toMatchObject({ ok: false, failure: { kind: 'banned' } })
  })
})

test('after a 429 nothing leaves before its Retry-After, not even a cancel; no ban is told of it', async () => {
  const clock = new HandClock()
  const told: number[] = []
  const log = new MemoryLog()
  const rest = await fakeVenue((_asked, count) => (count === 1 ? { status: 429, headers: { 'retry-after': '7' }, body: { code: -1003, msg: 'Too much request weight used; current limit is 6000 request weight per 1 MINUTE.' } } : { body: { symbol: 'BTCUSDT', orderId: 1 } }), () => clock.now())
  const venue = venueFor({ restUrl: rest.url, clock, log, banned: (until) => void told.push(until) })
  expect(await venue.balances()).toMatchObject({ ok: false, failure: { kind: 'rateLimited', retryAfterMs: 7_000 } })
  expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([{ level: 'warn', event: 'venue.rateLimited', fields: { pauseMs: 7_000 } }])
  await clock.advance(6_999)
  expect(await venue.cancel('BTC-USDT:1')).toMatchObject({ kind: 'unknown', failure: { kind: 'rateLimited', retryAfterMs: 1 } })
  expect(rest.calls()).toHaveLength(1)
  await clock.advance(1)
  expect(await venue.cancel('BTC-USDT:1')).toEqual({ kind: 'requested' })
  expect(told).toEqual([])
})

test('a 429 without a length pauses for a second, a firewall for a minute', async () => {
  for (const [reply, pauseMs] of [[{ status: 429, body: '' }, 1_000], [{ status: 403, body: '<html>blocked</html>' }, 60_000]] as const) {
    const clock = new HandClock()
    const rest = await fakeVenue((_asked, count) => (count === 1 ? reply : { body: [] }), () => clock.now())
    const venue = venueFor({ restUrl: rest.url, clock })
    await venue.fillsOf('BTC-USDT:1')
    await clock.advance(pauseMs - 1)
    expect((await venue.fillsOf('BTC-USDT:1')).ok).toBe(false)
    await clock.advance(1)
    expect((await venue.fillsOf('BTC-USDT:1')).ok).toBe(true)
  }
})

test('weight that others have used up is not used again: reads wait for the next minute of the venue (N2)', async () => {
  const clock = new HandClock()
  await clock.advance(60_000 - (clock.now() % 60_000) + 30_000)
  const rest = await fakeVenue(() => ({ body: [], headers: { 'x-mbx-used-weight-1m': '5990' } }), () => clock.now())
  const venue = venueFor({ restUrl: rest.url, clock, limits, requestTimeoutMs: 120_000 })
  expect((await venue.fillsOf('BTC-USDT:1')).ok).toBe(true)
  let second: unknown
  void venue.fillsOf('BTC-USDT:1').then((read) => void (second = read.ok))
  await clock.advance(29_000)
  await settle()
  expect(rest.calls()).toHaveLength(1)
  await clock.advance(15_000)
  await until(() => second !== undefined)
  expect(second).toBe(true)
})

test('orders that others have placed count against the ten seconds of the account (N2)', async () => {
  const clock = new HandClock()
  await clock.advance(10_000 - (clock.now() % 10_000))
  const rest = await fakeVenue((asked) => ({ body: { symbol: 'BTCUSDT', orderId: 1, clientOrderId: asked.query.get('newClientOrderId') }, headers: { 'x-mbx-order-count-10s': '100', 'x-mbx-order-count-1d': '101' } }), () => clock.now())
  const venue = venueFor({ restUrl: rest.url, clock, limits, createWaitMs: 1_500 })
  const create = (id: string) => venue.create({ request: approved({ ...buy(id), side: 'sell' }), claimedAt: clock.now() })
  expect((await create('c1')).kind).toBe('accepted')
  const second = create('c2')
  await settle()
  await clock.advance(1_500)
  expect(await second).toMatchObject({ kind: 'refused', reason: 'rateLimited' })
  await clock.advance(9_000)
  expect((await create('c3')).kind).toBe('accepted')
})
