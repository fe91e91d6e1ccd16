/** What the adapter is told, and the venue's own figures where it is told nothing. */
import type { Millis } from '../../domain/time.ts'
import type { Clock, Random } from '../../ports/clock.ts'
import { noFailpoints, type Failpoints } from '../../ports/failpoints.ts'
import type { Log } from '../../ports/log.ts'
import type { ProofOfAbsence } from '../../ports/venue.ts'
import { Novelties } from '../venue-kit/novelties.ts'
import { SystemHttp, type HttpTransport } from '../venue-kit/transport.ts'
import { openWebSocket, type OpenWebSocket } from '../venue-kit/web-socket.ts'
import type { BinanceHosts } from './hosts.ts'
import type { RequestKey } from './sign.ts'

/** The venue's limits before exchangeInfo has told them (binance-spot.md 10); 0 for none, whatever it tells. */
export interface BinanceLimits {
  readonly weightPerMinute: number
  readonly ordersPerTenSeconds: number
  readonly ordersPerDay: number
}

export interface BinanceOptions extends BinanceHosts {
  /** The traded instruments, such as BTC-USDT: lists of the account are asked for each of them. */
  readonly instruments: readonly string[]
  /** Without a key only public market data can be read. */
  readonly key?: RequestKey
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** `windowMs` is also the `recvWindow` of a create: one number, so that proof and signature cannot disagree. */
  readonly proof?: ProofOfAbsence
  /** How long one request may take: more than the 10 s after which the venue itself gives up (4.2). */
  readonly requestTimeoutMs?: Millis
  /** How long a create may wait for room in the rate budget; after that it is not written at all. */
  readonly createWaitMs?: Millis
  readonly limits?: BinanceLimits
  /** Told the end (wall time) of every ban of this address, so that a later process can be given it. */
  readonly banned?: (until: Millis) => void
  /** The end (wall time) of a ban that an earlier process was told of. */
  readonly bannedUntil?: Millis
  /** How often a socket is made to say something. */
  readonly heartbeatMs?: Millis
  /** At what age a connection is replaced: before the venue cuts it at 24 h (6.1). */
  readonly renewAfterMs?: Millis
  readonly failpoints?: Failpoints
  /** How requests travel and sockets are opened; by the system's own network without them. */
  readonly http?: HttpTransport
  readonly openWebSocket?: OpenWebSocket
}

type Optional = 'key' | 'bannedUntil'
/** The options with nothing left open. */
export type Settings = Required<Omit<BinanceOptions, Optional>> & Pick<BinanceOptions, Optional> & { readonly novelties: Novelties }

/**
 * A request cannot enter the engine once `timestamp + recvWindow` has passed (3.4), the engine gives up after 10 s (4.2),
 * and reads of a new order have been seen to lag by up to 2 s (12). The skew is the second that a stamp may lie ahead (3.4).
 */
export const binanceProof: ProofOfAbsence = { windowMs: 5_000, engineMs: 10_000, lookUpLagMs: 5_000, skewMs: 1_000 }

const hourMs = 3_600_000

const standard = {
  proof: binanceProof,
  requestTimeoutMs: 12_000,
  createWaitMs: 1_500,
  limits: { weightPerMinute: 6_000, ordersPerTenSeconds: 50, ordersPerDay: 160_000 },
  banned: () => undefined,
  heartbeatMs: 3_000,
  renewAfterMs: 23 * hourMs,
  failpoints: noFailpoints,
  openWebSocket,
} as const

/** The venue takes no longer `recvWindow` (3.4). */
const longestWindowMs = 60_000

const speaks = (url: string, scheme: string): boolean => URL.canParse(url) && [`${scheme}:`, `${scheme}s:`].includes(new URL(url).protocol)

/**
 * @throws TypeError when a URL is none, or not of its kind
 * @throws RangeError when the proof's window is longer than the venue takes
 */
export const settingsOf = (options: BinanceOptions): Settings => {
  const wrong = [options.restUrl].filter((url) => !speaks(url, 'http')).concat([options.streamsUrl, options.wsApiUrl].filter((url) => !speaks(url, 'ws')))
  if (wrong.length > 0) throw new TypeError(`not the URL of a host: ${wrong.map((url) => JSON.stringify(url)).join(', ')}`)
  const settings = { ...standard, ...options, http: options.http ?? new SystemHttp(options.clock), novelties: new Novelties(options.log) }
  if (settings.proof.windowMs > longestWindowMs) throw new RangeError(`proof.windowMs is ${settings.proof.windowMs}; the venue takes at most ${longestWindowMs}`)
  return settings
}
