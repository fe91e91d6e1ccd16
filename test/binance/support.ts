import { onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { binanceVenue, loadKey, type BinanceOptions, type BinanceVenue } from '../../src/adapters/binance/index.ts'
import { price, quantity } from '../../src/domain/decimal.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import { fakeRest, MemoryLog, portOf, realClock, type Asked, type FakeRest, type Reply } from '../support/venue-hosts.ts'

export { approved, fakeTcp, MemoryLog, NotingListener, realClock, sleep, until, type Asked, type Reply } from '../support/venue-hosts.ts'

/** The worthless key of the venue's own documents (binance-spot.md 3.2, 3.3). */
export const vectorApiKey = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A'
export const vectorSecret = 'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j'

const filters = [
  { filterType: 'PRICE_FILTER', minPrice: '0.01000000', maxPrice: '1000000.00000000', tickSize: '0.01000000' },
  { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000.00000000', stepSize: '0.00001000' },
  { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: '100.00000000', stepSize: '0.00000000' },
  { filterType: 'NOTIONAL', minNotional: '5.00000000', applyMinToMarket: true, maxNotional: '9000000.00000000', applyMaxToMarket: false, avgPriceMins: 5 },
  { filterType: 'A_NEW_FILTER', something: 1 },
]

export const symbolRow = (base: string, quote = 'USDT', changes: object = {}): object => ({
  symbol: `${base}${quote}`,
  status: 'TRADING',
  baseAsset: base,
  baseAssetPrecision: 8,
  quoteAsset: quote,
  quoteAssetPrecision: 8,
  orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
  isSpotTradingAllowed: true,
  filters,
  permissions: [],
  ...changes,
})

export const rateLimits = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
  { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200000 },
  { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300000 },
]

export const exchangeInfo = { timezone: 'UTC', serverTime: 1, rateLimits, exchangeFilters: [], symbols: [symbolRow('BTC'), symbolRow('ETH'), symbolRow('BNB')] }

const isGeneral = ({ path }: Asked): boolean => path === '/api/v3/exchangeInfo' || path === '/api/v3/time'

export interface FakeVenue extends FakeRest {
  /** What was asked besides the list of symbols and the time. */
  readonly calls: () => readonly Asked[]
}

/** A host that knows its symbols and the time, and answers the rest as the test says. */
export const fakeVenue = async (answer: (asked: Asked, count: number) => Reply | 'silence', serverTime: () => number = () => Date.now()): Promise<FakeVenue> => {
  let count = 0
  const rest = await fakeRest((asked) => {
    if (asked.path === '/api/v3/exchangeInfo') return { body: exchangeInfo }
    if (asked.path === '/api/v3/time') return { body: { serverTime: serverTime() } }
    count += 1
    return answer(asked, count)
  })
  return { ...rest, calls: () => rest.asked.filter((asked) => !isGeneral(asked)) }
}

const random = { fraction: () => 0, below: () => 0 }
const nowhere = { restUrl: 'http://127.0.0.1:9', streamsUrl: 'ws://127.0.0.1:9', wsApiUrl: 'ws://127.0.0.1:9' }

export const optionsFor = (given: Partial<BinanceOptions>): BinanceOptions => ({
  ...nowhere,
  instruments: ['BTC-USDT'],
  key: loadKey({ apiKey: vectorApiKey, secret: vectorSecret }),
  clock: realClock,
  random,
  log: new MemoryLog(),
  limits: { weightPerMinute: 0, ordersPerTenSeconds: 0, ordersPerDay: 0 },
  requestTimeoutMs: 3000,
  ...given,
})

export const venueFor = (given: Partial<BinanceOptions>): BinanceVenue => {
  const venue = binanceVenue(optionsFor(given))
  onTestFinished(() => venue.close())
  return venue
}

export const buy = (clientOrderId: string, changes: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId,
  instrument: 'BTC-USDT',
  side: 'buy',
  quantity: quantity('0.25'),
  price: price('61000.1'),
  postOnly: true,
  ...changes,
})

export interface Connection {
  readonly socket: WebSocket
  readonly path: string
  /** Messages of the client, parsed, heartbeats left out. */
  readonly heard: { readonly id: number; readonly method: string; readonly params?: unknown }[]
  send(frame: object | string): void
}

export interface FakeSockets {
  readonly url: string
  readonly connections: Connection[]
}

export interface SocketRules {
  readonly refuseWith?: number
  /** What a request is answered with besides its id; nothing is answered without it. */
  readonly answer?: (request: { readonly method: string; readonly params?: unknown }, connection: number) => object | undefined
}

const heartbeats: ReadonlySet<string> = new Set(['ping', 'LIST_SUBSCRIPTIONS'])

/** A host of sockets that confirms what it is asked, unless the test says otherwise. */
export const fakeSockets = async ({ refuseWith, answer = () => ({ result: null }) }: SocketRules = {}): Promise<FakeSockets> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', verifyClient: (_info, done) => (refuseWith === undefined ? done(true) : done(false, refuseWith)) })
  await new Promise<void>((resolve) => void server.once('listening', resolve))
  const connections: Connection[] = []
  server.on('connection', (socket, request) => {
    const number = connections.length
    const connection: Connection = {
      socket,
      path: request.url ?? '',
      heard: [],
      send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    }
    connections.push(connection)
    socket.on('error', () => undefined)
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as Connection['heard'][number]
      if (!heartbeats.has(message.method)) connection.heard.push(message)
      const reply = heartbeats.has(message.method) ? { result: [] } : answer(message, number)
      if (reply !== undefined) connection.send({ id: message.id, ...reply })
    })
  })
  onTestFinished(async () => {
    for (const client of server.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `ws://127.0.0.1:${portOf(server.address())}`, connections }
}
