import { onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { coinbaseVenue, loadKey, type CoinbaseOptions, type CoinbaseVenue } from '../../src/adapters/coinbase/index.ts'
import { price, quantity } from '../../src/domain/decimal.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import { MemoryLog, portOf, realClock } from '../support/venue-hosts.ts'

export * from '../support/venue-hosts.ts'

/** The worthless key of RFC 8032, test 1 (coinbase-advanced-trade.md 2.1). */
export const vectorSecret = 'nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=='
export const vectorName = 'organizations/org-1/apiKeys/key-1'

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

export const buy = (clientOrderId: string, changes: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId,
  instrument: 'ETH-USD',
  side: 'buy',
  quantity: quantity('0.25'),
  price: price('2500.1'),
  postOnly: true,
  ...changes,
})

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
