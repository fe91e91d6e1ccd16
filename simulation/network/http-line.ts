/**
 * Requests of one process to the venue, without sockets: the same bytes' meaning, after a while, or an answer that never
 * comes. What has left the process arrives whether or not the process still lives.
 */
import type { HttpAnswer, HttpRequest, HttpTransport } from '../../src/adapters/venue-kit/transport.ts'
import { failed, ok, type Result } from '../../src/domain/failure.ts'
import type { RestAnswer } from '../../sandbox/coinbase/answers.ts'
import type { RestHandler } from '../../sandbox/coinbase/rest-handler.ts'
import type { Life } from '../process/life.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'

/** A request at the moment it leaves its process. */
export interface LeavingRequest {
  readonly life: Life
  readonly method: string
  readonly url: URL
  readonly authorization: string
  readonly body: Record<string, unknown>
}

export interface HttpLineParts {
  readonly life: Life
  readonly clock: VirtualClock
  readonly handler: RestHandler
  /** One way through the network. */
  readonly latencyMs: () => number
  readonly leaves: (request: LeavingRequest) => void
  /** Hears what became of a request, whether or not the process does. */
  readonly answered: (request: LeavingRequest, outcome: number | string) => void
}

const reset = failed({ kind: 'network', detail: 'ECONNRESET' })

const answerOf = ({ status, body, headers }: RestAnswer, tookMs: number): HttpAnswer => {
  const retry = headers?.['retry-after']
  return { status, text: typeof body === 'string' ? body : JSON.stringify(body), tookMs, ...(retry !== undefined && { retryAfterMs: Number(retry) * 1_000 }) }
}

export const httpLine = (parts: HttpLineParts): HttpTransport => ({
  send: (request) => new Promise((resolve) => parts.life.say(() => travel(parts, request, resolve))),
  close: () => undefined,
})

const travel = (parts: HttpLineParts, request: HttpRequest, resolve: (result: Result<HttpAnswer>) => void): void => {
  const { life, clock, handler, latencyMs } = parts
  const began = life.clock.monotonic()
  const leaving = leavingOf(life, request)
  const finish = (result: Result<HttpAnswer>): void => {
    deadline.cancel()
    resolve(result)
  }
  const deadline = life.clock.after(request.timeoutMs, () => resolve(failed({ kind: 'timeout', detail: `no answer within ${request.timeoutMs} ms` })))
  parts.leaves(leaving)
  clock.after(latencyMs(), () => {
    const { method, url, authorization, body } = leaving
    void handler.take({ method, url, host: url.host, authorization, body }).then((outcome) => {
      parts.answered(leaving, typeof outcome === 'string' ? outcome : outcome.status)
      clock.after(latencyMs(), () => life.hear(() => finish(typeof outcome === 'string' ? reset : ok(answerOf(outcome, life.clock.monotonic() - began)))))
    })
  })
  request.written()
}

const leavingOf = (life: Life, { method, url, headers, body }: HttpRequest): LeavingRequest => ({
  life,
  method,
  url,
  authorization: headers['authorization'] ?? '',
  body: body === undefined ? {} : (JSON.parse(body) as Record<string, unknown>),
})
