import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { coinbaseVenue, loadKey, type CoinbaseOptions, type CoinbaseVenue } from '../../src/adapters/coinbase/index.ts'
import type { Approved } from '../../src/domain/approved.ts'
import { price, quantity } from '../../src/domain/decimal.ts'
import type { OrderReport, OrderRequest } from '../../src/domain/order.ts'
import type { Quote } from '../../src/domain/quote.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Log, LogFields } from '../../src/ports/log.ts'
import type { AccountStreamListener, MarketStreamListener } from '../../src/ports/venue.ts'

/** The worthless key of RFC 8032, test 1 (coinbase-advanced-trade.md 2.1). */
export const vectorSecret = 'nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=='
export const vectorName = 'organizations/org-1/apiKeys/key-1'

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
  soon: (task) => void setImmediate(task),
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const until = async (condition: () => boolean, withinMs = 5000): Promise<void> => {
  const end = Date.now() + withinMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${condition.toString()}`)
    await sleep(5)
  }
}

export class MemoryLog implements Log {
  readonly lines: { readonly level: string; readonly event: string; readonly fields: LogFields | undefined }[] = []
  readonly debug = (event: string, fields?: LogFields): void => void this.lines.push({ level: 'debug', event, fields })
  readonly info = (event: string, fields?: LogFields): void => void this.lines.push({ level: 'info', event, fields })
  readonly warn = (event: string, fields?: LogFields): void => void this.lines.push({ level: 'warn', event, fields })
  readonly error = (event: string, fields?: LogFields): void => void this.lines.push({ level: 'error', event, fields })
}

const random = { fraction: () => 0.5, below: () => 0 }
const nowhere = { restUrl: 'http://127.0.0.1:9', marketUrl: 'ws://127.0.0.1:9', userUrl: 'ws://127.0.0.1:9' }

export const optionsFor = (given: Partial<CoinbaseOptions>): CoinbaseOptions => ({
  ...nowhere,
  key: loadKey({ name: vectorName, secret: vectorSecret }),
  clock: realClock,
  random,
  log: new MemoryLog(),
  privatePerSecond: 0,
  publicPerSecond: 0,
  requestTimeoutMs: 3000,
  ...given,
})

export const venueFor = (given: Partial<CoinbaseOptions>): CoinbaseVenue => {
  const venue = coinbaseVenue(optionsFor(given))
  onTestFinished(() => venue.close())
  return venue
}

/** Stands in for the gate, which these tests are not about. */
export const approved = (request: OrderRequest): Approved<OrderRequest> => request as Approved<OrderRequest>

export const buy = (clientOrderId: string, changes: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId,
  instrument: 'ETH-USD',
  side: 'buy',
  quantity: quantity('0.25'),
  price: price('2500.1'),
  postOnly: true,
  ...changes,
})

const portOf = (address: AddressInfo | string | null): number => (typeof address === 'object' && address !== null ? address.port : 0)

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

export interface FakeRest {
  readonly url: string
  readonly asked: Asked[]
}

/** A venue that answers what the test says. */
export const fakeRest = async (answer: (asked: Asked, count: number) => Reply | 'silence'): Promise<FakeRest> => {
  const asked: Asked[] = []
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(Buffer.from(part as Uint8Array))
    const url = new URL(request.url ?? '/', 'http://fake')
    const seen = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, body: Buffer.concat(parts).toString() }
    asked.push(seen)
    const reply = answer(seen, asked.length)
    if (reply === 'silence') return
    response.writeHead(reply.status ?? 200, reply.headers)
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  }
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${portOf(server.address())}`, asked }
}

/** A raw TCP peer: counts the requests that arrive and does with the socket what the test says. */
export const fakeTcp = async (onRequest: (socket: Socket, count: number) => void): Promise<{ readonly url: string; readonly requests: string[]; readonly sockets: () => number }> => {
  const requests: string[] = []
  let sockets = 0
  const open = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets += 1
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      requests.push(data.toString())
      onRequest(socket, requests.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of open) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${portOf(server.address())}`, requests, sockets: () => sockets }
}

export interface FakeFeed {
  readonly url: string
  /** Messages of the client, parsed. */
  readonly heard: Record<string, unknown>[]
  readonly socket: () => WebSocket
  send(frame: object | string): void
  /** Sends an envelope with the next sequence number, or the given one. */
  channel(channel: string, events: readonly object[], sequence?: number): void
}

export const fakeFeed = async (refuseWith?: number): Promise<FakeFeed> => {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: (_info, done) => (refuseWith === undefined ? done(true) : done(false, refuseWith)),
  })
  await new Promise<void>((resolve) => void server.once('listening', resolve))
  const heard: Record<string, unknown>[] = []
  let current: WebSocket | undefined
  let sequence = 0
  server.on('connection', (socket) => {
    current = socket
    socket.on('error', () => undefined)
    socket.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>))
  })
  onTestFinished(async () => {
    for (const client of server.clients) client.terminate()
    await new Promise((resolve) => server.close(resolve))
  })
  const socket = (): WebSocket => {
    if (current === undefined) throw new Error('nobody is connected')
    return current
  }
  const send = (frame: object | string): void => socket().send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return {
    url: `ws://127.0.0.1:${portOf(server.address())}`,
    heard,
    socket,
    send,
    channel: (channel, events, given) => {
      sequence = (given ?? sequence) + 1
      send({ channel, timestamp: '2026-09-30T12:00:00.300000001Z', sequence_num: sequence - 1, events })
    },
  }
}

/** Notes everything a stream says, in order. */
export class NotingListener implements MarketStreamListener, AccountStreamListener {
  readonly notes: string[] = []
  readonly quotes: Quote[] = []
  readonly orders: OrderReport[] = []
  frames = 0
  onQuote: (() => void) | undefined

  opened(): void {
    this.notes.push('opened')
  }

  subscribed(): void {
    this.notes.push('subscribed')
  }

  received(): void {
    this.frames += 1
  }

  gap(detail: string): void {
    this.notes.push(`gap: ${detail}`)
  }

  ended(end: string, detail: string): void {
    this.notes.push(`${end}: ${detail}`)
  }

  quote(quote: Quote): void {
    this.quotes.push(quote)
    this.onQuote?.()
  }

  order(report: OrderReport): void {
    this.orders.push(report)
  }

  has(start: string): boolean {
    return this.notes.some((note) => note.startsWith(start))
  }
}
