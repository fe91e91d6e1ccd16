import * as fc from 'fast-check'
import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { diffOf, snapshotOf } from '../../src/adapters/binance/book-rows.ts'
import { comparePrices, type Level } from '../../src/adapters/venue-kit/book-side.ts'
import { readBookTicker, readFrame, type BookTicker } from '../../src/adapters/binance/frames.ts'
import { OrderBook, type BookDiff, type BookSnapshot } from '../../src/adapters/binance/order-book.ts'
import { readPayload } from '../../src/adapters/binance/wire.ts'
import { compare, price, quantity, type Price } from '../../src/domain/decimal.ts'
import type { BookStreamListener, Stream } from '../../src/ports/venue.ts'
import { fakeSockets, fakeVenue, MemoryLog, sleep, until, venueFor, type Asked, type Connection, type Reply } from './support.ts'

const level = ([at, of]: readonly [string, string]): Level => [price(at), quantity(of)]
const diff = (firstId: number, lastId: number, bids: readonly [string, string][] = [], asks: readonly [string, string][] = []): BookDiff => ({ firstId, lastId, bids: bids.map((one) => level(one)), asks: asks.map((one) => level(one)) })
const snapshot = (lastId: number): BookSnapshot => ({ lastId, bids: [['99', '1'], ['98', '2']].map((one) => level(one as [string, string])), asks: [['101', '1'], ['102', '2']].map((one) => level(one as [string, string])) })

describe('a book', () => {
  test('is not live before its snapshot, and then stands at the last change that was kept', () => {
    const book = new OrderBook('BTC-USDT')
    expect([book.take(diff(5, 10)), book.take(diff(11, 12, [['100', '1']])), book.take(diff(13, 13, [], [['101', '0']]))]).toEqual(['buffered', 'buffered', 'buffered'])
    expect([book.isLive, book.best, book.levels('bids'), book.lastId]).toEqual([false, undefined, [], 0])
    expect(book.begin(snapshot(11))).toBe(true)
    expect(book.best).toEqual({ bid: '100', ask: '102' })
    expect(book.lastId).toBe(13)
  })

  test('refuses a snapshot that is older than its first change, and takes the next', () => {
    const book = new OrderBook('BTC-USDT')
    book.take(diff(5, 10))
    expect(book.begin(snapshot(3))).toBe(false)
    expect(book.isLive).toBe(false)
    expect(book.begin(snapshot(4))).toBe(true)
    expect(book.lastId).toBe(10)
  })

  test('replaces quantities, removes at zero, and passes over what is older than it is', () => {
    const book = new OrderBook('BTC-USDT')
    book.begin(snapshot(10))
    expect(book.take(diff(1, 10, [['99', '7']]))).toBe('stale')
    expect(book.take(diff(8, 12, [['99', '0'], ['50', '0'], ['98', '5']], [['100.5', '3']]))).toBe('applied')
    expect(book.levels('bids')).toEqual([['98', '5']])
    expect(book.levels('asks')).toEqual([['100.5', '3'], ['101', '1'], ['102', '2']])
  })

  test('tells nothing after a gap until a new snapshot has healed it (K2)', () => {
    const book = new OrderBook('BTC-USDT')
    book.begin(snapshot(10))
    expect(book.take(diff(12, 13, [['100', '1']]))).toBe('gap')
    expect([book.isLive, book.best]).toEqual([false, undefined])
    expect(book.take(diff(14, 15))).toBe('buffered')
    expect(book.begin(snapshot(11))).toBe(true)
    expect(book.best).toEqual({ bid: '100', ask: '101' })
    expect(book.lastId).toBe(15)
  })

  test('notices a gap among what it keeps', () => {
    const book = new OrderBook('BTC-USDT')
    book.take(diff(1, 2))
    expect(book.take(diff(4, 5))).toBe('gap')
    expect(book.begin(snapshot(2))).toBe(false)
    expect(book.begin(snapshot(3))).toBe(true)
  })

  test('whose sides overlap was not told everything', () => {
    const book = new OrderBook('BTC-USDT')
    book.begin(snapshot(10))
    expect(book.take(diff(11, 11, [['101', '1']]))).toBe('gap')
    expect(book.isLive).toBe(false)
    expect(book.begin({ ...snapshot(20), asks: [level(['98', '1'])] })).toBe(false)
  })

  test('keeps a bounded number of changes for its snapshot (K3)', () => {
    const book = new OrderBook('BTC-USDT')
    for (let id = 1; id <= 1_000; id += 1) book.take(diff(id, id))
    expect(book.begin(snapshot(0))).toBe(true)
    book.lose()
    for (let id = 1; id <= 1_001; id += 1) book.take(diff(id, id))
    expect(book.begin(snapshot(0))).toBe(false)
    expect(book.begin(snapshot(1_000))).toBe(true)
  })

  const change = (side: Map<string, string>, at: string, of: string): void => {
    side.delete(at)
    if (of !== '0') side.set(at, of)
  }

  test('is what the plainest model says, for any changes, losses, repeats and snapshots', () => {
    const side = (from: number): fc.Arbitrary<(readonly [string, string])[]> => fc.array(fc.tuple(fc.integer({ min: from, max: from + 8 }).map(String), fc.constantFrom('0', '1', '2.5')), { maxLength: 4 })
    const step = fc.record({ bids: side(90), asks: side(110), lost: fc.boolean(), repeated: fc.boolean(), snapshotBefore: fc.integer({ min: 0, max: 20 }).map((n) => n === 0) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const book = new OrderBook('BTC-USDT')
        const truth = { bids: new Map<string, string>(), asks: new Map<string, string>(), lastId: 0 }
        const levelsOf = (name: 'bids' | 'asks'): Level[] => [...truth[name]].sort(([a], [b]) => compare(price(a), price(b)) * (name === 'bids' ? -1 : 1)).map((one) => level(one))
        book.begin({ lastId: 0, bids: [], asks: [] })
        for (const { bids, asks, lost, repeated, snapshotBefore } of steps) {
          if (snapshotBefore) book.begin({ lastId: truth.lastId, bids: levelsOf('bids'), asks: levelsOf('asks') })
          for (const [name, changes] of [['bids', bids], ['asks', asks]] as const) for (const [at, of] of changes) change(truth[name], at, of)
          truth.lastId += 1
          const next = { firstId: truth.lastId, lastId: truth.lastId, bids: bids.map((one) => level(one)), asks: asks.map((one) => level(one)) }
          if (lost) continue
          book.take(next)
          if (repeated) book.take(next)
          if (!book.isLive) continue
          expect(book.lastId).toBe(truth.lastId)
          expect([book.levels('bids'), book.levels('asks')]).toEqual([levelsOf('bids'), levelsOf('asks')])
        }
      }),
      { numRuns: 300 },
    )
  })

  test('compares prices by their digits as the decimals do', () => {
    const text = fc.tuple(fc.nat({ max: 10 ** 6 }), fc.nat({ max: 10 ** 8 })).map(([whole, fraction]) => price(`${whole}.${String(fraction).padStart(8, '0')}`))
    fc.assert(fc.property(text, text, (a: Price, b: Price) => Math.sign(comparePrices(a, b)) === compare(a, b)))
  })
})

const data = process.env['NIGHTDESK_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
const present = existsSync(data)
if (!present) process.stderr.write(`recorded data tests skipped: no folder ${data} (set NIGHTDESK_DATA)\n`)

type Recorded = { readonly kind: 'snapshot'; readonly snapshot: BookSnapshot } | { readonly kind: 'change'; readonly change: BookDiff } | { readonly kind: 'ticker'; readonly ticker: BookTicker } | { readonly kind: 'other' } | { readonly kind: 'unread' }

const readRecorded = (text: string): Recorded => {
  const depth = text.startsWith('{"lastUpdateId"') ? readPayload('depth', text) : undefined
  const whole = depth === undefined ? undefined : snapshotOf(depth)
  if (whole !== undefined) return { kind: 'snapshot', snapshot: whole }
  const frame = readFrame(text)
  if (frame?.kind !== 'event') return { kind: 'unread' }
  const change = frame.type === 'depthUpdate' ? diffOf(frame.data) : undefined
  if (change !== undefined) return { kind: 'change', change }
  const ticker = frame.type === undefined ? readBookTicker(frame.data) : undefined
  if (ticker !== undefined) return { kind: 'ticker', ticker }
  return { kind: frame.type === 'trade' ? 'other' : 'unread' }
}

/** Every recorded message, in order. */
async function* recorded(): AsyncGenerator<Recorded> {
  for (const day of ['20240808', '20240809']) {
    const file = createReadStream(join(data, `ws/binance-spot-btcusdt_${day}.jsonl.gz`)).pipe(createGunzip())
    for await (const line of createInterface({ input: file })) yield readRecorded(line.slice(line.indexOf(' ') + 1))
  }
}

/** Compares a book with the best prices that were told with the same number. */
class Witness {
  readonly #told = new Map<number, string>()
  compared = 0
  agreed = 0

  hear({ updateId, bid, ask }: BookTicker): void {
    this.#told.set(updateId, `${bid} ${ask}`)
  }

  look(book: OrderBook): void {
    const told = this.#told.get(book.lastId)
    this.#told.clear()
    if (told === undefined) return
    this.compared += 1
    if (told === `${book.best?.bid} ${book.best?.ask}`) this.agreed += 1
  }
}

describe.skipIf(!present)('ten recorded minutes of BTCUSDT', () => {
  test('are followed without a gap to the last price, and the book agrees with every best price on the way', { timeout: 120_000 }, async () => {
    const book = new OrderBook('BTC-USDT')
    const witness = new Witness()
    const counts = { messages: 0, begun: 0, buffered: 0, stale: 0, applied: 0, gap: 0, unread: 0 }
    for await (const one of recorded()) {
      counts.messages += 1
      if (one.kind === 'unread') counts.unread += 1
      if (one.kind === 'ticker') witness.hear(one.ticker)
      if (one.kind === 'snapshot' && book.begin(one.snapshot)) counts.begun += 1
      if (one.kind !== 'change') continue
      counts[book.take(one.change)] += 1
      if (book.isLive) witness.look(book)
    }
    expect(counts).toMatchObject({ messages: 99_574, begun: 1, gap: 0, unread: 0 })
    expect(counts.buffered + counts.stale + counts.applied).toBe(3_451 + 3_044)
    expect(counts.applied).toBeGreaterThan(6_400)
    expect(witness.compared).toBeGreaterThan(500)
    expect(witness.agreed).toBe(witness.compared)
    expect(book.best).toEqual({ bid: '61602.01', ask: '61602.02' })
  })

  test('with one change taken out have a gap, and a new snapshot heals it to the same book', { timeout: 120_000 }, async () => {
    const [whole, broken] = [new OrderBook('BTC-USDT'), new OrderBook('BTC-USDT')]
    let changes = 0
    const gaps: number[] = []
    for await (const one of recorded()) {
      if (one.kind === 'snapshot') for (const book of [whole, broken]) book.begin(one.snapshot)
      if (one.kind !== 'change') continue
      changes += 1
      whole.take(one.change)
      if (changes !== 3_000 && broken.take(one.change) === 'gap') gaps.push(changes)
      if (changes === 3_001) expect([broken.isLive, broken.best]).toEqual([false, undefined])
      if (changes === 3_050) expect(broken.begin({ lastId: whole.lastId, bids: whole.levels('bids'), asks: whole.levels('asks') })).toBe(true)
    }
    expect(gaps).toEqual([3_001])
    expect(broken.best).toEqual({ bid: '61602.01', ask: '61602.02' })
    expect([broken.levels('bids'), broken.levels('asks')]).toEqual([whole.levels('bids'), whole.levels('asks')])
  })
})

describe('the book feed', () => {
  const depth = (lastUpdateId: number): Reply => ({ body: { lastUpdateId, bids: [['99.00000000', '1.00000000']], asks: [['101.00000000', '1.00000000']] } })
  const change = (U: number, u: number, bid: string): object => ({ stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', E: 1, s: 'BTCUSDT', U, u, b: [[bid, '1.00000000']], a: [] } })

  interface Opened {
    readonly connection: Connection
    readonly stream: Stream
    readonly seen: (readonly [live: boolean, bid: string | undefined])[]
    readonly notes: string[]
    readonly asked: () => readonly Asked[]
    readonly log: MemoryLog
  }
  const open = async (answer: (count: number) => Reply): Promise<Opened> => {
    const rest = await fakeVenue((_asked, count) => answer(count))
    const sockets = await fakeSockets()
    const log = new MemoryLog()
    const notes: string[] = []
    const seen: (readonly [boolean, string | undefined])[] = []
    const listener: BookStreamListener = {
      opened: () => void notes.push('opened'),
      subscribed: () => void notes.push('subscribed'),
      received: () => undefined,
      gap: (detail) => void notes.push(`gap: ${detail}`),
      ended: (end, detail) => void notes.push(`${end}: ${detail}`),
      book: (book) => void seen.push([book.isLive, book.top(1).bids[0]?.price]),
    }
    const stream = venueFor({ restUrl: rest.url, streamsUrl: sockets.url, log }).bookFeed.open('BTC-USDT', listener)
    onTestFinished(() => stream.close())
    await until(() => sockets.connections[0] !== undefined)
    const [connection] = sockets.connections
    if (connection === undefined) throw new Error('nobody is connected')
    return { connection, stream, seen, notes, asked: rest.calls, log }
  }

  test('is live with its first whole book, and tells every change after that', async () => {
    const { connection, seen, notes, asked } = await open(() => depth(10))
    await until(() => notes.includes('subscribed'))
    expect(connection.heard).toEqual([{ id: 1, method: 'SUBSCRIBE', params: ['btcusdt@depth@100ms'] }])
    expect(asked().map(({ path, query }) => [path, query.get('symbol'), query.get('limit')])).toEqual([['/api/v3/depth', 'BTCUSDT', '5000']])
    connection.send(change(11, 11, '100.00000000'))
    await until(() => seen.length === 2)
    expect(seen).toEqual([[true, '99'], [true, '100']])
  })

  test.each([
    ['a change is missing', change(14, 14, '98.00000000')],
    ['a change cannot be read', { stream: 'btcusdt@depth@100ms', data: { e: 'depthUpdate', s: 'BTCUSDT', U: 11, u: 11, b: [['98', 'many']], a: [] } }],
  ])('heals itself by a new snapshot when %s', async (_name, odd) => {
    const { connection, seen, notes, log } = await open((count) => depth(count === 1 ? 10 : 20))
    await until(() => notes.includes('subscribed'))
    connection.send(odd)
    await until(() => seen.length >= 3)
    expect(seen.slice(0, 3)).toEqual([[true, '99'], [false, undefined], [true, '99']])
    connection.send(change(21, 21, '100.00000000'))
    await until(() => seen.length === 4)
    expect(seen[3]).toEqual([true, '100'])
    expect(notes).toEqual(['opened', 'subscribed'])
    expect(log.lines.filter(({ event }) => event === 'venue.bookGap')).toHaveLength(1)
  })

  test('asks again, after a pause, where the snapshot is older than the stream or cannot be read', async () => {
    const { notes, seen, asked, connection } = await open((count) => (count === 1 ? { status: 500, body: '' } : depth(count === 2 ? 3 : 6)))
    await until(() => connection.heard.length === 1)
    connection.send(change(5, 7, '98.50000000'))
    await until(() => notes.includes('subscribed'))
    expect(asked()).toHaveLength(3)
    expect(seen).toEqual([[true, '99']])
    connection.send(change(8, 8, '99.50000000'))
    await until(() => seen.length === 2)
    expect(seen[1]).toEqual([true, '99.5'])
  })

  test('asks and tells nothing after its close', async () => {
    const { stream, seen, notes, asked } = await open((count) => (count === 1 ? { status: 500, body: '' } : depth(10)))
    await until(() => asked().length === 1)
    stream.close()
    await sleep(2_200)
    expect(asked()).toHaveLength(1)
    expect([seen, notes]).toEqual([[], ['opened']])
  })
})
