import { createServer, type Server } from 'node:http'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Peer } from './connection.ts'
import type { SocketHost } from './socket-host.ts'

const TICK_MS = 10

/** A host on sockets; the caller listens on `server` and calls `close` in the end. */
export interface SocketServer {
  readonly server: Server
  close(): void
}

/** The host served by one timer. */
export function socketServer(host: SocketHost): SocketServer {
  const server = createServer((_request, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({ server, autoPong: false, maxPayload: 1_000_000, perMessageDeflate: false })
  server.on('connection', (socket) => {
    if (host.refuses) socket.destroy()
  })
  sockets.on('connection', (socket, request) => serve(host, socket, request.url ?? ''))
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

function serve(host: SocketHost, socket: WebSocket, target: string): void {
  const session = host.join(peerOf(socket), target)
  if (!session) return socket.terminate()
  socket.on('message', (data) => session.take(textOf(data)))
  socket.on('ping', (data) => {
    session.takeControl()
    session.connection.answer(data)
  })
  socket.on('pong', () => {
    session.takeControl()
    session.connection.heard()
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => host.leave(session))
  return undefined
}

function peerOf(socket: WebSocket): Peer {
  const whenOpen = (act: () => void): void => (socket.readyState === socket.OPEN ? act() : undefined)
  return {
    waiting: () => (socket.readyState === socket.OPEN ? socket.bufferedAmount : undefined),
    send: (text) => socket.send(text),
    ping: (payload) => whenOpen(() => socket.ping(payload)),
    pong: (payload) => whenOpen(() => socket.pong(payload)),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  }
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8')
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)).toString('utf8')
}
