/**
 * A market host as a process of its own: speaks as much of a venue's dialect as a subscription takes and, when told to, hands
 * each connection all its frames at once, encoded beforehand. It is never what a reader waits for.
 *
 *   node bench/support/frame-host.ts DIALECT FRAMES
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { lastTop, quotes, type Top } from './quotes.ts'
import type { Dialect } from './readers.ts'

const bookTicker = ({ bid, bidSize, ask, askSize }: Top, number: number) => ({ u: number + 1, s: 'BTCUSDT', b: bid, B: bidSize, a: ask, A: askSize })

const ticker = ({ bid, bidSize, ask, askSize }: Top, number: number) => ({
  channel: 'ticker',
  client_id: '',
  timestamp: new Date(1_700_000_000_000 + number * 9).toISOString(),
  sequence_num: number,
  events: [{ type: number === 0 ? 'snapshot' : 'update', tickers: [{ type: 'ticker', product_id: 'BTC-USD', price: bid, volume_24_h: '12345.678', low_24_h: '60000', high_24_h: '63000', low_52_w: '25000', high_52_w: '73000', price_percent_chg_24_h: '1.234', best_bid: bid, best_bid_quantity: bidSize, best_ask: ask, best_ask_quantity: askSize }] }],
})

const textOf = (dialect: Dialect, combined: boolean, top: Top, number: number): string => {
  if (dialect === 'coinbase') return JSON.stringify(ticker(top, number))
  const data = bookTicker(top, number)
  return JSON.stringify(combined ? { stream: 'btcusdt@bookTicker', data } : data)
}

const shortest = 126
/** An unmasked text frame (RFC 6455, 5.2). */
const encoded = (text: string): Buffer => {
  const body = Buffer.from(text)
  const head = body.length < shortest ? Buffer.from([0x81, body.length]) : Buffer.from([0x81, shortest, body.length >> 8, body.length & 0xff])
  return Buffer.concat([head, body])
}

const [dialect, count] = process.argv.slice(2) as [Dialect, string]
const tops = [...quotes(Number(count) - 1), lastTop]
const framesOf = (combined: boolean): Buffer => Buffer.concat(tops.map((top, number) => encoded(textOf(dialect, combined, top, number))))
const frames = { combined: framesOf(true), bare: dialect === 'coinbase' ? Buffer.alloc(0) : framesOf(false) }

const open = new Map<Duplex, Buffer>()
const server = createServer()
const sockets = new WebSocketServer({ noServer: true })
server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
  sockets.handleUpgrade(request, socket, head, (link) => {
    open.set(socket, dialect === 'coinbase' || request.url?.startsWith('/stream') === true ? frames.combined : frames.bare)
    link.on('error', () => undefined).on('close', () => open.delete(socket))
    link.on('message', (data: Buffer) => {
      const { id } = JSON.parse(data.toString()) as { id?: unknown }
      if (id !== undefined) link.send(JSON.stringify({ result: null, id }))
    })
    link.once('message', () => process.send?.('subscribed'))
  })
})
process.on('message', () => { for (const [socket, all] of open) socket.write(all) })
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
