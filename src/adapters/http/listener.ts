/** The bare HTTP server: limits, security headers and the guard, in front of every route. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { refusalOf, type Door, type Refusal } from './guard.ts'
import { securityHeaders } from './security-headers.ts'

const maxConnections = 128
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
  requireHostHeader: false,
}

const refuse = (response: ServerResponse, { status, error, retryAfterSeconds, challenge }: Refusal): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
    ...(status === 405 && { allow: 'GET' }),
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  })
  response.end(JSON.stringify({ error }))
}

const guarded =
  (routes: RequestListener, door: Door) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    const refusal = refusalOf(request, door)
    if (refusal === undefined) routes(request, response)
    else refuse(response, refusal)
  }

/** A server that lets through to the routes only what the guard allows. */
export const guardedServer = (routes: RequestListener, door: Door): Server => {
  const server = createServer(limits, guarded(routes, door))
  server.maxConnections = maxConnections
  server.maxHeadersCount = 64
  return server
}

/** Answers bytes that are no HTTP request. */
export const answerUnreadable = (error: Error, socket: Duplex): void => {
  const reset = 'code' in error && error.code === 'ECONNRESET'
  if (reset || !socket.writable) return void socket.destroy()
  const body = JSON.stringify({ error: 'that was not a readable HTTP request' })
  const headers = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`)
  const head = ['HTTP/1.1 400 Bad Request', 'content-type: application/json; charset=utf-8', `content-length: ${Buffer.byteLength(body)}`, 'connection: close', ...headers]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
