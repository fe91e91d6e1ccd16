/** A WebSocket as the adapter needs it, and the system's own. */
import { WebSocket } from 'ws'

/** What a socket tells. One of `refused`, `failed` and `closed` comes last; a later one says nothing new. */
export interface WebSocketListener {
  opened(): void
  message(text: string): void
  /** The host answered with an HTTP status instead of a WebSocket. */
  refused(status: number): void
  /** The connection broke, or never came about; only the system's code is told. */
  failed(code: string): void
  closed(code: number): void
}

export interface WebSocketLink {
  /** Gives a text to the system; one that cannot be sent any more is dropped. */
  send(text: string): void
  /** Ends the connection without the closing handshake. */
  terminate(): void
}

/** Begins to connect; nothing is told before it has returned. */
export type OpenWebSocket = (url: string, listener: WebSocketListener) => WebSocketLink

/** The snapshot of one product's whole book has been several MB (coinbase-advanced-trade.md 9.2). */
const maxFrameBytes = 16 * 1024 * 1024
const handshakeMs = 10_000

export const openWebSocket: OpenWebSocket = (url, listener) => {
  const socket = new WebSocket(url, { maxPayload: maxFrameBytes, handshakeTimeout: handshakeMs, perMessageDeflate: false, followRedirects: false })
  socket.on('open', () => listener.opened())
  socket.on('message', (data) => listener.message(textOf(data)))
  socket.on('unexpected-response', (request, response) => {
    request.destroy()
    listener.refused(response.statusCode ?? 0)
  })
  // Stays attached for good: a socket that is torn down reports that as an error too.
  socket.on('error', (cause) => listener.failed(causeOf(cause)))
  socket.on('close', (code) => listener.closed(code))
  return { send: (text) => socket.send(text, () => undefined), terminate: () => socket.terminate() }
}

const textOf = (data: WebSocket.RawData): string => {
  if (Buffer.isBuffer(data)) return data.toString('utf8')
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)).toString('utf8')
}

const causeOf = (cause: Error): string => ('code' in cause && typeof cause.code === 'string' ? cause.code : 'connection broken')
