import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start, type Client, type Parsed, type Socket } from './support.ts'

let client: Client
let close: () => Promise<void>
beforeAll(async () => {
  const { sandbox, client: own } = await start('moving')
  client = own
  close = () => sandbox.close()
})
afterAll(() => close())

/** The first `count` frames of an event kind. */
async function take(socket: Socket, count: number, test: (frame: Parsed) => boolean): Promise<Parsed[]> {
  await socket.seen((frame) => test(frame) && socket.frames.filter((one) => test(one)).length >= count)
  return socket.frames.filter((frame) => test(frame))
}

describe('the local book', () => {
  type Side = Map<string, string>

  function applied(book: { bids: Side; asks: Side }, diffs: readonly Parsed[]): void {
    for (const { b, a } of diffs) {
      for (const [side, rows] of [[book.bids, b], [book.asks, a]] as const) {
        for (const [price, size] of rows) {
          if (Number(size) === 0) side.delete(price)
          else side.set(price, size)
        }
      }
    }
  }

  const sorted = (side: Side): [string, string][] => [...side].toSorted(([one], [other]) => Number(one) - Number(other))

  it.each(['btcusdt@depth@100ms', 'btcusdt@depth'])('%s over a snapshot gives the book, and each U follows the last u', async (stream) => {
    const socket = await client.socket('stream', `/ws/${stream}`)
    await take(socket, 1, (frame) => frame.e === 'depthUpdate')
    const first = (await client.raw('GET', '/api/v3/depth?symbol=BTCUSDT&limit=5000')).body
    await take(socket, stream.endsWith('ms') ? 12 : 3, (frame) => frame.e === 'depthUpdate')
    await client.control('POST', '/market', { holdMs: 60_000 })
    await new Promise((resolve) => setTimeout(resolve, 1300))
    const last = (await client.raw('GET', '/api/v3/depth?symbol=BTCUSDT&limit=5000')).body
    await client.control('POST', '/market', { holdMs: 0 })
    socket.socket.close()
    const diffs = socket.frames
    diffs.slice(1).forEach((diff, index) => expect(diff.U).toBe(diffs[index]!.u + 1))
    const later = diffs.filter((diff) => diff.u > first.lastUpdateId)
    expect(later[0].U).toBeLessThanOrEqual(first.lastUpdateId + 1)
    expect(later.length).toBeGreaterThan(1)
    const book = { bids: new Map<string, string>(first.bids), asks: new Map<string, string>(first.asks) }
    applied(book, later)
    expect(later.at(-1).u).toBeLessThanOrEqual(last.lastUpdateId)
    expect(sorted(book.bids)).toEqual(last.bids.toReversed())
    expect(sorted(book.asks)).toEqual(last.asks)
  })

  it('is not crossed in the partial streams either, which name no symbol', async () => {
    const socket = await client.socket('stream', '/stream?streams=btcusdt@depth5@100ms/ethusdt@depth20@100ms')
    const five = (await socket.seen((frame) => frame.stream === 'btcusdt@depth5@100ms')).data
    const twenty = (await socket.seen((frame) => frame.stream === 'ethusdt@depth20@100ms')).data
    expect([Object.keys(five), five.bids.length, twenty.asks.length]).toEqual([['lastUpdateId', 'bids', 'asks'], 5, 20])
    expect(Number(five.bids[0][0])).toBeLessThan(Number(five.asks[0][0]))
    socket.socket.close()
  })
})

describe('what streams say', () => {
  it('trade and aggTrade tell the prints that REST lists, without a gap', async () => {
    const socket = await client.socket('stream', '/stream?streams=btcusdt@trade/btcusdt@aggTrade')
    const trades = (await take(socket, 5, (frame) => frame.stream === 'btcusdt@trade')).map((frame) => frame.data)
    const aggregates = socket.frames.filter((frame) => frame.stream === 'btcusdt@aggTrade').map((frame) => frame.data)
    expect(trades.map((trade) => trade.t)).toEqual(trades.map((_, index) => trades[0].t + index))
    const listed = (await client.raw('GET', `/api/v3/historicalTrades?symbol=BTCUSDT&fromId=${trades[0].t}&limit=3`)).body
    expect(trades.slice(0, 3).map((trade) => [trade.t, trade.p, trade.q, trade.T, trade.m])).toEqual(listed.map((row: Parsed) => [row.id, row.price, row.qty, row.time, row.isBuyerMaker]))
    expect(aggregates[0]).toMatchObject({ e: 'aggTrade', s: 'BTCUSDT', a: aggregates[0].f, l: aggregates[0].f, M: true })
    socket.socket.close()
  })

  it('bookTicker has neither e nor E and rising numbers', async () => {
    const socket = await client.socket('stream', '/ws/btcusdt@bookTicker')
    const tops = await take(socket, 5, (frame) => frame.u !== undefined)
    expect(Object.keys(tops[0])).toEqual(['u', 's', 'b', 'B', 'a', 'A'])
    const numbers = tops.map((top) => top.u)
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
    expect(Number(tops[0].b)).toBeLessThan(Number(tops[0].a))
    socket.socket.close()
  })

  it('tickers, averages and the array of mini tickers come every second', async () => {
    const socket = await client.socket('stream', '/stream?streams=btcusdt@ticker/btcusdt@miniTicker/btcusdt@avgPrice/!miniTicker@arr')
    const data = async (stream: string): Promise<Parsed> => (await socket.seen((frame) => frame.stream === stream)).data
    const day = await data('btcusdt@ticker')
    expect(day).toMatchObject({ e: '24hrTicker', s: 'BTCUSDT' })
    expect(new Set(Object.keys(day))).toEqual(new Set('EePpswxcQbBaAohlvqOCFLn'.split('')))
    expect(await data('btcusdt@miniTicker')).toMatchObject({ e: '24hrMiniTicker', s: 'BTCUSDT' })
    expect(await data('btcusdt@avgPrice')).toMatchObject({ e: 'avgPrice', i: '5m' })
    expect((await data('!miniTicker@arr')).map((row: Parsed) => row.s)).toEqual(['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT'])
    socket.socket.close()
  })

  it('kline_1s closes each second once, and the next begins where it ended', async () => {
    const socket = await client.socket('stream', '/ws/btcusdt@kline_1s')
    const closed = await take(socket, 2, (frame) => frame.k?.x === true)
    expect(closed[0]).toMatchObject({ e: 'kline', s: 'BTCUSDT', k: { s: 'BTCUSDT', i: '1s', T: closed[0].k.t + 999 } })
    expect(closed[1].k.t).toBe(closed[0].k.t + 1000)
    const row = (await client.raw('GET', `/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=${closed[0].k.t}&limit=1`)).body[0]
    const { o, h, l, c, v, q, n, V, Q } = closed[0].k
    expect([row[1], row[2], row[3], row[4], row[5], row[7], row[8], row[9], row[10]]).toEqual([o, h, l, c, v, q, n, V, Q])
    socket.socket.close()
  })
})

describe('control messages', () => {
  it('subscribe, list, unsubscribe and wrap', async () => {
    const socket = await client.socket('stream', '/ws')
    socket.send({ method: 'SUBSCRIBE', params: ['btcusdt@bookTicker', 'nonesuch@trade'], id: 1 })
    expect(await socket.seen((frame) => frame.id === 1)).toEqual({ result: null, id: 1 })
    await socket.seen((frame) => frame.s === 'BTCUSDT')
    socket.send({ method: 'SET_PROPERTY', params: ['combined', true], id: 2 })
    expect((await socket.seen((frame) => frame.stream === 'btcusdt@bookTicker')).data.s).toBe('BTCUSDT')
    socket.send({ method: 'LIST_SUBSCRIPTIONS', id: 3 })
    expect((await socket.seen((frame) => frame.id === 3)).result).toEqual(['btcusdt@bookTicker', 'nonesuch@trade'])
    socket.send({ method: 'UNSUBSCRIBE', params: ['btcusdt@bookTicker'], id: 4 })
    await socket.seen((frame) => frame.id === 4)
    const count = socket.frames.length
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(socket.frames.length).toBe(count)
    socket.socket.close()
  })

  it('that are wrong get the streams\' own codes', async () => {
    const socket = await client.socket('stream', '/ws')
    socket.send({ method: 'SUBSCRIBE', params: ['btcusdt@nonsense'], id: 1 })
    expect(await socket.seen((frame) => frame.id === 1)).toEqual({ error: { code: 2, msg: 'Invalid request: invalid stream' }, id: 1 })
    socket.send({ method: 'SET_PROPERTY', params: ['combined', 'yes'], id: 2 })
    expect((await socket.seen((frame) => frame.id === 2)).error.code).toBe(1)
    socket.send({ method: 'GET_PROPERTY', params: ['colour'], id: 3 })
    expect((await socket.seen((frame) => frame.id === 3)).error.code).toBe(0)
    socket.send('nonsense')
    expect((await socket.seen((frame) => frame.id === null)).error.code).toBe(3)
    socket.socket.close()
  })

  it('more than five in a second end the connection', async () => {
    const socket = await client.socket('stream', '/ws')
    for (let id = 0; id < 12; id += 1) socket.send({ method: 'LIST_SUBSCRIPTIONS', id })
    expect(await socket.closed).toBe(1008)
  })

  it('an address with nothing behind it is refused', async () => {
    const socket = await client.socket('stream', '/elsewhere')
    expect(await socket.closed).toBe(1006)
  })
})

describe('a connection\'s life', () => {
  it('is pinged, and ends when its time is over', async () => {
    const { sandbox, client: own } = await start('--ping-ms', '250', '--socket-life-ms', '1300')
    const socket = await own.socket('stream', '/ws')
    let pings = 0
    socket.socket.on('ping', () => (pings += 1))
    const began = Date.now()
    expect(await socket.closed).toBe(1000)
    expect(Date.now() - began).toBeGreaterThan(1000)
    expect(pings).toBeGreaterThan(2)
    await sandbox.close()
  })
})
