import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { readJson } from '../control/json-body.ts'
import { JournalFault } from '../exchange/journal-file.ts'
import { invalid, tooMany, unauthorized, unknownPath, venueTrouble, type RestAnswer } from './answers.ts'
import { acceptableUris, tokenFault } from './jwt.ts'
import { RateLimiter } from './rate-limiter.ts'
import { routes, type Route } from './routes.ts'
import type { Venue } from './venue.ts'

interface Arrived {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly route: Route
  readonly params: readonly string[]
  readonly body: Record<string, unknown> | undefined
}

interface Limits {
  readonly open: RateLimiter
  readonly closed: RateLimiter
}

type Outcome = RestAnswer | 'lost request' | 'lost answer'

/** The REST host: routes, authentication, rate limits, and the faults aimed at requests. The caller listens and closes. */
export function restServer(venue: Venue): Server {
  const { privatePerSecond, publicPerSecond } = venue.settings
  const limits = { open: new RateLimiter(publicPerSecond, venue.now()), closed: new RateLimiter(privatePerSecond, venue.now()) }
  const server = createServer((request, response) => void serve(venue, limits, request, response))
  server.on('connection', (socket) => {
    if (venue.faults.active('refuseConnections', 'rest')) socket.destroy()
  })
  server.keepAliveTimeout = 60_000
  return server
}

async function serve(venue: Venue, limits: Limits, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback')
  try {
    const body = await readJson(request)
    const found = findRoute(request.method ?? '', url.pathname)
    if (!found) return send(response, unknownPath)
    const arrived: Arrived = { request, response, url, ...found, body }
    const clientOrderId = noteCreate(venue, arrived)
    const outcome = await answer(venue, limits, arrived)
    venue.requests.add({ at: venue.now(), method: found.route.method, path: url.pathname, ...(clientOrderId === undefined ? {} : { clientOrderId }), outcome: typeof outcome === 'string' ? outcome : outcome.status })
    if (typeof outcome === 'string') request.socket.destroy()
    else send(response, outcome)
  } catch (cause) {
    if (cause instanceof JournalFault) throw cause
    process.stderr.write(`sandbox: ${request.method} ${url.pathname}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`)
    if (!response.headersSent) send(response, { status: 500, body: '' })
  }
}

function findRoute(method: string, path: string): { route: Route; params: readonly string[] } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : undefined
    if (match) return { route, params: match.slice(1).map((part) => decodeURIComponent(part)) }
  }
  return undefined
}

/** The ledger counts a create's client order id however the request ends. */
function noteCreate(venue: Venue, { route, body }: Arrived): string | undefined {
  const id = body?.['client_order_id']
  if (route.kind !== 'create' || typeof id !== 'string' || id === '') return undefined
  venue.exchange.noteRequest(id.slice(0, 256))
  return id
}

async function answer(venue: Venue, limits: Limits, arrived: Arrived): Promise<Outcome> {
  const { faults } = venue
  const { kind } = arrived.route
  if (faults.active('refuseConnections', 'rest') || faults.take('loseNextRequest', kind)) return 'lost request'
  const delay = faults.take('delay', kind)
  if (delay) await wait(delay.durationMs)
  const late = faults.take('lateAdmission', kind)
  if (late) {
    // The request waits in some proxy: it meets the token check when it arrives, not when it was sent.
    setTimeout(() => bar(venue, limits, arrived) ?? handle(venue, arrived), late.durationMs)
    return 'lost answer'
  }
  const barred = bar(venue, limits, arrived)
  if (barred) return barred
  const trouble = faults.take('answer5xx', kind)
  if (trouble?.variant === 'notCreated') return venueTrouble
  const done = handle(venue, arrived)
  if (trouble) return venueTrouble
  return faults.take('loseNextAnswer', kind) ? 'lost answer' : done
}

/** 429 and 401, before anything is done. */
function bar(venue: Venue, limits: Limits, { request, response, route, url }: Arrived): RestAnswer | undefined {
  const limiter = route.open ? limits.open : limits.closed
  const left = limiter.take(venue.now())
  if (left === undefined || venue.faults.take('answer429', route.kind)) return tooMany
  if (route.open) return undefined
  if (left !== Infinity) {
    response.setHeader('x-ratelimit-limit', venue.settings.privatePerSecond)
    response.setHeader('x-ratelimit-remaining', left)
    response.setHeader('x-ratelimit-reset', 1)
  }
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
  const uris = acceptableUris(route.method, request.headers.host ?? '', url.pathname)
  const fault = scheme === 'Bearer' ? tokenFault(token, { keys: venue.ring.keys, nowMs: venue.now(), uris }) : 'malformed'
  return fault ? unauthorized : undefined
}

function handle(venue: Venue, { route, params, url, body }: Arrived): RestAnswer {
  if (!body) return invalid('request body is not a JSON object')
  return route.handle(venue, { params, query: url.searchParams, body })
}

function send(response: ServerResponse, { status, body }: RestAnswer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' })
  response.end(text)
}
