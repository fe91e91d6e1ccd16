import type { RequestClass } from '../control/fault-kinds.ts'
import { gatewayPage, invalid, notPermitted, tooMany, unauthorized, unknownPath, venueTrouble, type RestAnswer } from './answers.ts'
import { acceptableUris, tokenFault } from './jwt.ts'
import { RateLimiter } from './rate-limiter.ts'
import { routes, type Route } from './routes.ts'
import type { Venue } from './venue.ts'

/** A request as it came, whatever carried it. `body` is undefined when it was no JSON object. */
export interface ArrivedRequest {
  readonly method: string
  readonly url: URL
  /** The Host header. */
  readonly host: string
  readonly authorization: string
  readonly body: Record<string, unknown> | undefined
}

/** What the carrier has to do: hand an answer back, or destroy the connection without one. */
export type RestOutcome = RestAnswer | 'lost request' | 'lost answer'

interface Routed extends ArrivedRequest {
  readonly route: Route
  readonly params: readonly string[]
}

interface Barred {
  readonly answer?: RestAnswer
  readonly headers?: Readonly<Record<string, string>>
}

/** The REST host without its sockets: routes, authentication, rate limits, and the faults aimed at requests. */
export class RestHandler {
  readonly #venue: Venue
  readonly #open: RateLimiter
  readonly #closed: RateLimiter

  constructor(venue: Venue) {
    const { privatePerSecond, publicPerSecond } = venue.settings
    this.#venue = venue
    this.#open = new RateLimiter(publicPerSecond, venue.monotonic())
    this.#closed = new RateLimiter(privatePerSecond, venue.monotonic())
  }

  /** Does what the request asks and notes it. Rejects with JournalFault, after which the process must end. */
  async take(request: ArrivedRequest): Promise<RestOutcome> {
    const { method, url } = request
    const found = findRoute(method, url.pathname)
    if (!found) return unknownPath
    const routed: Routed = { ...request, ...found }
    const clientOrderId = this.#noteCreate(routed)
    const outcome = await this.#answer(routed)
    this.#venue.requests.add({ at: this.#venue.now(), method, path: url.pathname, ...(clientOrderId === undefined ? {} : { clientOrderId }), outcome: typeof outcome === 'string' ? outcome : outcome.status })
    return outcome
  }

  /** The ledger counts a create's client order id however the request ends. */
  #noteCreate({ route, body }: Routed): string | undefined {
    const id = body?.['client_order_id']
    if (route.kind !== 'create' || typeof id !== 'string' || id === '') return undefined
    this.#venue.exchange.noteRequest(id.slice(0, 256))
    return id
  }

  async #answer(request: Routed): Promise<RestOutcome> {
    const { faults, after } = this.#venue
    const { kind } = request.route
    if (faults.active('refuseConnections', 'rest') || faults.take('loseNextRequest', kind)) return 'lost request'
    const delay = faults.take('delay', kind)
    if (delay) await new Promise<void>((resolve) => after(delay.durationMs, resolve))
    const late = faults.take('lateAdmission', kind)
    if (late) {
      // The request waits in some proxy: it meets the token check when it arrives, not when it was sent.
      after(late.durationMs, () => void (this.#bar(request).answer ?? this.#handle(request)))
      return 'lost answer'
    }
    const { answer: barred, headers } = this.#bar(request)
    if (barred) return barred
    const trouble = this.#trouble(kind)
    if (trouble?.variant === 'notCreated') return trouble.answer
    const done = this.#handle(request)
    if (trouble) return trouble.answer
    if (faults.take('loseNextAnswer', kind)) return 'lost answer'
    return { ...(faults.take('cutAnswer', kind) ? cut(done) : done), ...(headers && { headers }) }
  }

  /** A bad answer that is armed, and whether the request is done all the same. */
  #trouble(kind: RequestClass): { readonly answer: RestAnswer; readonly variant: string } | undefined {
    const { faults } = this.#venue
    const trouble = faults.take('answer5xx', kind)
    if (trouble) return { answer: venueTrouble, variant: trouble.variant }
    const page = faults.take('answerHtml', kind)
    return page && { answer: gatewayPage, variant: page.variant }
  }

  /** 429, 401 and 403, before anything is done. */
  #bar({ route, host, url, authorization }: Routed): Barred {
    const { faults, settings, ring, now, monotonic } = this.#venue
    const left = (route.open ? this.#open : this.#closed).take(monotonic())
    if (left === undefined || faults.take('answer429', route.kind)) return { answer: tooMany }
    if (route.open) return {}
    const [scheme, token = ''] = authorization.split(' ')
    const uris = acceptableUris(route.method, host, url.pathname)
    const fault = scheme === 'Bearer' ? tokenFault(token, { keys: ring.keys, nowMs: now(), uris }) : 'malformed'
    if (fault || faults.take('answer401', route.kind)) return { answer: unauthorized }
    if (faults.take('answer403', route.kind)) return { answer: notPermitted }
    return left === Infinity ? {} : { headers: { 'x-ratelimit-limit': String(settings.privatePerSecond), 'x-ratelimit-remaining': String(left), 'x-ratelimit-reset': '1' } }
  }

  #handle({ route, params, url, body }: Routed): RestAnswer {
    if (!body) return invalid('request body is not a JSON object')
    return route.handle(this.#venue, { params, query: url.searchParams, body })
  }
}

/** The first half of an answer's text: no JSON any more. */
function cut({ status, body }: RestAnswer): RestAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, body: text.slice(0, text.length / 2) }
}

function findRoute(method: string, path: string): { route: Route; params: readonly string[] } | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : undefined
    if (match) return { route, params: match.slice(1).map((part) => decodeURIComponent(part)) }
  }
  return undefined
}
