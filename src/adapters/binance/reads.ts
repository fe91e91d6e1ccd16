/**
 * Reading: one call, and its answer read. A read that is refused for its time is signed anew once, with the time measured
 * again (binance-spot.md 3.4); nothing else is repeated.
 */
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import type { Novelties } from '../venue-kit/novelties.ts'
import type { HttpAnswer } from '../venue-kit/transport.ts'
import type { ClockSync } from './clock-sync.ts'
import { failureOf, isClockSkew, isKeyRefusal } from './failures.ts'
import type { KeyStanding } from './key-standing.ts'
import type { Settings } from './options.ts'
import type { Call, Rest } from './rest.ts'
import type { Params } from './signed-request.ts'
import { noteNovelties } from './vocabulary.ts'
import { readPayload, type Payloads } from './wire.ts'

export interface ReadCall {
  readonly path: string
  readonly params?: Params
  readonly weight: number
  readonly access?: 'public' | 'signed'
}

export interface ReadsParts {
  readonly rest: Rest
  readonly sync: ClockSync
  readonly standing: KeyStanding
  readonly settings: Settings
}

export class Reads {
  readonly #rest: Rest
  readonly #sync: ClockSync
  readonly #standing: KeyStanding
  readonly #novelties: Novelties

  constructor({ rest, sync, standing, settings }: ReadsParts) {
    this.#novelties = settings.novelties
    this.#rest = rest
    this.#sync = sync
    this.#standing = standing
  }

  /** GET and read an answer of that kind. */
  async read<K extends keyof Payloads>(kind: K, call: ReadCall): Promise<Result<Payloads[K]>> {
    const answer = await this.get(call)
    if (!answer.ok) return answer
    if (answer.value.status !== 200) return failed(this.failure(call, answer.value))
    const payload = readPayload(kind, answer.value.text)
    if (payload === undefined) return failed({ kind: 'malformed', detail: `GET ${call.path}: the answer is not what the venue documents` })
    noteNovelties(this.#novelties, kind, payload)
    return ok(payload)
  }

  /** GET, any status. */
  async get(call: ReadCall): Promise<Result<HttpAnswer>> {
    const known = this.#sync.measurements
    const first = await this.#once(call)
    if (!first.ok || !isClockSkew(first.value) || !(await this.#sync.mend(known))) return first
    return this.#once(call)
  }

  /** What a refused read stands for. */
  failure({ path }: ReadCall, answer: HttpAnswer): Failure {
    const failure = failureOf(answer)
    const detail = `GET ${path}: ${failure.detail}`
    if (!isKeyRefusal(answer) || !this.#standing.refused()) return { ...failure, detail }
    return { ...failure, kind: 'unavailable', detail: `${detail} (the key was valid before: this may be a temporary ban)` }
  }

  async #once({ access = 'signed', ...rest }: ReadCall): Promise<Result<HttpAnswer>> {
    const call: Call = { method: 'GET', lane: access === 'public' ? 'data' : 'reconcile', access, ...rest }
    const sent = await this.#rest.send(call)
    return sent.kind === 'answered' ? ok(sent.answer) : failed({ ...sent.failure, detail: `GET ${call.path}: ${sent.failure.detail}` })
  }
}
