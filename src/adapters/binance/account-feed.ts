/**
 * The desk's own orders, by the WebSocket API: the only source of user data (binance-spot.md 4.4, 6.3). There is no replay
 * and no snapshot; what was missed is found by REST.
 */
import type { AccountFeed, AccountStreamListener, Stream } from '../../ports/venue.ts'
import { isRecord } from '../venue-kit/reading.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import type { ClockSync } from './clock-sync.ts'
import { executionReport } from './execution-report.ts'
import type { AnswerFrame, EventFrame } from './frames.ts'
import type { KeyStanding } from './key-standing.ts'
import type { Limits } from './limits.ts'
import type { Settings } from './options.ts'
import { RollingStream } from './rolling-stream.ts'
import { signedParams, type SocketParams } from './signed-request.ts'
import { FeedSocket, inWords, type Conversation, type Line } from './socket.ts'
import type { Symbols } from './symbols.ts'
import { execution } from './vocabulary.ts'
import type { ErrorBody } from './wire.ts'

export interface AccountFeedParts {
  readonly settings: Settings
  readonly limits: Limits
  readonly symbols: Symbols
  readonly venueClock: VenueClock
  readonly sync: ClockSync
  readonly standing: KeyStanding
}

export class BinanceAccountFeed implements AccountFeed {
  readonly #parts: AccountFeedParts

  constructor(parts: AccountFeedParts) {
    this.#parts = parts
  }

  /** Follows the whole account, whatever is asked for: the venue has no narrower subscription. */
  open(_instruments: readonly string[], listener: AccountStreamListener): Stream {
    const { settings, limits } = this.#parts
    return new RollingStream({
      settings,
      listener,
      connect: (inner) =>
        new FeedSocket({
          url: new URL('/ws-api/v3', settings.wsApiUrl).href,
          settings,
          limits,
          heartbeat: 'ping',
          listener: inner,
          converse: (line) => new AccountConversation(this.#parts, line, listener),
        }),
    })
  }
}

/** Refusals that no patience mends: wrong key, wrong signature, not authorised (13). */
const fatalCodes: ReadonlySet<number | undefined> = new Set([-1002, -1022, -2014])
const windowMs = 5_000

class AccountConversation implements Conversation {
  readonly #parts: AccountFeedParts
  readonly #line: Line
  readonly #listener: AccountStreamListener
  /** How well the time was known when this conversation signed. */
  #known = 0

  constructor(parts: AccountFeedParts, line: Line, listener: AccountStreamListener) {
    this.#parts = parts
    this.#line = line
    this.#listener = listener
  }

  opened(): void {
    void this.#begin()
  }

  event({ type, data }: EventFrame): void {
    if (type === 'eventStreamTerminated') return this.#line.end('drained', 'the venue has ended the subscription')
    if (type !== 'executionReport') return this.#parts.settings.novelties.ignored(type)
    this.#parts.settings.novelties.row('executionReport', data, execution)
    const report = executionReport(data, (symbol) => this.#parts.symbols.instrumentOf(symbol))
    // An unreadable order costs only the hint: polling finds it.
    if (report === undefined) return this.#parts.settings.log.warn('venue.orderUnreadable', { event: type })
    this.#listener.order(report)
  }

  /** `-2015` is also said during a temporary ban (12), and a wrong time is measured again before the next attempt. */
  refused(error: ErrorBody): void {
    const { sync, standing } = this.#parts
    if (error.code === -1021) void sync.mend(this.#known)
    const isFatal = fatalCodes.has(error.code) || (error.code === -2015 && !standing.refused())
    this.#line.end(isFatal ? 'fatal' : 'retryable', inWords(error))
  }

  /** Reports name symbols: the venue's list must be known before the first one. */
  async #begin(): Promise<void> {
    const { symbols, settings } = this.#parts
    if (settings.key === undefined) return this.#line.end('fatal', 'no API key is set')
    const listed = await symbols.listed(settings.instruments)
    if (!listed.ok) return this.#line.end('retryable', listed.failure.detail)
    if (settings.key.algorithm === 'Ed25519') this.#logOn()
    else this.#subscribeSigned()
  }

  /** Only Ed25519 keys can log on (4.3). Where the venue does not offer it, the signed subscription serves as well. */
  #logOn(): void {
    this.#line.request('session.logon', this.#signed(), ({ error, result }) => {
      if (error !== undefined && isOfTheKey(error)) return this.refused(error)
      const offered = error === undefined && !(isRecord(result) && result['userDataStream'] === null)
      if (!offered) return this.#subscribeSigned()
      this.#line.request('userDataStream.subscribe', {}, (answer) => (answer.error === undefined || isOfTheKey(answer.error) ? this.#subscribed(answer) : this.#subscribeSigned()))
    })
  }

  #subscribeSigned(): void {
    this.#line.request('userDataStream.subscribe.signature', this.#signed(), (answer) => this.#subscribed(answer))
  }

  /** `-2035`: the subscription is active already (4.4). */
  #subscribed({ error }: AnswerFrame): void {
    if (error !== undefined && error.code !== -2035) return this.refused(error)
    this.#parts.standing.served()
    this.#line.subscribed()
  }

  #signed(): SocketParams {
    const { settings, venueClock, sync } = this.#parts
    this.#known = sync.measurements
    return settings.key === undefined ? {} : signedParams(settings.key, { recvWindow: windowMs, timestamp: venueClock.now() })
  }
}

/** An error that another way of subscribing would meet again. */
const isOfTheKey = ({ code }: ErrorBody): boolean => fatalCodes.has(code) || code === -1021 || code === -2015 || code === -1003
