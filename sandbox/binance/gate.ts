import type { RequestClass } from '../control/fault-kinds.ts'
import { ApiError, errors } from './api-error.ts'
import type { ApiKey } from './keys.ts'
import type { Method } from './method.ts'
import { Parameters } from './parameters.ts'
import { authenticate, checkTime, requestTimeOf, type Credentials } from './signature.ts'
import type { Venue } from './venue.ts'

/** A request as one of the carriers brings it. */
export interface Call {
  readonly method: Method
  readonly values: ReadonlyMap<string, string>
  readonly credentials: Credentials
  /** The key a WebSocket connection has logged on with: requests of that key need no signature (binance-spot.md 4.3). */
  readonly session?: ApiKey | undefined
  /** As the request log shows it. */
  readonly shown: { readonly method: string; readonly path: string }
}

/** What the carrier hands back; a text is a page of HTML. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  /** On 429 and 418. */
  readonly retryAfterMs?: number | undefined
  /** The answer breaks off in the middle. */
  readonly isCut?: boolean
}

/** What the carrier has to do: hand an answer back, or destroy the connection without one. */
export type Outcome = Answer | 'lost request' | 'lost answer'

/** What a request asks for, ready to be done, and until when it may be. */
interface Ready {
  act(): unknown
  checkTime(): void
}

/** Parameters that the gate reads itself. */
const ENVELOPE = ['apiKey', 'signature', 'timestamp', 'recvWindow'] as const
const HTML = { forbidden: page(403, 'Forbidden'), gateway: page(502, 'Bad Gateway') }
const TROUBLE: Answer = { status: 503, body: { code: -1000, msg: 'Unknown error, please check your request or try again later.' } }

/**
 * Where every request passes, whatever carried it: limits, signature, time, parameters, and the faults aimed at requests.
 *
 * G1 The time window is looked at on arrival and again right before a request reaches the engine; what waited too long is refused there and
 *    has still counted as an order (binance-spot.md 3.4).
 * G2 A successful trading request costs nothing, every other its weight (binance-spot.md 5).
 */
export class Gate {
  readonly #venue: Venue

  constructor(venue: Venue) {
    this.#venue = venue
  }

  /** Does what the request asks and notes it. Rejects with JournalFault, after which the process must end. */
  async take(call: Call): Promise<Outcome> {
    const clientOrderId = this.#noteCreate(call)
    const outcome = await this.#answer(call)
    const seen = typeof outcome === 'string' ? outcome : outcome.status
    this.#venue.requests.add({ at: this.#venue.now(), ...call.shown, ...(clientOrderId === undefined ? {} : { clientOrderId }), outcome: seen })
    return outcome
  }

  /** The ledger counts a create's client order id however the request ends. */
  #noteCreate({ method, values }: Call): string | undefined {
    const id = values.get('newClientOrderId')
    if (method.kind !== 'create' || id === undefined || id === '') return undefined
    this.#venue.exchange.noteRequest(id.slice(0, 256))
    return id
  }

  async #answer(call: Call): Promise<Outcome> {
    const { faults, after } = this.#venue
    const { kind } = call.method
    if (faults.take('loseNextRequest', kind)) return 'lost request'
    const ready = this.#settle(call, () => this.#bar(call))
    if (!('act' in ready)) return ready
    const delay = faults.take('delay', kind)
    if (delay) await new Promise<void>((resolve) => after(delay.durationMs, resolve))
    const late = faults.take('lateAdmission', kind)
    if (late) {
      after(late.durationMs, () => void this.#carryOut(call, ready))
      return 'lost answer'
    }
    const trouble = this.#trouble(kind)
    if (trouble?.variant === 'notCreated') return trouble.answer
    const done = this.#carryOut(call, ready)
    if (trouble) return trouble.answer
    if (faults.take('loseNextAnswer', kind)) return 'lost answer'
    return faults.take('cutAnswer', kind) ? { ...done, isCut: true } : done
  }

  /** Throws 418, 429, 401, 403 and everything wrong with the parameters. */
  #bar(call: Call): Ready | Answer {
    const { faults, weight, now } = this.#venue
    const { kind, signed, prepare } = call.method
    const ban = faults.active('banAddress', 'all')
    if (ban) throw errors.banned(ban.since + ban.durationMs, Math.max(0, ban.since + ban.durationMs - now()))
    weight.check(call.method.freeOnSuccess ? 0 : call.method.weight(call.values))
    if (faults.take('answer429', kind)) throw errors.tooMuchWeight(this.#venue.settings.weightPerMinute, 1000)
    const time = signed ? this.#admit(call) : undefined
    if (signed && faults.take('answer401', kind)) throw errors.badKey()
    if (signed && faults.take('answer403', kind)) return HTML.forbidden
    const parameters = new Parameters(call.values)
    if (signed) parameters.ignore(...ENVELOPE)
    const act = prepare(this.#venue, parameters)
    parameters.finish()
    return { act, checkTime: () => (time && kind !== 'reads' ? checkTime(time, now()) : undefined) }
  }

  #admit({ credentials, session, values }: Call): ReturnType<typeof requestTimeOf> {
    const { ring, now } = this.#venue
    if (!session || credentials.apiKey !== undefined) authenticate(credentials, ring.keys)
    else if (!ring.keys.has(session.apiKey)) throw errors.badKey()
    const time = requestTimeOf(values)
    checkTime(time, now())
    return time
  }

  #carryOut(call: Call, ready: Ready): Answer {
    const done = this.#settle(call, () => {
      try {
        ready.checkTime()
      } catch (cause) {
        if (call.method.kind === 'create') this.#venue.orderLimit.count()
        throw cause
      }
      return { status: 200, body: ready.act() }
    })
    if (!call.method.freeOnSuccess && done.status === 200) this.#venue.weight.charge(call.method.weight(call.values))
    return done
  }

  /** An ApiError becomes the answer, costs the request's weight unless it is about weight, and is noted as the refusal of the id it was sent with. */
  #settle<Result>(call: Call, act: () => Result): Result | Answer {
    try {
      return act()
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      if (cause.code !== -1003) this.#venue.weight.charge(call.method.weight(call.values))
      const id = call.values.get('newClientOrderId')
      if (call.method.kind === 'create' && id !== undefined && id !== '') this.#venue.exchange.noteRefusal(id.slice(0, 256), cause.message)
      return { status: cause.status, body: cause.body, retryAfterMs: cause.retryAfterMs }
    }
  }

  /** A bad answer that is armed, and whether the request is done all the same. */
  #trouble(kind: RequestClass): { readonly answer: Answer; readonly variant: string } | undefined {
    const { faults } = this.#venue
    const timeout = faults.take('backendTimeout', kind)
    if (timeout) return { answer: { status: errors.backendTimeout().status, body: errors.backendTimeout().body }, variant: timeout.variant }
    const trouble = faults.take('answer5xx', kind)
    if (trouble) return { answer: TROUBLE, variant: trouble.variant }
    const html = faults.take('answerHtml', kind)
    return html && { answer: HTML.gateway, variant: html.variant }
  }
}

function page(status: number, title: string): Answer {
  return { status, body: `<html><head><title>${status} ${title}</title></head><body><center><h1>${status} ${title}</h1></center></body></html>` }
}
