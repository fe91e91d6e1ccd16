/**
 * REST calls: paced, signed, sent once. No meaning beyond "an answer came".
 *
 * R1  No call is repeated here, whatever became of it.
 * R2  A call that is not written says so, apart from a call whose answer is missing.
 * R3  A create's token begins with the claim and is made once; when it has run out, nothing is written.
 */
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Failpoint } from '../../ports/failpoints.ts'
import type { BudgetReading } from '../../ports/venue.ts'
import { failureOf } from './failures.ts'
import type { Settings } from './options.ts'
import { places, RateBudget, type Lane } from '../venue-kit/rate-budget.ts'
import type { HttpAnswer, HttpTransport } from '../venue-kit/transport.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import { noteNovelties } from './vocabulary.ts'
import { readPayload, type Payloads } from './wire.ts'

const prefix = '/api/v3/brokerage'

export type Query = readonly (readonly [name: string, value: string])[]

export interface ReadCall {
  /** Below the venue's prefix; parts are encoded by the caller. */
  readonly path: string
  readonly query?: Query
  readonly access?: 'public' | 'private'
  /** What it is read for; what is public is market data without it. */
  readonly lane?: 'reconcile' | 'data'
}

export interface PostCall {
  readonly path: string
  readonly body: object
  readonly lane: Lane
  /** Venue time from which the token counts, and how long; now and the usual 120 s without it. */
  readonly signed?: { readonly at: Millis; readonly lifetimeMs: Millis }
}

export type Sent =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  /** It may or may not have arrived. */
  | { readonly kind: 'broken'; readonly failure: Failure }
  /** No byte of it left this process. */
  | { readonly kind: 'notWritten'; readonly failure: Failure }

interface Outgoing {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly lane: Lane
  readonly isPublic: boolean
  readonly body?: string
  readonly signed?: { readonly at: Millis; readonly lifetimeMs: Millis }
}

/** The documented life of a token (2.1). */
const tokenMs = 120_000
const creating = { signed: 'send.signed', written: 'send.written' } as const
/** The named moments of a call that writes something at the venue. */
const moments: Readonly<Record<Lane, { readonly signed?: Failpoint; readonly written?: Failpoint }>> = {
  exit: creating,
  entry: creating,
  cancel: { written: 'cancel.written' },
  reconcile: {},
  data: {},
}
/** On private answers, where it is there at all: never required (7). */
const remainingHeader = 'x-ratelimit-remaining'
const firstPauseMs = 1_000
const longestPauseMs = 30_000
const edKeyHint = '; the venue may not accept Ed25519 keys for Advanced Trade: an ECDSA (ES256) key is the safe choice'

export class Rest {
  readonly #settings: Settings
  readonly #venueClock: VenueClock
  readonly #transport: HttpTransport
  readonly #budgets: { readonly public: RateBudget; readonly private: RateBudget }
  /** Answers of 429 since the last other one. */
  #refusedInARow = 0
  #everAuthorised = false

  constructor(settings: Settings, venueClock: VenueClock) {
    const { clock, http, publicPerSecond, privatePerSecond } = settings
    this.#settings = settings
    this.#venueClock = venueClock
    this.#transport = http
    this.#budgets = { public: new RateBudget(publicPerSecond, clock), private: new RateBudget(privatePerSecond, clock) }
  }

  get hasKey(): boolean {
    return this.#settings.key !== undefined
  }

  /** GET and read an answer of that kind. */
  async read<K extends keyof Payloads>(kind: K, call: ReadCall): Promise<Result<Payloads[K]>> {
    const answer = await this.get(call)
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return failed(this.failure(call, answer.value))
    const payload = readPayload(kind, answer.value.text)
    if (payload === undefined) return failed({ kind: 'malformed', detail: `GET ${call.path}: the answer is not what the venue documents` })
    noteNovelties(this.#settings.novelties, kind, payload)
    return ok(payload)
  }

  /** GET, any status. */
  async get({ path, query = [], access = 'private', lane = access === 'public' ? 'data' : 'reconcile' }: ReadCall): Promise<Result<HttpAnswer>> {
    const url = this.#urlOf(path)
    for (const [name, value] of query) url.searchParams.append(name, value)
    const sent = await this.#send({ method: 'GET', url, lane, isPublic: access === 'public' })
    return sent.kind === 'answered' ? ok(sent.answer) : failed({ ...sent.failure, detail: `GET ${path}: ${sent.failure.detail}` })
  }

  async post({ path, body, lane, signed }: PostCall): Promise<Sent> {
    const when = signed === undefined ? {} : { signed }
    return this.#send({ method: 'POST', url: this.#urlOf(path), lane, isPublic: false, body: JSON.stringify(body), ...when })
  }

  /** What a refused read stands for. A first 401 may be about the kind of the key (2.1). */
  failure({ path }: ReadCall, answer: HttpAnswer): Failure {
    const { detail, ...rest } = failureOf(answer)
    const hint = answer.status === 401 && !this.#everAuthorised && this.#settings.key?.algorithm === 'EdDSA' ? edKeyHint : ''
    return { ...rest, detail: `GET ${path}: ${detail}${hint}` }
  }

  close(): void {
    this.#transport.close()
  }

  #urlOf(path: string): URL {
    return new URL(`${prefix}${path}`, this.#settings.restUrl)
  }

  async #send(outgoing: Outgoing): Promise<Sent> {
    const { method, url, lane, isPublic, body, signed } = outgoing
    if (!isPublic && !this.hasKey) return notWritten('unauthorised', 'no API key is set')
    const { requestTimeoutMs: timeoutMs, createWaitMs } = this.#settings
    const budget = isPublic ? this.#budgets.public : this.#budgets.private
    const waitMs = places(lane) ? createWaitMs : timeoutMs
    if (!(await budget.take(lane, waitMs))) return notWritten('rateLimited', `no room in the rate budget within ${waitMs} ms`)
    if (signed !== undefined && this.#venueClock.now() >= signed.at + signed.lifetimeMs) return notWritten('timeout', 'the claim is older than its token may be')
    const headers = { ...this.#authorisation(outgoing), accept: 'application/json', 'cache-control': 'no-cache' }
    const moment = moments[lane]
    this.#reach(moment.signed)
    const result = await this.#transport.send({ method, url, headers, timeoutMs, written: () => this.#reach(moment.written), ...(body === undefined ? {} : { body }) })
    if (!result.ok) return { kind: 'broken', failure: result.failure }
    this.#learn(result.value, budget, isPublic)
    return { kind: 'answered', answer: result.value }
  }

  #reach(moment: Failpoint | undefined): void {
    if (moment !== undefined) this.#settings.failpoints.reach(moment)
  }

  /** The signed URI is the path without the query (2.1). */
  #authorisation({ method, url, isPublic, signed }: Outgoing): Record<string, string> {
    const { key } = this.#settings
    if (isPublic || key === undefined) return {}
    const notBefore = signed?.at ?? this.#venueClock.now()
    const token = key.token({ notBefore, lifetimeMs: signed?.lifetimeMs ?? tokenMs, uri: `${method} ${url.host}${url.pathname}` })
    return { authorization: `Bearer ${token}` }
  }

  /** What the venue counts holds. No Retry-After is documented, so the pause doubles from about 1 s with jitter; a given one is honoured (7). */
  budgets(): readonly BudgetReading[] {
    return (['public', 'private'] as const).map((name) => ({ class: name, left: this.#budgets[name].remaining }))
  }

  #learn({ status, retryAfterMs, headers }: HttpAnswer, budget: RateBudget, isPublic: boolean): void {
    if (status === 200 && !isPublic) this.#everAuthorised = true
    const remaining = headers?.[remainingHeader]
    if (remaining !== undefined && /^\d{1,9}$/.test(remaining)) budget.left(Number(remaining))
    if (status !== 429) {
      this.#refusedInARow = 0
      return
    }
    const bound = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#refusedInARow, 10))
    this.#refusedInARow += 1
    const pauseMs = retryAfterMs ?? bound / 2 + (this.#settings.random.fraction() * bound) / 2
    budget.pause(pauseMs)
    this.#settings.log.warn('venue.rateLimited', { pauseMs: Math.round(pauseMs) })
  }
}

const notWritten = (kind: Failure['kind'], detail: string): Sent => ({ kind: 'notWritten', failure: { kind, detail: `not written: ${detail}` } })
