import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { JournalFault } from '../exchange/journal-file.ts'
import type { Gate } from './gate.ts'
import { RestHandler, type RestOutcome } from './rest-handler.ts'
import type { Venue } from './venue.ts'

const MAX_BODY_BYTES = 1_000_000

/** The REST host on sockets. The caller listens and closes. */
export function restServer(venue: Venue, gate: Gate): Server {
  const handler = new RestHandler(venue, gate)
  const server = createServer((request, response) => void serve(handler, request, response))
  server.on('connection', (socket) => {
    if (venue.faults.active('refuseConnections', 'rest')) socket.destroy()
  })
  server.keepAliveTimeout = 60_000
  return server
}

async function serve(handler: RestHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Not through URL, which would change the bytes that were signed.
  const [path = '', ...rest] = (request.url ?? '').split('?')
  try {
    const body = await readText(request)
    const apiKey = request.headers['x-mbx-apikey']
    const answered = await handler.take({ method: request.method ?? '', path, query: rest.join('?'), body, apiKey: typeof apiKey === 'string' ? apiKey : undefined })
    send(request, response, answered)
  } catch (cause) {
    if (cause instanceof JournalFault) throw cause
    process.stderr.write(`sandbox: ${request.method} ${path}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`)
    if (!response.headersSent) response.writeHead(500).end()
  }
}

function send(request: IncomingMessage, response: ServerResponse, { outcome, headers }: RestOutcome): void {
  if (typeof outcome === 'string') {
    request.socket.destroy()
    return
  }
  const isPage = typeof outcome.body === 'string'
  const text = typeof outcome.body === 'string' ? outcome.body : JSON.stringify(outcome.body)
  response.writeHead(outcome.status, { ...headers, 'content-type': isPage ? 'text/html' : 'application/json;charset=UTF-8' })
  response.end(outcome.isCut ? text.slice(0, text.length / 2) : text)
}

/** The body as it came; what is beyond a megabyte is cut, so that its signature fails. */
async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer = chunk as Buffer
    bytes += buffer.length
    if (bytes <= MAX_BODY_BYTES) chunks.push(buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}
