import { errors, type ApiError } from './api-error.ts'
import type { Connection } from './connection.ts'
import type { Answer, Gate } from './gate.ts'
import type { Usage } from './limits.ts'
import type { Method } from './method.ts'
import { methods } from './methods.ts'
import { sessionMethods, type SessionState } from './session-methods.ts'
import { socketPayload } from './signature.ts'
import type { Session } from './socket-host.ts'
import { Subscriptions } from './subscriptions.ts'
import type { Venue } from './venue.ts'
import { readSocketRequest, type SocketRequest } from './ws-api-request.ts'

export interface WsApiParts {
  readonly venue: Venue
  readonly gate: Gate
  readonly showsLimits: boolean
}

const shared: ReadonlyMap<string, Method> = byName(methods)
/** The methods a `refuseSubscribe` fault meets. */
const SUBSCRIBING: ReadonlySet<string> = new Set(['session.logon', 'userDataStream.subscribe', 'userDataStream.subscribe.signature'])

/** One client of the WebSocket API: requests in, answers by their id, and the account's events of its subscription. */
export class WsApiSession implements Session {
  readonly connection: Connection
  readonly #parts: WsApiParts
  readonly #state: SessionState
  readonly #own: ReadonlyMap<string, Method>
  readonly #unwatch: () => void

  constructor(connection: Connection, parts: WsApiParts) {
    const { venue, showsLimits } = parts
    this.connection = connection
    this.#parts = parts
    this.#state = { subscriptions: new Subscriptions(venue, (message) => connection.send(message)), connectedSince: Math.floor(venue.now()), showsLimits, logon: undefined }
    this.#own = byName(sessionMethods(this.#state))
    this.#unwatch = venue.faults.onArm(({ name }) => {
      if (name === 'endSubscriptions') this.#state.subscriptions.close()
    })
  }

  take(text: string): void {
    const request = readSocketRequest(text)
    if (!request) return this.#refuse(null, errors.badData('request'))
    const method = this.#own.get(request.method) ?? shared.get(request.method)
    if (!method) return this.#refuse(request.id, errors.unsupportedOperation())
    const refusal = SUBSCRIBING.has(request.method) ? this.#parts.venue.faults.take('refuseSubscribe', 'user') : undefined
    if (refusal) return this.#refuse(request.id, refusal.variant === 'authentication failure' ? errors.badKey() : errors.unknown())
    return void this.#serve(method, request)
  }

  takeControl(): void {
    // Control frames do not count here.
  }

  tick(): void {
    // Nothing is sent by the clock.
  }

  announceShutdown(): void {
    this.connection.send({ event: { e: 'serverShutdown', E: Math.floor(this.#parts.venue.now()) } })
  }

  end(): void {
    this.#unwatch()
    this.#state.subscriptions.stop()
  }

  async #serve(method: Method, { id, method: name, values }: SocketRequest): Promise<void> {
    const credentials = { apiKey: values.get('apiKey'), signature: values.get('signature'), signed: socketPayload(values) }
    const own = new Map(values)
    own.delete('returnRateLimits')
    const outcome = await this.#parts.gate.take({ method, values: own, credentials, session: this.#state.logon?.key, shown: { method: 'WS', path: name } })
    if (typeof outcome === 'string') return this.connection.drop()
    if (this.#state.logon && outcome.status === 401) this.#state.logon = undefined
    const shows = (values.get('returnRateLimits') ?? String(this.#state.showsLimits)) === 'true'
    return this.connection.send({ id, ...this.#shown(outcome), ...(shows ? { rateLimits: this.#usage(method) } : {}) })
  }

  /** Pages of HTML and torn answers have no frame of their own: their request ends in an error whose outcome is unknown. */
  #shown({ status, body, retryAfterMs, isCut }: Answer): Record<string, unknown> {
    if (typeof body === 'string' || isCut === true) return { status: Math.max(status, 500), error: errors.unexpectedResponse().body }
    if (status === 200) return { status, result: body }
    const now = Math.floor(this.#parts.venue.now())
    const data = retryAfterMs === undefined ? {} : { data: { serverTime: now, retryAfter: now + Math.ceil(retryAfterMs) } }
    return { status, error: { ...(body as object), ...data } }
  }

  #usage({ kind }: Method): readonly Usage[] {
    const { weight, orderLimit } = this.#parts.venue
    return kind === 'create' ? [...orderLimit.usage, ...weight.usage] : weight.usage
  }

  #refuse(id: SocketRequest['id'], { status, body }: ApiError): void {
    this.connection.send({ id, status, error: body })
  }
}

function byName(all: readonly Method[]): ReadonlyMap<string, Method> {
  return new Map(all.flatMap((method) => (method.socket === undefined ? [] : [[method.socket, method]])))
}
