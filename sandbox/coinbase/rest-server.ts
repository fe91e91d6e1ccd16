import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readJson } from '../control/json-body.ts'
import { JournalFault } from '../exchange/journal-file.ts'
import type { RestAnswer } from './answers.ts'
import { RestHandler } from './rest-handler.ts'
import type { Venue } from './venue.ts'

/** The REST host on sockets. The caller listens and closes. */
export function restServer(venue: Venue): Server {
  const handler = new RestHandler(venue)
  const server = createServer((request, response) => void serve(handler, request, response))
  server.on('connection', (socket) => {
    if (venue.faults.active('refuseConnections', 'rest')) socket.destroy()
  })
  server.keepAliveTimeout = 60_000
  return server
}

async function serve(handler: RestHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback')
  try {
    const body = await readJson(request)
    const { host = '', authorization = '' } = request.headers
    const outcome = await handler.take({ method: request.method ?? '', url, host, authorization, body })
    if (typeof outcome === 'string') request.socket.destroy()
    else send(response, outcome)
  } catch (cause) {
    if (cause instanceof JournalFault) throw cause
    process.stderr.write(`sandbox: ${request.method} ${url.pathname}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`)
    if (!response.headersSent) send(response, { status: 500, body: '' })
  }
}

function send(response: ServerResponse, { status, body, headers }: RestAnswer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { ...headers, 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' })
  response.end(text)
}
