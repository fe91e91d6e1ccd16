import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadKey, type BinanceOptions } from '../../src/adapters/binance/index.ts'
import type { Candle, PublicTrade } from '../../src/domain/market-data.ts'
import type { Stream } from '../../src/ports/venue.ts'
import { fakeSockets, fakeVenue, MemoryLog, NotingListener, sleep, until, vectorApiKey, venueFor, type Connection, type FakeSockets, type SocketRules } from './support.ts'

interface Opened {
  readonly sockets: FakeSockets
  readonly listener: NotingListener
  readonly stream: Stream
  readonly log: MemoryLog
  readonly connection: Connection
}

const open = async (kind: 'market' | 'account', { instruments = ['BTC-USDT'], rules = {}, options = {} }: { instruments?: readonly string[]; rules?: SocketRules; options?: Partial<BinanceOptions> } = {}): Promise<Opened> => {
  const rest = await fakeVenue(() => ({ body: {} }))
  const sockets = await fakeSockets(rules)
  const listener = new NotingListener()
  const log = new MemoryLog()
  const venue = venueFor({ restUrl: rest.url, streamsUrl: sockets.url, wsApiUrl: sockets.url, log, ...options })
  const stream = (kind === 'market' ? venue.marketFeed : venue.accountFeed).open(instruments, listener)
  onTestFinished(() => stream.close())
  await until(() => sockets.connections.length > 0)
  const [connection] = sockets.connections
  if (connection === undefined) throw new Error('nobody is connected')
  return { sockets, listener, stream, log, connection }
}

const ticker = (u: number, b = '61602.01000000', a = '61602.02000000', s = 'BTCUSDT') => ({ stream: `${s.toLowerCase()}@bookTicker`, data: { u, s, b, B: '1.00000000', a, A: '2.00000000' } })
const warnings = (log: MemoryLog): readonly string[] => log.lines.filter(({ level }) => level === 'warn').map(({ event }) => event)

describe('the market feed', () => {
  test('subscribes on the combined stream by one message and is live when that is confirmed', async () => {
    const { listener, connection } = await open('market', { instruments: ['BTC-USDT', 'ETH-USDT', 'GONE-USDT'] })
    await until(() => listener.has('subscribed'))
    expect(connection.path).toBe('/stream')
    expect(connection.heard).toEqual([{ id: 1, method: 'SUBSCRIBE', params: ['btcusdt@bookTicker', 'ethusdt@bookTicker'] }])
    expect(listener.notes).toEqual(['opened', 'subscribed'])
  })

  test('tells best prices, dated by their receipt, also before the confirmation', async () => {
    const { listener, connection } = await open('market', { rules: { answer: () => undefined } })
    await until(() => connection.heard.length === 1)
    const before = Date.now()
    connection.send(ticker(400900217))
    await until(() => listener.quotes.length === 1)
    const [quote] = listener.quotes
    expect(quote).toEqual({ instrument: 'BTC-USDT', bid: '61602.01', ask: '61602.02', bidQuantity: '1', askQuantity: '2', at: quote?.receivedAt, receivedAt: expect.any(Number) as number, source: 'stream' })
    expect(quote?.at).toBeGreaterThanOrEqual(before)
    expect(listener.notes).toEqual(['opened'])
  })

  test('understands the raw form too, and leaves out whatever else comes', async () => {
    const { listener, connection, log } = await open('market')
    await until(() => listener.has('subscribed'))
    connection.send(ticker(1).data)
    connection.send(ticker(2, '61602.01', '0.00000000'))
    connection.send(ticker(3, '1', '2', 'ETHUSDT'))
    connection.send(ticker(4, '1', '2', 'NEVERLISTED'))
    connection.send({ stream: 'btcusdt@trade', data: { e: 'trade', E: 1, s: 'BTCUSDT', t: 1, p: '1', q: '1', T: 1, m: true } })
    connection.send('not json')
    connection.send('[1,2]')
    connection.send('null')
    connection.send({})
    connection.send(ticker(5))
    await until(() => listener.quotes.length === 2)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
    expect(warnings(log)).toEqual(['venue.frameUnreadable', 'venue.frameUnreadable', 'venue.frameUnreadable'])
  })

  test('tells the tape and the candle of the present five minutes to who listens for them', async () => {
    const sockets = await fakeSockets()
    const rest = await fakeVenue(() => ({ body: {} }))
    const told: unknown[] = []
    const listener = Object.assign(new NotingListener(), {
      trade: ({ tradeId, taker, price, at }: PublicTrade) => void told.push([tradeId, taker, price, at]),
      candle: (instrument: string, { opensAt, close }: Candle) => void told.push([instrument, opensAt, close]),
    })
    const stream = venueFor({ restUrl: rest.url, streamsUrl: sockets.url }).marketFeed.open(['BTC-USDT'], listener)
    onTestFinished(() => stream.close())
    await until(() => listener.has('subscribed'))
    const [connection] = sockets.connections
    expect(connection?.heard).toEqual([{ id: 1, method: 'SUBSCRIBE', params: ['btcusdt@bookTicker', 'btcusdt@trade', 'btcusdt@kline_5m'] }])
    const trade = (t: unknown, m: unknown, s = 'BTCUSDT') => ({ stream: 'btcusdt@trade', data: { e: 'trade', E: 5, s, t, p: '61602.01000000', q: '0.50000000', T: 4, m, M: true } })
    const kline = (k: object) => ({ stream: 'btcusdt@kline_5m', data: { e: 'kline', E: 6, s: 'BTCUSDT', k: { t: 300_000, o: '2', h: '3', l: '1', c: '2.5', v: '9', x: false, ...k } } })
    for (const frame of [trade(7, true), trade(8, false), trade('9', false), trade(10, 'yes'), trade(11, false, 'ETHUSDT'), kline({}), kline({ c: '7' }), kline({ t: 'x' })]) connection?.send(frame)
    connection?.send(ticker(1))
    await until(() => listener.quotes.length === 1)
    expect(told).toEqual([['7', 'sell', '61602.01', 4], ['8', 'buy', '61602.01', 4], ['BTC-USDT', 300_000, '2.5']])
  })

  test('is silent after close, even in the middle of what it tells', async () => {
    const { listener, stream, connection } = await open('market')
    await until(() => listener.has('subscribed'))
    listener.onQuote = () => stream.close()
    connection.send(ticker(1))
    connection.send(ticker(2))
    await until(() => listener.quotes.length > 0)
    await sleep(30)
    expect(listener.quotes).toHaveLength(1)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
  })

  test('closed before it opened says nothing', async () => {
    const sockets = await fakeSockets()
    const listener = new NotingListener()
    venueFor({ streamsUrl: sockets.url }).marketFeed.open(['BTC-USDT'], listener).close()
    await sleep(50)
    expect(listener.notes).toEqual([])
  })

  test.each([
    ['wrapped', { error: { code: 2, msg: 'Invalid request: invalid stream' } }],
    ['bare', { code: 2, msg: 'Invalid request: invalid stream' }],
  ])('ends when a subscription is refused, the error being %s', async (_form, reply) => {
    const { listener } = await open('market', { rules: { answer: () => reply } })
    await until(() => listener.notes.length === 2)
    expect(listener.notes).toEqual(['opened', 'retryable: venue: 2 Invalid request: invalid stream'])
  })

  test('ends where none of its instruments is listed, or the list cannot be read', async () => {
    const none = await open('market', { instruments: ['GONE-USDT'] })
    await until(() => none.listener.has('retryable: the venue lists none'))
    const unread = await open('market', { options: { restUrl: 'http://127.0.0.1:9' } })
    await until(() => unread.listener.has('retryable: GET /exchangeInfo: ECONNREFUSED'))
  })

  test.each([
    [401, 'fatal'],
    [403, 'fatal'],
    [451, 'fatal'],
    [429, 'retryable'],
    [503, 'retryable'],
  ])('an upgrade refused with %i is %s', async (status, end) => {
    const sockets = await fakeSockets({ refuseWith: status })
    const listener = new NotingListener()
    venueFor({ streamsUrl: sockets.url }).marketFeed.open(['BTC-USDT'], listener)
    await until(() => listener.notes.length > 0)
    await sleep(20)
    expect(listener.notes).toEqual([`${end}: HTTP ${status} instead of a WebSocket`])
  })

  test('where nobody listens ends, to be tried again', async () => {
    const listener = new NotingListener()
    venueFor({}).marketFeed.open([], listener)
    await until(() => listener.notes.length > 0)
    expect(listener.notes).toEqual(['retryable: ECONNREFUSED'])
  })

  test('closed by the venue is drained only where it had served', async () => {
    const early = await open('market', { rules: { answer: () => undefined } })
    early.connection.socket.close(1001)
    await until(() => early.listener.has('retryable: closed with code 1001'))
    const late = await open('market')
    await until(() => late.listener.has('subscribed'))
    late.connection.socket.close(1012)
    await until(() => late.listener.has('drained: closed with code 1012'))
  })

  test('a frame beyond 16 MB ends the stream instead of the process', async () => {
    const { listener, connection } = await open('market')
    await until(() => listener.has('subscribed'))
    connection.send(`"${'x'.repeat(17 * 1024 * 1024)}"`)
    await until(() => listener.has('retryable'))
  })

  test('a quiet market is heard by its heartbeats, one at a time (CN-01)', async () => {
    const { listener } = await open('market', { options: { heartbeatMs: 20 } })
    await until(() => listener.frames > 3)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
  })
})

const execution = (changes: object = {}) => ({
  subscriptionId: 0,
  event: {
    e: 'executionReport', E: 1499405658658, s: 'BTCUSDT', c: 'mine', S: 'BUY', o: 'LIMIT_MAKER', f: 'GTC', q: '1.00000000', p: '0.10264410', P: '0.00000000', F: '0.00000000', g: -1, C: '', x: 'NEW', X: 'NEW', r: 'NONE',
    i: 4293153, l: '0.00000000', z: '0.00000000', L: '0.00000000', n: '0', N: null, T: 1499405658657, t: -1, I: 8641984, w: true, m: false, M: false, O: 1499405658657, Z: '0.00000000', Y: '0.00000000', Q: '0.00000000', W: 1499405658657, V: 'NONE', ...changes,
  },
})
const subscribing: SocketRules = { answer: () => ({ status: 200, result: { subscriptionId: 0 } }) }

describe('the account feed', () => {
  test('subscribes with a signature and is live when that is confirmed', async () => {
    const { listener, connection } = await open('account', { rules: subscribing })
    await until(() => listener.has('subscribed'))
    expect(connection.path).toBe('/ws-api/v3')
    expect(connection.heard).toEqual([{ id: 1, method: 'userDataStream.subscribe.signature', params: { apiKey: vectorApiKey, recvWindow: 5000, timestamp: expect.any(Number) as number, signature: expect.stringMatching(/^[0-9a-f]{64}$/) as string } }])
  })

  const ed = loadKey({ apiKey: 'ed-key', secret: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() })
  const methods = (connection: Connection): readonly string[] => connection.heard.map(({ method }) => method)

  test('logs on with an Ed25519 key where the venue offers that', async () => {
    const { listener, connection } = await open('account', { options: { key: ed }, rules: { answer: ({ method }) => (method === 'session.logon' ? { status: 200, result: { apiKey: 'ed-key', userDataStream: false } } : { status: 200, result: { subscriptionId: 0 } }) } })
    await until(() => listener.has('subscribed'))
    expect(methods(connection)).toEqual(['session.logon', 'userDataStream.subscribe'])
    expect(connection.heard[1]).not.toHaveProperty('params')
  })

  test.each<[string, SocketRules['answer'] & object]>([
    ['has no such feature', ({ method }) => (method === 'session.logon' ? { status: 200, result: { userDataStream: null } } : { status: 200, result: { subscriptionId: 0 } })],
    ['does not know the logon', ({ method }) => (method === 'session.logon' ? { status: 400, error: { code: -1020, msg: 'This operation is not supported.' } } : { status: 200, result: { subscriptionId: 0 } })],
    ['refuses the plain subscription', ({ method }) => (method === 'userDataStream.subscribe' ? { status: 400, error: { code: -1020, msg: 'no' } } : { status: 200, result: { subscriptionId: 0 } })],
  ])('falls back to the signature where the venue %s', async (_name, answer) => {
    const { listener, connection } = await open('account', { options: { key: ed }, rules: { answer } })
    await until(() => listener.has('subscribed'))
    expect(methods(connection).at(-1)).toBe('userDataStream.subscribe.signature')
  })

  test('a subscription that is active already is one', async () => {
    const { listener } = await open('account', { rules: { answer: () => ({ status: 400, error: { code: -2035, msg: 'User Data Stream subscription already active.' } }) } })
    await until(() => listener.has('subscribed'))
  })

  test('tells the cumulative state of an order, never an execution', async () => {
    const { listener, connection } = await open('account', { rules: subscribing })
    await until(() => listener.has('subscribed'))
    connection.send(execution())
    connection.send(execution({ x: 'TRADE', X: 'PARTIALLY_FILLED', l: '0.30000000', z: '0.30000000', t: 77 }))
    connection.send(execution({ x: 'TRADE', X: 'FILLED', l: '0.70000000', z: '1.00000000', t: 78 }))
    await until(() => listener.orders.length === 3)
    expect(listener.orders[0]).toEqual({ venueOrderId: 'BTC-USDT:4293153', clientOrderId: 'mine', instrument: 'BTC-USDT', side: 'buy', status: 'open', executed: '0', price: '0.1026441', quantity: '1', createdAt: 1499405658657 })
    expect(listener.orders.map(({ status, executed }) => [status, executed])).toEqual([['open', '0'], ['open', '0.3'], ['filled', '1']])
  })

  test('on a cancel the order keeps its own name: `c` is the name of the cancel, `C` the order (6.3)', async () => {
    const { listener, connection } = await open('account', { rules: subscribing })
    await until(() => listener.has('subscribed'))
    connection.send(execution({ x: 'CANCELED', X: 'CANCELED', c: 'name-of-the-cancel', C: 'mine', z: '0.30000000' }))
    connection.send(execution({ x: 'NEW', X: 'NEW', C: null }))
    connection.send(execution({ x: 'EXPIRED', X: 'EXPIRED_IN_MATCH', eR: 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED' }))
    connection.send(execution({ x: 'REJECTED', X: 'REJECTED', r: 'INSUFFICIENT_BALANCES' }))
    await until(() => listener.orders.length === 4)
    expect(listener.orders.map(({ clientOrderId, status, reason }) => [clientOrderId, status, reason])).toEqual([
      ['mine', 'cancelled', undefined],
      ['mine', 'open', undefined],
      ['mine', 'expired', 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED'],
      ['mine', 'failed', 'INSUFFICIENT_BALANCES'],
    ])
  })

  test('other events are counted and survived; an unreadable report costs only the hint', async () => {
    const { listener, connection, log } = await open('account', { rules: subscribing })
    await until(() => listener.has('subscribed'))
    for (const event of [{ e: 'outboundAccountPosition', E: 1, u: 1, B: [{ a: 'BTC', f: '1', l: '0' }] }, { e: 'balanceUpdate', a: 'BTC', d: '1' }, { e: 'listStatus' }, { e: 'externalLockUpdate' }, { e: 'listenKeyExpired' }, { e: 'somethingNew' }, {}]) connection.send({ subscriptionId: 0, event })
    for (let count = 0; count < 11; count += 1) connection.send({ subscriptionId: 0, event: { e: 'balanceUpdate' } })
    connection.send(execution({ S: 'BOTH' }))
    connection.send(execution({ i: -1 }))
    connection.send(execution({ z: 'x' }))
    connection.send(execution({ X: 'FILLED' }))
    connection.send(execution({ s: 'NEVERLISTED' }))
    connection.send(execution())
    await until(() => listener.orders.length === 1)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
    expect(warnings(log)).toEqual(Array.from({ length: 5 }, () => 'venue.orderUnreadable'))
    const counted = (what: string) => log.lines.filter(({ fields }) => fields?.['what'] === what).map(({ fields }) => fields?.['count'])
    expect([counted('event balanceUpdate'), counted('word executionReport.S=BOTH')]).toEqual([[1, 10], [1]])
  })

  test('a subscription that the venue has ended is drained', async () => {
    const { listener, connection } = await open('account', { rules: subscribing })
    await until(() => listener.has('subscribed'))
    connection.send({ subscriptionId: 0, event: { e: 'eventStreamTerminated', E: 1 } })
    await until(() => listener.has('drained: the venue has ended the subscription'))
  })

  test.each([
    [-1002, 401, 'fatal'],
    [-1022, 400, 'fatal'],
    [-2014, 401, 'fatal'],
    [-2015, 401, 'fatal'],
    [-1021, 400, 'retryable'],
    [-1003, 429, 'retryable'],
    [-2042, 400, 'retryable'],
    [-9999, 400, 'retryable'],
  ])('a subscription refused with %i is %s', async (code, status, end) => {
    const { listener } = await open('account', { rules: { answer: () => ({ status, error: { code, msg: 'text' } }) } })
    await until(() => listener.notes.length === 2)
    expect(listener.notes).toEqual(['opened', `${end}: venue: ${code} text`])
  })

  test('a key that is refused in the middle of a session may be banned for a while: tried again (CN-13)', async () => {
    const { listener, connection } = await open('account', { rules: subscribing })
    await until(() => listener.has('subscribed'))
    connection.send({ id: null, status: 401, error: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' } })
    await until(() => listener.has('retryable: venue: -2015'))
  })

  test('without a key is refused at once', async () => {
    const rest = await fakeVenue(() => ({ body: {} }))
    const sockets = await fakeSockets()
    const { binanceVenue } = await import('../../src/adapters/binance/index.ts')
    const { optionsFor } = await import('./support.ts')
    const { key: _key, ...keyless } = optionsFor({ restUrl: rest.url, wsApiUrl: sockets.url })
    const listener = new NotingListener()
    const venue = binanceVenue(keyless)
    venue.accountFeed.open([], listener)
    await until(() => listener.notes.length === 2)
    expect(listener.notes).toEqual(['opened', 'fatal: no API key is set'])
    venue.close()
  })

  test('a time that was refused is measured anew before the next attempt', async () => {
    const ahead = 90_000
    const rest = await fakeVenue(() => ({ body: {} }), () => Date.now() + ahead)
    const sockets = await fakeSockets({ answer: ({ params }) => (Math.abs((params as { timestamp: number }).timestamp - Date.now() - ahead) < 1_000 ? { status: 200, result: { subscriptionId: 0 } } : { status: 400, error: { code: -1021, msg: 'Timestamp' } }) })
    const venue = venueFor({ restUrl: rest.url, wsApiUrl: sockets.url })
    const first = new NotingListener()
    venue.accountFeed.open([], first)
    await until(() => first.has('retryable: venue: -1021'))
    await until(() => Math.abs(venue.now() - Date.now() - ahead) < 500)
    const second = new NotingListener()
    const stream = venue.accountFeed.open([], second)
    await until(() => second.has('subscribed'))
    stream.close()
  })
})
