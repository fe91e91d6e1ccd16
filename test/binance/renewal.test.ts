import { expect, onTestFinished, test } from 'vitest'
import type { Stream } from '../../src/ports/venue.ts'
import { HandClock } from '../support/hand-clock.ts'
import { fakeSockets, fakeVenue, MemoryLog, NotingListener, sleep, until, venueFor, type Connection, type FakeSockets, type SocketRules } from './support.ts'

const hour = 3_600_000

interface Opened {
  readonly clock: HandClock
  readonly sockets: FakeSockets
  readonly listener: NotingListener
  readonly stream: Stream
  readonly log: MemoryLog
}

const open = async (rules: SocketRules = {}): Promise<Opened> => {
  const clock = new HandClock()
  const rest = await fakeVenue(() => ({ body: {} }), () => clock.now())
  const sockets = await fakeSockets(rules)
  const listener = new NotingListener()
  const log = new MemoryLog()
  const stream = venueFor({ restUrl: rest.url, streamsUrl: sockets.url, clock, log, heartbeatMs: 100 * hour }).marketFeed.open(['BTC-USDT'], listener)
  onTestFinished(() => stream.close())
  await until(() => listener.has('subscribed'))
  return { clock, sockets, listener, stream, log }
}

const at = (sockets: FakeSockets, index: number): Connection => {
  const connection = sockets.connections[index]
  if (connection === undefined) throw new Error(`there is no connection ${index}`)
  return connection
}
const quote = (u: number, bid: string): object => ({ stream: 'btcusdt@bookTicker', data: { u, s: 'BTCUSDT', b: bid, B: '1', a: '99', A: '1' } })
const bids = (listener: NotingListener): readonly string[] => listener.quotes.map(({ bid }) => bid)
const isOpen = ({ socket }: Connection): boolean => socket.readyState === socket.OPEN

test('before its day is over a connection is replaced: the second is opened, both serve, and the first is let go (CN-06)', async () => {
  const { clock, sockets, listener } = await open({ answer: (_request, connection) => (connection === 1 ? undefined : { result: null }) })
  await clock.advance(23 * hour - 1_000)
  expect(sockets.connections).toHaveLength(1)
  at(sockets, 0).send(quote(1, '1'))
  await until(() => listener.quotes.length === 1)
  await clock.advance(1_000)
  await until(() => sockets.connections.length === 2 && at(sockets, 1).heard.length === 1)
  at(sockets, 1).send(quote(3, '3'))
  await until(() => listener.quotes.length === 2)
  // The old one is slower: what the new one has overtaken is not told.
  at(sockets, 0).send(quote(2, '2'))
  at(sockets, 0).send(quote(4, '4'))
  await until(() => listener.quotes.length === 3)
  expect(isOpen(at(sockets, 0))).toBe(true)
  at(sockets, 1).send({ result: null, id: 1 })
  await until(() => !isOpen(at(sockets, 0)))
  at(sockets, 1).send(quote(5, '5'))
  await until(() => listener.quotes.length === 4)
  expect(bids(listener)).toEqual(['1', '3', '4', '5'])
  expect(listener.notes).toEqual(['opened', 'subscribed'])
})

test('it goes on so, day after day', async () => {
  const { clock, sockets, listener } = await open()
  for (let day = 1; day <= 3; day += 1) {
    await clock.advance(23 * hour)
    await until(() => sockets.connections.length === day + 1 && !isOpen(at(sockets, day - 1)))
  }
  at(sockets, 3).send(quote(1, '7'))
  await until(() => listener.quotes.length === 1)
  expect(listener.notes).toEqual(['opened', 'subscribed'])
  expect(sockets.connections.filter((connection) => isOpen(connection))).toHaveLength(1)
})

test('a replacement that is not ready in time is given up and tried again; the old one serves on (T3)', async () => {
  const { clock, sockets, listener, log } = await open({ answer: (_request, connection) => (connection === 1 ? undefined : { result: null }) })
  await clock.advance(23 * hour)
  await until(() => sockets.connections.length === 2 && at(sockets, 1).heard.length === 1)
  await clock.advance(15_000)
  await until(() => !isOpen(at(sockets, 1)))
  at(sockets, 0).send(quote(1, '1'))
  await until(() => listener.quotes.length === 1)
  await clock.advance(59_000)
  expect(sockets.connections).toHaveLength(2)
  await clock.advance(1_000)
  await until(() => sockets.connections.length === 3 && !isOpen(at(sockets, 0)))
  expect(log.lines.filter(({ level }) => level === 'warn').map(({ event }) => event)).toEqual(['venue.renewalFailed'])
  expect(listener.notes).toEqual(['opened', 'subscribed'])
})

test('an old connection that ends before the hand-over ends the stream, and the new one with it (T2)', async () => {
  const { clock, sockets, listener } = await open({ answer: (_request, connection) => (connection === 1 ? undefined : { result: null }) })
  await clock.advance(23 * hour)
  await until(() => sockets.connections.length === 2 && at(sockets, 1).heard.length === 1)
  at(sockets, 0).socket.terminate()
  await until(() => listener.has('retryable'))
  await until(() => !isOpen(at(sockets, 1)))
  await clock.advance(48 * hour)
  await sleep(20)
  expect(sockets.connections).toHaveLength(2)
  expect(listener.notes).toHaveLength(3)
})

test('a shutdown that is announced is met by a replacement first, and nobody hears of it', async () => {
  const { sockets, listener } = await open()
  at(sockets, 0).send({ stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } })
  await until(() => sockets.connections.length === 2 && !isOpen(at(sockets, 0)))
  at(sockets, 1).send(quote(1, '1'))
  await until(() => listener.quotes.length === 1)
  expect(listener.notes).toEqual(['opened', 'subscribed'])
})

test.each([{ e: 'serverShutdown', E: 1 }, { event: { e: 'serverShutdown', E: 1 } }, { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } }])('a shutdown that comes sooner than the replacement is drained, however it was announced: %j', async (frame) => {
  const { sockets, listener } = await open({ answer: (_request, connection) => (connection === 0 ? { result: null } : undefined) })
  at(sockets, 0).send(frame)
  at(sockets, 0).send(frame)
  await until(() => sockets.connections.length === 2)
  at(sockets, 0).socket.terminate()
  await until(() => listener.has('drained: the venue shuts this server down'))
  await until(() => !isOpen(at(sockets, 1)))
  expect(sockets.connections).toHaveLength(2)
})

test('after close nothing is opened any more', async () => {
  const { clock, sockets, stream } = await open()
  stream.close()
  await clock.advance(100 * hour)
  await sleep(20)
  expect(sockets.connections).toHaveLength(1)
  expect(clock.pending).toBe(0)
})

test('messages to a socket are few enough: batches of names, four a second (CN-10)', async () => {
  const clock = new HandClock()
  const { PacedSender } = await import('../../src/adapters/binance/paced-sender.ts')
  const sent: { readonly text: string; readonly at: number }[] = []
  const sender = new PacedSender(clock, (text) => void sent.push({ text, at: clock.now() }))
  for (let count = 0; count < 64; count += 1) expect(sender.send(String(count))).toBe(true)
  while (sender.send('more'));
  await clock.advance(60_000)
  expect(sent[0]?.text).toBe('0')
  for (const { at } of sent) expect(sent.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThanOrEqual(4)
  expect(sent).toHaveLength(65)
  expect(clock.pending).toBe(0)
})
