/** What the adapter is told, and its own figures where it is told nothing. */
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { ProofOfAbsence } from '../../ports/venue.ts'
import type { CcxtExchange } from './exchange.ts'
import type { CcxtKey } from './key.ts'

export interface CcxtOptions {
  /** The exchange object that `loadCcxt` made. */
  readonly exchange: CcxtExchange
  /** The traded instruments, such as BTC-USD: lists of the account are asked for each of them. */
  readonly instruments: readonly string[]
  /** The key that the exchange object was made with; without one only public market data can be read. */
  readonly key?: CcxtKey
  /** True when its owner has read `weaknesses` and wants orders written nevertheless; without it none ever is. */
  readonly acceptWeaker?: boolean
  readonly clock: Clock
  readonly log: Log
  readonly proof?: ProofOfAbsence
  /** How long one HTTP request may take. */
  readonly requestTimeoutMs?: Millis
  /** How long a create may wait for room in the rate budget; after that it is not written at all. */
  readonly createWaitMs?: Millis
  /** Time between the end of one poll of a stream and the beginning of the next. */
  readonly pollMs?: Millis
  /** Requests per second, of which 70 % are used; 0 for none. What ccxt says of the exchange (`rateLimit`) without it. */
  readonly perSecond?: number
}

/** The options with nothing left open. */
export type Settings = Required<Omit<CcxtOptions, 'exchange' | 'key'>> & Pick<CcxtOptions, 'key'>

/**
 * A create is not dated by its claim, so no exchange turns a late copy away: the window is our own. A request is begun at
 * most `windowMs - requestTimeoutMs` after its claim and given up `requestTimeoutMs` later, and the engine's margin is as long
 * again, for a library that asks something else first and for what travels on when we have hung up. No exchange documents the
 * other two for all that ccxt speaks; they are longer than any that is known to us.
 */
export const ccxtProof: ProofOfAbsence = { windowMs: 30_000, engineMs: 30_000, lookUpLagMs: 30_000, skewMs: 5_000 }

const perSecondOf = ({ rateLimit }: CcxtExchange): number => (Number.isFinite(rateLimit) && rateLimit > 0 ? 1_000 / rateLimit : 1)

/** @throws RangeError when a request may take as long as the whole window of its claim */
export const settingsOf = ({ exchange, ...options }: CcxtOptions): Settings => {
  const standard = { acceptWeaker: false, proof: ccxtProof, requestTimeoutMs: 10_000, createWaitMs: 2_000, pollMs: 1_000, perSecond: perSecondOf(exchange) }
  const settings = { ...standard, ...options }
  const { proof, requestTimeoutMs } = settings
  if (requestTimeoutMs >= proof.windowMs) throw new RangeError(`requestTimeoutMs is ${requestTimeoutMs}; it must be below proof.windowMs (${proof.windowMs})`)
  return settings
}
