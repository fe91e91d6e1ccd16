import { describe, expect, onTestFinished, test } from 'vitest'
import type { Candle, PublicTrade } from '../../src/domain/market-data.ts'
import type { Stream } from '../../src/ports/venue.ts'
import { examples } from './examples.ts'
import { fakeFeed, MemoryLog, NotingListener, sleep, until, venueFor, type FakeFeed } from './support.ts'

interface Opened {
  readonly feed: FakeFeed
  readonly listener: NotingListener
  readonly stream: Stream
  readonly log: MemoryLog
}

const open = async (kind: 'market' | 'user', instruments: readonly string[]): Promise<Opened> => {
  const feed = await fakeFeed()
  const listener = new NotingListener()
  const log = new MemoryLog()
  const venue = venueFor({ marketUrl: feed.url, userUrl: feed.url, log })
  const stream = (kind === 'market' ? venue.marketFeed : venue.accountFeed).open(instruments, listener)
  onTestFinished(() => stream.close())
  await until(() => feed.heard.length === 2)
  return { feed, listener, stream, log }
}

const ticker = (productId: string, bid = '2500', ask = '2500.2') => ({ type: 'update', tickers: [{ type: 'ticker', product_id: productId, best_bid: bid, best_ask: ask }] })
const beat = (counter: number | string) => ({ current_time: '2026-09-30 12:00:01 +0000 UTC m=+500.5', heartbeat_counter: counter })
const userOrder = (id: string) => ({ order_id: id, client_order_id: `c-${id}`, product_id: 'ETH-USD', order_side: 'BUY', status: 'OPEN', cumulative_quantity: '0', reject_Reason: '' })
const userOrders = (count: number) => Array.from({ length: count }, (_, index) => userOrder(String(index)))

test('one channel a message, each with its own token', async () => {
  const { feed, listener } = await open('market', ['BTC-USD', 'ETH-USD'])
  expect(feed.heard.map(({ jwt: _jwt, ...message }) => message)).toEqual([
    { type: 'subscribe', channel: 'ticker', product_ids: ['BTC-USD', 'ETH-USD'] },
    { type: 'subscribe', channel: 'heartbeats' },
  ])
  const tokens = feed.heard.map(({ jwt }) => String(jwt))
  expect(new Set(tokens).size).toBe(2)
  expect(Buffer.from(tokens[0]?.split('.')[1] ?? '', 'base64url').toString()).not.toContain('uri')
  expect(listener.notes).toEqual(['opened'])
})

test('live after a quote of each instrument and a heartbeat, not by the acknowledgement', async () => {
  const { feed, listener } = await open('market', ['BTC-USDC', 'ETH-USD'])
  feed.channel('ticker', [ticker('BTC-USD', '100', '101')])
  feed.channel('subscriptions', [{ subscriptions: { ticker: ['BTC-USDC', 'ETH-USD'], heartbeats: ['heartbeats'] } }])
  feed.channel('heartbeats', [beat('7')])
  feed.channel('ticker', [ticker('ETH-USD', '', '')])
  await until(() => listener.frames === 4)
  expect(listener.notes).toEqual(['opened'])
  feed.channel('ticker', [ticker('ETH-USD')])
  await until(() => listener.has('subscribed'))
  expect(listener.quotes).toEqual([
    { instrument: 'BTC-USDC', bid: '100', ask: '101', at: Date.UTC(2026, 8, 30, 12, 0, 0, 300), receivedAt: expect.any(Number), source: 'stream' },
    { instrument: 'ETH-USD', bid: '2500', ask: '2500.2', at: Date.UTC(2026, 8, 30, 12, 0, 0, 300), receivedAt: expect.any(Number), source: 'stream' },
  ])
  feed.channel('ticker', [ticker('ETH-USD')])
  await until(() => listener.quotes.length === 3)
  expect(listener.notes).toEqual(['opened', 'subscribed'])
})

test('a gap is told; repeats and overtaken frames are dropped', async () => {
  const { feed, listener } = await open('market', ['ETH-USD'])
  feed.channel('ticker', [ticker('ETH-USD', '1', '2')], 0)
  feed.channel('ticker', [ticker('ETH-USD', '1', '2')], 0)
  feed.channel('ticker', [ticker('ETH-USD', '3', '4')], 3)
  feed.channel('ticker', [ticker('ETH-USD', '2', '3')], 2)
  feed.channel('ticker', [ticker('ETH-USD', '5', '6')], 4)
  await until(() => listener.frames === 5)
  expect(listener.quotes.map(({ bid }) => bid)).toEqual(['1', '3', '5'])
  expect(listener.notes).toEqual(['opened', 'gap: messages before number 3 are missing'])
})

test('heartbeats that jump are a gap; two apart may be rounding', async () => {
  const { feed, listener } = await open('market', ['ETH-USD'])
  for (const counter of [500, 501, '503', 504]) feed.channel('heartbeats', [beat(counter)])
  await until(() => listener.frames === 4)
  expect(listener.notes).toEqual(['opened'])
  feed.channel('heartbeats', [beat(508)])
  await until(() => listener.has('gap'))
  expect(listener.notes).toEqual(['opened', 'gap: 3 heartbeats are missing'])
})

test('unreadable frames are noted and change nothing', async () => {
  const { feed, listener, log } = await open('market', ['ETH-USD'])
  feed.send('not json')
  feed.send({ channel: 5 })
  feed.send(examples.ticker)
  await until(() => listener.quotes.length === 1)
  expect(listener.frames).toBe(3)
  expect(log.lines.map(({ event }) => event)).toEqual(['venue.frameUnreadable', 'venue.frameUnreadable'])
})

test.each([
  ['authentication failure', 'fatal'],
  ['failure to subscribe', 'retryable'],
  ['something new', 'retryable'],
])('the error "%s" ends the stream: %s', async (message, end) => {
  const { feed, listener } = await open('market', ['ETH-USD'])
  feed.send({ type: 'error', message })
  feed.send(examples.ticker)
  await until(() => listener.notes.length === 2)
  await sleep(20)
  expect(listener.notes).toEqual(['opened', `${end}: venue: ${message}`])
  expect(listener.quotes).toEqual([])
})

test.each([
  [401, 'fatal'],
  [403, 'fatal'],
  [429, 'retryable'],
  [503, 'retryable'],
])('an upgrade refused with %i is %s', async (status, end) => {
  const feed = await fakeFeed(status)
  const listener = new NotingListener()
  venueFor({ marketUrl: feed.url }).marketFeed.open(['ETH-USD'], listener)
  await until(() => listener.notes.length > 0)
  await sleep(20)
  expect(listener.notes).toEqual([`${end}: HTTP ${status} instead of a WebSocket`])
})

test('nobody listens: retryable', async () => {
  const listener = new NotingListener()
  venueFor({}).accountFeed.open([], listener)
  await until(() => listener.notes.length > 0)
  expect(listener.notes).toEqual(['retryable: ECONNREFUSED'])
})

test('a close by the venue: retryable, and drained only where it had served', async () => {
  const early = await open('market', ['ETH-USD'])
  early.feed.socket().close(1001)
  await until(() => early.listener.has('retryable: closed with code 1001'))
  const late = await open('market', ['ETH-USD'])
  late.feed.channel('ticker', [ticker('ETH-USD')])
  late.feed.channel('heartbeats', [beat(1)])
  await until(() => late.listener.has('subscribed'))
  late.feed.socket().close(1012)
  await until(() => late.listener.has('drained: closed with code 1012'))
})

test('a frame beyond 16 MB ends the stream instead of the process', async () => {
  const { feed, listener } = await open('market', ['ETH-USD'])
  feed.send(`"${'x'.repeat(17 * 1024 * 1024)}"`)
  await until(() => listener.has('retryable'))
})

test('after close nothing is told, not even the rest of a frame', async () => {
  const { feed, listener, stream } = await open('market', ['ETH-USD'])
  listener.onQuote = () => stream.close()
  feed.channel('ticker', [{ type: 'update', tickers: [ticker('ETH-USD').tickers[0] ?? {}, ticker('ETH-USD').tickers[0] ?? {}] }])
  feed.channel('ticker', [ticker('ETH-USD')])
  await until(() => listener.quotes.length > 0)
  await sleep(30)
  expect(listener.quotes).toHaveLength(1)
  expect(listener.notes).toEqual(['opened'])
})

test('a stream closed before it opened says nothing', async () => {
  const feed = await fakeFeed()
  const listener = new NotingListener()
  venueFor({ marketUrl: feed.url }).marketFeed.open(['ETH-USD'], listener).close()
  await sleep(50)
  expect(listener.notes).toEqual([])
})

test('the user stream is live after the last chunk of its snapshot', async () => {
  const { feed, listener } = await open('user', ['ETH-USD'])
  expect(feed.heard.map(({ jwt, ...message }) => [message, typeof jwt])).toEqual([
    [{ type: 'subscribe', channel: 'user' }, 'string'],
    [{ type: 'subscribe', channel: 'heartbeats' }, 'string'],
  ])
  feed.channel('heartbeats', [beat(1)])
  feed.channel('user', [{ type: 'snapshot', orders: userOrders(50) }])
  feed.channel('user', [{ type: 'update', orders: userOrders(50) }])
  await until(() => listener.orders.length === 100)
  expect(listener.notes).toEqual(['opened'])
  feed.channel('user', [{ type: 'update', orders: userOrders(3) }])
  await until(() => listener.has('subscribed'))
  expect(listener.orders).toHaveLength(103)
  expect(listener.orders[0]).toEqual({ venueOrderId: '0', clientOrderId: 'c-0', instrument: 'ETH-USD', side: 'buy', status: 'open', executed: '0' })
})

test('an empty snapshot is a snapshot; an update before it is not', async () => {
  const { feed, listener, log } = await open('user', [])
  feed.channel('heartbeats', [beat(1)])
  feed.channel('user', [{ type: 'update', orders: [userOrder('1'), { order_id: 'odd' }, null] }])
  await until(() => listener.frames === 2)
  expect(listener.notes).toEqual(['opened'])
  feed.channel('user', [{ type: 'snapshot', orders: [] }])
  await until(() => listener.has('subscribed'))
  expect(listener.orders).toHaveLength(1)
  expect(log.lines.map(({ event }) => event)).toEqual(['venue.orderUnreadable', 'venue.orderUnreadable'])
})

const trade = (id: number, size = '1', side = 'BUY') => ({ trade_id: String(id), product_id: 'ETH-USD', price: '2500.1', size, time: '2026-09-30T12:00:00.250Z', side })

test('the tape begins behind its snapshot, in order, each trade once; the taker is the other side', async () => {
  const feed = await fakeFeed()
  const told: PublicTrade[] = []
  const listener = Object.assign(new NotingListener(), { trade: (one: PublicTrade) => void told.push(one) })
  const stream = venueFor({ marketUrl: feed.url }).marketFeed.open(['ETH-USD'], listener)
  onTestFinished(() => stream.close())
  await until(() => feed.heard.length === 3)
  expect(feed.heard.map(({ channel }) => channel)).toEqual(['ticker', 'market_trades', 'heartbeats'])
  feed.channel('ticker', [ticker('ETH-USD')])
  feed.channel('heartbeats', [beat(1)])
  await until(() => listener.frames === 2)
  expect(listener.notes).toEqual(['opened'])
  feed.channel('market_trades', [{ type: 'snapshot', trades: [trade(999), trade(998)] }])
  feed.channel('market_trades', [{ type: 'update', trades: [trade(1001, '3', 'SELL'), trade(1000), trade(999)] }])
  feed.channel('market_trades', [{ type: 'update', trades: [trade(1000), { ...trade(1002), price: 'none' }, { ...trade(1003), product_id: 'BTC-USD' }, 7] }])
  await until(() => listener.frames === 5)
  expect(told.map(({ tradeId, taker, quantity }) => [tradeId, taker, quantity])).toEqual([['1000', 'sell', '1'], ['1001', 'buy', '3']])
  expect(listener.notes).toEqual(['opened', 'subscribed'])
})

test('candles and listings are told to who listens for them, under the name that was asked for', async () => {
  const feed = await fakeFeed()
  const told: unknown[] = []
  const listener = Object.assign(new NotingListener(), { candle: (instrument: string, { opensAt, close }: Candle) => void told.push([instrument, opensAt, close]), listing: (instrument: string, isOnline: boolean) => void told.push([instrument, isOnline]) })
  const stream = venueFor({ marketUrl: feed.url }).marketFeed.open(['ETH-USDC'], listener)
  onTestFinished(() => stream.close())
  await until(() => feed.heard.length === 4)
  const candle = (close: string) => ({ start: '1790769600', high: '3', low: '1', open: '2', close, volume: '9', product_id: 'ETH-USD' })
  feed.channel('candles', [{ type: 'snapshot', candles: [candle('1.5')] }])
  feed.channel('candles', [{ type: 'update', candles: [candle('2.5'), candle('7')] }])
  feed.channel('status', [{ type: 'snapshot', products: [{ id: 'ETH-USD', status: 'online' }, { id: 'BTC-USD', status: 'online' }] }])
  feed.channel('status', [{ type: 'update', products: [{ id: 'ETH-USD', status: 'delisted' }] }])
  await until(() => listener.frames === 4)
  expect(told).toEqual([['ETH-USDC', 1_790_769_600_000, '2.5'], ['ETH-USDC', true], ['ETH-USDC', false]])
})

describe('a live book', () => {
  const row = (side: 'bid' | 'offer', level: string, quantity: string) => ({ side, event_time: '1970-01-01T00:00:00Z', price_level: level, new_quantity: quantity })
  const book = (type: 'snapshot' | 'update', updates: readonly unknown[], product = 'ETH-USD') => [{ type, product_id: product, updates }]
  const openBook = async () => {
    const feed = await fakeFeed()
    const notes: string[] = []
    const tops: (readonly [string | undefined, string | undefined])[] = []
    const stream = venueFor({ marketUrl: feed.url }).bookFeed.open('ETH-USD', {
      opened: () => void notes.push('opened'),
      subscribed: () => void notes.push('subscribed'),
      received: () => undefined,
      gap: () => void notes.push('gap'),
      ended: (end, detail) => void notes.push(`${end}: ${detail}`),
      book: (live) => void tops.push([live.top(1).bids[0]?.price, live.top(1).asks[0]?.price]),
    })
    onTestFinished(() => stream.close())
    await until(() => feed.heard.length === 2)
    feed.channel('heartbeats', [beat(1)])
    feed.channel('l2_data', book('update', [row('bid', '1', '1')]))
    feed.channel('l2_data', book('snapshot', [row('bid', '99', '1'), row('bid', '98', '2'), row('offer', '101', '1'), row('offer', '102', '1')]))
    await until(() => notes.includes('subscribed'))
    return { feed, notes, tops }
  }

  test('begins with its snapshot; quantities are absolute, zero removes, the same level may be written otherwise', async () => {
    const { feed, notes, tops } = await openBook()
    expect(feed.heard[0]).toMatchObject({ channel: 'level2', product_ids: ['ETH-USD'] })
    feed.channel('l2_data', book('update', [row('bid', '99.00', '0.00000000'), row('offer', '77', '0'), row('offer', '100.5', '3')]))
    feed.channel('l2_data', book('update', [row('bid', '100', '1')], 'BTC-USD'))
    feed.channel('l2_data', book('snapshot', [row('bid', '50', '1'), row('offer', '51', '1')]))
    await until(() => tops.length === 3)
    expect(tops).toEqual([['99', '101'], ['98', '100.5'], ['50', '51']])
    expect(notes).toEqual(['opened', 'subscribed'])
  })

  test.each([
    ['crosses itself', [row('bid', '101', '1')]],
    ['loses a side', [row('offer', '101', '0'), row('offer', '102', '0')]],
    ['has a row that cannot be read', [row('bid', 'x', '1')]],
    ['has a row of neither side', [{ ...row('bid', '97', '1'), side: 'middle' }]],
  ])('that %s is told as unknown, and the stream ends to begin anew', async (_what, updates) => {
    const { feed, notes, tops } = await openBook()
    feed.channel('l2_data', book('update', updates))
    await until(() => notes.length === 3)
    expect([tops.at(-1), notes.at(-1)]).toEqual([[undefined, undefined], 'retryable: what was told contradicts itself'])
  })

  test('behind a gap is unknown, and the stream ends to begin anew', async () => {
    const { feed, notes, tops } = await openBook()
    feed.channel('l2_data', book('update', [row('bid', '99.5', '1')]), 9)
    await until(() => notes.length === 4)
    expect(tops).toEqual([['99', '101'], [undefined, undefined]])
    expect(notes.slice(2)).toEqual(['gap', 'retryable: messages before number 9 are missing'])
  })
})

test('a word and a field that are new are counted, and the order is told all the same', async () => {
  const { feed, listener, log } = await open('user', [])
  feed.channel('user', [{ type: 'snapshot', orders: [] }])
  feed.channel('user', [{ type: 'update', orders: [{ ...userOrder('1'), status: 'HIBERNATING', mood: 'calm' }] }])
  await until(() => listener.orders.length === 1)
  expect(listener.orders[0]?.status).toBe('unknown')
  expect(log.lines.map(({ fields }) => fields?.['what'])).toEqual(['field userOrder.mood', 'word userOrder.status=HIBERNATING'])
})

test('a user host that does not serve is left for the market host, which serves the user channel too, and the reverse', async () => {
  const feed = await fakeFeed()
  const venue = venueFor({ marketUrl: feed.url })
  const first = new NotingListener()
  venue.accountFeed.open([], first)
  await until(() => first.has('retryable: ECONNREFUSED'))
  const second = new NotingListener()
  const stream = venue.accountFeed.open([], second)
  await until(() => feed.heard.length === 2)
  expect(feed.heard[0]).toMatchObject({ channel: 'user' })
  feed.channel('user', [{ type: 'snapshot', orders: [] }])
  feed.channel('heartbeats', [beat(1)])
  await until(() => second.has('subscribed'))
  // One that has served is asked again.
  feed.socket().close(1001)
  await until(() => second.has('drained'))
  stream.close()
  const third = new NotingListener()
  const last = venue.accountFeed.open([], third)
  onTestFinished(() => last.close())
  await until(() => feed.heard.length === 4)
})
