/** HTTP as the adapter needs it, and the system's own: one exchange over a kept connection, written once, never repeated, never redirected. */
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: Millis
  /** Called when the last byte has been given to the system. */
  written(): void
}

/** Any answer, whatever its status. The body is text: it is JSON only if it parses. */
export interface HttpAnswer {
  readonly status: number
  readonly text: string
  /** From the write to the end of the answer. */
  readonly tookMs: Millis
  readonly retryAfterMs?: Millis
  /** By lower-case name; a header that was sent twice is left out. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface HttpTransport {
  /** Never rejects. A failure means that no complete answer came; whether the venue has acted is then unknown. */
  send(request: HttpRequest): Promise<Result<HttpAnswer>>
  /** Lets go of kept connections. */
  close(): void
}

type Untimed = Omit<HttpAnswer, 'tookMs'>

const maxBodyBytes = 32 * 1024 * 1024
/** Below the idle limits of common proxies: a socket that the peer is about to close would make a create unknown. */
const idleSocketMs = 15_000
/** More than the rate budget lets through within a time-out: a cancel never queues for a socket. */
const mostSockets = 256
const agentOptions = { keepAlive: true, maxSockets: mostSockets, timeout: idleSocketMs }

export class SystemHttp implements HttpTransport {
  readonly #clock: Clock
  readonly #plain = new HttpAgent(agentOptions)
  readonly #tls = new HttpsAgent(agentOptions)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async send(request: HttpRequest): Promise<Result<HttpAnswer>> {
    return new Promise((resolve) => {
      const began = this.#clock.monotonic()
      const outgoing = this.#open(request)
      const finish = (result: Result<HttpAnswer>): void => {
        deadline.cancel()
        resolve(result)
      }
      const deadline = this.#clock.after(request.timeoutMs, () => {
        finish(failed({ kind: 'timeout', detail: `no answer within ${request.timeoutMs} ms` }))
        outgoing.destroy()
      })
      outgoing.on('error', (cause) => finish(failed(brokenConnection(cause))))
      outgoing.on('response', (response) => collect(response, (result) => finish(result.ok ? ok({ ...result.value, tookMs: this.#clock.monotonic() - began }) : result)))
      outgoing.on('finish', () => request.written())
      outgoing.end(request.body)
    })
  }

  close(): void {
    this.#plain.destroy()
    this.#tls.destroy()
  }

  #open({ method, url, headers, body }: HttpRequest): ClientRequest {
    const all = body === undefined ? headers : { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
    if (url.protocol === 'https:') return httpsRequest(url, { method, headers: all, agent: this.#tls })
    return httpRequest(url, { method, headers: all, agent: this.#plain })
  }
}

/** Only the system's code is told: messages of lower layers may quote what was sent. */
const brokenConnection = (cause: Error): Failure => {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : 'connection broken'
  return { kind: code === 'ETIMEDOUT' ? 'timeout' : 'network', detail: code }
}

const collect = (response: IncomingMessage, finish: (result: Result<Untimed>) => void): void => {
  const parts: Buffer[] = []
  let size = 0
  response.on('data', (part: Buffer) => {
    size += part.length
    parts.push(part)
    if (size <= maxBodyBytes) return
    finish(failed({ kind: 'malformed', detail: 'the answer is larger than 32 MiB' }))
    response.destroy()
  })
  response.on('error', (cause) => finish(failed(brokenConnection(cause))))
  response.on('close', () => finish(response.complete ? ok(answerOf(response, parts)) : failed({ kind: 'network', detail: 'the answer was cut off' })))
}

const answerOf = (response: IncomingMessage, parts: readonly Buffer[]): Untimed => {
  const seconds = /^\d{1,6}$/.exec(response.headers['retry-after'] ?? '')?.[0]
  const retry = seconds === undefined ? {} : { retryAfterMs: Number(seconds) * 1000 }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8'), headers: singleHeaders(response), ...retry }
}

const singleHeaders = ({ headersDistinct }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headersDistinct).flatMap(([name, values]): [string, string][] => (values?.[0] === undefined || values.length > 1 ? [] : [[name, values[0]]])),
  )
