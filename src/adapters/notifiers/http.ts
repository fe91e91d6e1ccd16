/** One request of a notifier: guarded, bounded, never redirected, never repeated. */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { failed, ok, type Failure, type FailureKind, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import { Refused, resolved, type Outbound } from './outbound.ts'

export interface Sending extends Outbound {
  readonly clock: Clock
  readonly timeoutMs: Millis
}

export interface NoticeRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** More of an answer is not looked at. */
const mostAnswerBytes = 65_536

const kindOf = (status: number): FailureKind => {
  if (status === 401) return 'unauthorised'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'notFound'
  if (status === 429) return 'rateLimited'
  if (status === 408) return 'timeout'
  return status >= 500 ? 'unavailable' : 'badRequest'
}

const verdictOn = ({ statusCode = 0, headers }: IncomingMessage): Result<undefined> => {
  if (statusCode >= 200 && statusCode < 300) return ok(undefined)
  const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0]
  const retry = seconds === undefined ? {} : { retryAfterMs: Number(seconds) * 1_000 }
  const detail = statusCode >= 300 && statusCode < 400 ? `answered ${statusCode}, a redirect, which is not followed: set the address that it leads to` : `answered ${statusCode}`
  return failed({ kind: kindOf(statusCode), detail, ...retry })
}

/** Only the system's code is told: messages of lower layers may quote the address, which may be a secret. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof Refused) return { kind: 'forbidden', detail: error.message }
  const code = (error as { code?: unknown }).code
  return { kind: code === 'ETIMEDOUT' ? 'timeout' : 'network', detail: typeof code === 'string' ? code : 'the connection broke' }
}

/** Sends once. Never throws; the answer's body is not read for meaning. */
export const sendOnce = async (request: NoticeRequest, sending: Sending): Promise<Result<undefined>> => {
  const { url } = request
  const began = sending.clock.monotonic()
  try {
    const target = await within(sending, resolved(url.hostname, sending))
    if (url.protocol !== 'https:' && target.place !== 'loopback') throw new Refused(`${url.hostname} is not on this machine: use https`)
    return await exchange(request, { ...sending, timeoutMs: Math.max(1, sending.timeoutMs - (sending.clock.monotonic() - began)) }, { lookup: (_host, _options, done) => done(null, [target]) })
  } catch (error) {
    return failed(failureOf(error))
  }
}

/** Rejects when it takes too long; resolving a name knows no bound of its own. */
export const within = async <T>({ clock, timeoutMs }: Pick<Sending, 'clock' | 'timeoutMs'>, work: Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = clock.after(timeoutMs, () => reject(Object.assign(new Error('too late'), { code: 'ETIMEDOUT' })))
    work.finally(() => timer.cancel()).then(resolve, reject)
  })

const exchange = ({ method, url, headers = {}, body }: NoticeRequest, { clock, timeoutMs }: Sending, guard: Pick<RequestOptions, 'lookup'>): Promise<Result<undefined>> =>
  new Promise((resolve) => {
    const all = { 'user-agent': 'nightdesk', ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) }
    const outgoing = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method, headers: all, agent: false, ...guard })
    const finish = (result: Result<undefined>): void => {
      deadline.cancel()
      resolve(result)
      outgoing.destroy()
    }
    const deadline = clock.after(timeoutMs, () => finish(failed({ kind: 'timeout', detail: `no answer within ${Math.round(timeoutMs)} ms` })))
    outgoing.on('error', (error) => finish(failed(failureOf(error))))
    outgoing.on('response', (response) => {
      let size = 0
      response.on('data', (part: Buffer) => {
        size += part.length
        if (size > mostAnswerBytes) finish(verdictOn(response))
      })
      response.on('error', (error) => finish(failed(failureOf(error))))
      response.on('close', () => finish(response.complete ? verdictOn(response) : failed({ kind: 'network', detail: 'the answer was cut off' })))
    })
    outgoing.end(body)
  })
