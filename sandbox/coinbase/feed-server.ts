import { createServer, type Server } from 'node:http'
import { WebSocketServer } from 'ws'
import type { FeedHost } from './feed-connection.ts'
import { FeedSession } from './feed-session.ts'
import type { Venue } from './venue.ts'

const TICK_MS = 10
/** Connections one host keeps; more are refused. */
const MAX_CONNECTIONS = 64

/** A WebSocket host of the venue; the caller listens on `server` and calls `close` in the end. */
export interface Feed {
  readonly server: Server
  close(): void
}

/** The market-data or the user host: one session a connection, served by one timer. */
export function feedServer(host: FeedHost, venue: Venue): Feed {
  const server = createServer((_request, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({ server, autoPong: false, maxPayload: 1_000_000, perMessageDeflate: false })
  const sessions = new Set<FeedSession>()
  server.on('connection', (socket) => {
    if (venue.faults.active('refuseConnections', host)) socket.destroy()
  })
  sockets.on('connection', (socket) => {
    if (sessions.size >= MAX_CONNECTIONS) return socket.terminate()
    const session = new FeedSession(host, socket, venue)
    sessions.add(session)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => sessions.delete(session))
    return undefined
  })
  // The server's own errors (a port in use) are the listener's to report.
  sockets.on('error', () => undefined)
  venue.faults.onArm(({ name, target }) => {
    if (name === 'dropSockets' && (target === 'all' || target === host)) for (const session of sessions) session.connection.drop()
  })
  const unwatch = venue.exchange.watch((order) => sessions.forEach((session) => session.onOrder(order)))
  const timer = setInterval(() => sessions.forEach((session) => session.tick(performance.now())), TICK_MS)
  const close = (): void => {
    clearInterval(timer)
    unwatch()
    for (const session of sessions) session.connection.drop()
    sockets.close()
  }
  return { server, close }
}
