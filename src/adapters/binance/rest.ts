/**
 * REST calls: paced, signed, sent once. No meaning beyond "an answer came".
 *
 * R1  No call is repeated here, whatever became of it.
 * R2  A call that is not written says so, apart from a call whose answer is missing.
 * R3  A create carries the claim's time and is signed once; when its window is over, nothing is written.
 */
import type { Failure } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Failpoint } from '../../ports/failpoints.ts'
import type { Lane } from '../venue-kit/rate-budget.ts'
import type { HttpAnswer, HttpRequest } from '../venue-kit/transport.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import type { KeyStanding } from './key-standing.ts'
import type { Limits } from './limits.ts'
import type { Settings } from './options.ts'
import { queryOf, signedQuery, type Params } from './signed-request.ts'

const prefix = '/api/v3'
/** The venue's own standard (3.4). */
const usualWindowMs: Millis = 5_000

/** From when (venue time) and how long a signature holds. */
export interface SignedWindow {
  readonly at: Millis
  readonly windowMs: Millis
}

export interface Call {
  readonly method: HttpRequest['method']
  /** Below the venue's prefix. */
  readonly path: string
  /** All parameters go into the query, whatever the method: what is signed is what is sent (3.2). */
  readonly params?: Params
  /** What the venue counts for it (5). */
  readonly weight: number
  readonly lane: Lane
  readonly access: 'public' | 'signed'
  /** Now and the venue's usual window without it. */
  readonly signed?: SignedWindow
}

export type Sent =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  /** It may or may not have arrived. */
  | { readonly kind: 'broken'; readonly failure: Failure }
  /** No byte of it left this process. */
  | { readonly kind: 'notWritten'; readonly failure: Failure }

export interface RestParts {
  readonly settings: Settings
  readonly venueClock: VenueClock
  readonly limits: Limits
  readonly standing: KeyStanding
}

const creating = { signed: 'send.signed', written: 'send.written' } as const
/** The named moments of a call that writes something at the venue. */
const moments: Readonly<Record<Lane, { readonly signed?: Failpoint; readonly written?: Failpoint }>> = {
  exit: creating,
  entry: creating,
  cancel: { written: 'cancel.written' },
  reconcile: {},
  data: {},
}

export class Rest {
  readonly #parts: RestParts

  constructor(parts: RestParts) {
    this.#parts = parts
  }

  /** Never rejects. */
  async send(call: Call): Promise<Sent> {
    const { settings, limits, venueClock } = this.#parts
    const { lane, signed, access } = call
    if (access === 'signed' && settings.key === undefined) return notWritten({ kind: 'unauthorised', detail: 'no API key is set' })
    const refusal = await limits.admit(lane, call.weight)
    if (refusal !== undefined) return notWritten(refusal)
    if (signed !== undefined && venueClock.now() >= signed.at + signed.windowMs) return notWritten({ kind: 'timeout', detail: 'the claim is older than its window' })
    const request = this.#request(call)
    const moment = moments[lane]
    this.#reach(moment.signed)
    const result = await settings.http.send({ ...request, written: () => this.#reach(moment.written) })
    if (!result.ok) return { kind: 'broken', failure: result.failure }
    limits.learn(result.value)
    if (access === 'signed' && result.value.status === 200) this.#parts.standing.served()
    return { kind: 'answered', answer: result.value }
  }

  close(): void {
    this.#parts.settings.http.close()
  }

  #reach(moment: Failpoint | undefined): void {
    if (moment !== undefined) this.#parts.settings.failpoints.reach(moment)
  }

  #request(call: Call): Omit<HttpRequest, 'written'> {
    const { restUrl, key, requestTimeoutMs: timeoutMs } = this.#parts.settings
    const url = new URL(`${prefix}${call.path}`, restUrl)
    const headers = { accept: 'application/json' }
    if (call.access === 'public' || key === undefined) {
      url.search = queryOf(call.params ?? [])
      return { method: call.method, url, headers, timeoutMs }
    }
    url.search = signedQuery(key, this.#timed(call))
    return { method: call.method, url, headers: { ...headers, 'x-mbx-apikey': key.apiKey }, timeoutMs }
  }

  #timed({ params = [], signed }: Call): Params {
    const { at, windowMs } = signed ?? { at: this.#parts.venueClock.now(), windowMs: usualWindowMs }
    return [...params, ['recvWindow', String(windowMs)], ['timestamp', String(at)]]
  }
}

const notWritten = (failure: Failure): Sent => ({ kind: 'notWritten', failure: { ...failure, detail: `not written: ${failure.detail}` } })
