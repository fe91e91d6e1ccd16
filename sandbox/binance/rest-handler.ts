import { Gate, type Outcome } from './gate.ts'
import { errors } from './api-error.ts'
import type { Method } from './method.ts'
import { methods } from './methods.ts'
import { restPayload } from './signature.ts'
import type { Venue } from './venue.ts'

/** A request as it came, whatever carried it. `query` and `body` are the bytes as sent: signatures are of those. */
export interface ArrivedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly body: string
  /** The X-MBX-APIKEY header. */
  readonly apiKey: string | undefined
}

/** What goes back: the outcome and, unless the connection is destroyed, the headers. */
export interface RestOutcome {
  readonly outcome: Outcome
  readonly headers: Readonly<Record<string, string>>
}

const PREFIX = '/api/v3'
const NOT_FOUND = '<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>'
const GONE = '<html><head><title>410 Gone</title></head><body><center><h1>410 Gone</h1></center><hr><center>nginx</center></body></html>'

const byRequest: ReadonlyMap<string, Method> = new Map(methods.flatMap((method) => (method.rest === undefined ? [] : [[method.rest.replace(' ', ` ${PREFIX}`), method]])))

/** The REST host without its sockets. */
export class RestHandler {
  readonly #venue: Venue
  readonly #gate: Gate

  constructor(venue: Venue, gate: Gate) {
    this.#venue = venue
    this.#gate = gate
  }

  /** Does what the request asks. Rejects with JournalFault, after which the process must end. */
  async take(request: ArrivedRequest): Promise<RestOutcome> {
    const method = byRequest.get(`${request.method} ${request.path.replace(/\/$/, '')}`)
    // The listen keys are gone: their paths answer with the web server's own page (binance-spot.md 1).
    if (!method) return { outcome: request.path.startsWith(`${PREFIX}/userDataStream`) ? { status: 410, body: GONE } : { status: 404, body: NOT_FOUND }, headers: {} }
    const outcome = this.#venue.faults.active('refuseConnections', 'rest') ? 'lost request' : await this.#take(method, request)
    return { outcome, headers: typeof outcome === 'string' ? {} : this.#headers(method, outcome) }
  }

  #take(method: Method, { method: verb, path, query, body, apiKey }: ArrivedRequest): Promise<Outcome> {
    const values = readValues(query, verb === 'GET' ? '' : body)
    if (!values) {
      const { status, body: error } = errors.repeated()
      return Promise.resolve({ status, body: error })
    }
    const credentials = { apiKey, signature: values.get('signature'), signed: restPayload(query, body) }
    return this.#gate.take({ method, values, credentials, shown: { method: verb, path } })
  }

  /** Weight on every answer, order counts on successful order answers (binance-spot.md 10). */
  #headers({ kind }: Method, { status, retryAfterMs }: Exclude<Outcome, string>): Record<string, string> {
    const { weight, orderLimit } = this.#venue
    const used = String(weight.used)
    const headers: Record<string, string> = { 'x-mbx-used-weight': used, 'x-mbx-used-weight-1m': used }
    if (kind === 'create' && status === 200) {
      for (const { interval, intervalNum, count } of orderLimit.usage) headers[`x-mbx-order-count-${intervalNum}${interval.charAt(0).toLowerCase()}`] = String(count)
    }
    if (retryAfterMs !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)))
    return headers
  }
}

/** Parameters of query and body; in both, the query wins (binance-spot.md 3.2). Undefined: one of them names something twice. */
function readValues(query: string, body: string): ReadonlyMap<string, string> | undefined {
  const [inQuery, inBody] = [new URLSearchParams(query), new URLSearchParams(body)]
  for (const part of [inQuery, inBody]) if (new Set(part.keys()).size < part.size) return undefined
  return new Map([...inBody, ...inQuery])
}
