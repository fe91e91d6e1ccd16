import { createServer, type Server } from 'node:http'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { FeedHostName, Peer } from './feed-connection.ts'
import { FeedHost } from './feed-host.ts'
import type { Venue } from './venue.ts'

const TICK_MS = 10

/** A WebSocket host of the venue; the caller listens on `server` and calls `close` in the end. */
export interface Feed {
  readonly server: Server
  close(): void
}

/** The market-data or the user host on sockets, served by one timer. */
export function feedServer(name: FeedHostName, venue: Venue): Feed {
  const host = new FeedHost(name, venue)
  const server = createServer((_request, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({ server, autoPong: false, maxPayload: 1_000_000, perMessageDeflate: false })
  server.on('connection', (socket) => {
    if (host.refuses) socket.destroy()
  })
  sockets.on('connection', (socket) => serve(host, socket))
  // The server's own errors (a port in use) are the listener's to report.
  sockets.on('error', () => undefined)
  const timer = setInterval(() => host.tick(), TICK_MS)
  const close = (): void => {
    clearInterval(timer)
    host.close()
    sockets.close()
  }
  return { server, close }
}

function serve(host: FeedHost, socket: WebSocket): void {
  const session = host.join(peerOf(socket))
  if (!session) return socket.terminate()
  socket.on('message', (data) => session.take(textOf(data)))
  socket.on('ping', (data) => {
    if (!session.connection.silent) socket.pong(data)
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => host.leave(session))
  return undefined
}

function peerOf(socket: WebSocket): Peer {
  return {
    waiting: () => (socket.readyState === socket.OPEN ? socket.bufferedAmount : undefined),
    send: (text) => socket.send(text),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  }
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8')
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)).toString('utf8')
}
