/** Hosts and listeners for tests of venue adapters: real sockets on loopback that say what a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Approved } from '../../src/domain/approved.ts'
import type { OrderReport, OrderRequest } from '../../src/domain/order.ts'
import type { Quote } from '../../src/domain/quote.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Log, LogFields } from '../../src/ports/log.ts'
import type { AccountStreamListener, MarketStreamListener } from '../../src/ports/venue.ts'

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

/** Stands in for the gate, which these tests are not about. */
export const approved = (request: OrderRequest): Approved<OrderRequest> => request as Approved<OrderRequest>

export const portOf = (address: AddressInfo | string | null): number => (typeof address === 'object' && address !== null ? address.port : 0)

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
