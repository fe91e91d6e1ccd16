/** What the adapter is told, and the venue's own figures where it is told nothing. */
import type { Millis } from '../../domain/time.ts'
import type { Clock, Random } from '../../ports/clock.ts'
import { noFailpoints, type Failpoints } from '../../ports/failpoints.ts'
import type { Log } from '../../ports/log.ts'
import type { ProofOfAbsence } from '../../ports/venue.ts'
import type { TokenKey } from './sign.ts'
import { Novelties } from '../venue-kit/novelties.ts'
import { SystemHttp, type HttpTransport } from '../venue-kit/transport.ts'
import { openWebSocket, type OpenWebSocket } from '../venue-kit/web-socket.ts'

export interface CoinbaseOptions {
  /** Base of the REST host, without a path. Its host is part of every signature (coinbase-advanced-trade.md 2.1). */
  readonly restUrl: string
  readonly marketUrl: string
  readonly userUrl: string
  /** Without a key only public market data can be read. */
  readonly key?: TokenKey
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** `windowMs` is also how long a create's token lives: one number, so that proof and signature cannot disagree. */
  readonly proof?: ProofOfAbsence
  /** How long one request may take. */
  readonly requestTimeoutMs?: Millis
  /** How long a create may wait for room in the rate budget; after that it is not written at all. */
  readonly createWaitMs?: Millis
  /** The venue's limits in requests per second, of which 70 % are used; 0 for none. */
  readonly privatePerSecond?: number
  readonly publicPerSecond?: number
  /** Quotes on every match, or every five seconds where that is enough: documented to come without best prices, and then polling serves. */
  readonly tickerChannel?: 'ticker' | 'ticker_batch'
  readonly failpoints?: Failpoints
  /** How requests travel and sockets are opened; by the system's own network without them. */
  readonly http?: HttpTransport
  readonly openWebSocket?: OpenWebSocket
}

/** The options with nothing left open. */
export type Settings = Required<Omit<CoinbaseOptions, 'key'>> & Pick<CoinbaseOptions, 'key'> & { readonly novelties: Novelties }

/**
 * Tokens live 120 s (2.1); a new order may be missing from look-ups for about 10 s (5.12). The skew holds the venue's
 * undocumented leeway on a token's end besides our clock error.
 */
export const coinbaseProof: ProofOfAbsence = { windowMs: 120_000, engineMs: 10_000, lookUpLagMs: 10_000, skewMs: 6_000 }

const standard = {
  proof: coinbaseProof,
  requestTimeoutMs: 10_000,
  createWaitMs: 2_000,
  privatePerSecond: 30,
  publicPerSecond: 10,
  tickerChannel: 'ticker',
  failpoints: noFailpoints,
  openWebSocket,
} as const

const speaks = (url: string, scheme: string): boolean => URL.canParse(url) && [`${scheme}:`, `${scheme}s:`].includes(new URL(url).protocol)

/** @throws TypeError when a URL is none, or not of its kind */
export const settingsOf = (options: CoinbaseOptions): Settings => {
  const wrong = [options.restUrl].filter((url) => !speaks(url, 'http')).concat([options.marketUrl, options.userUrl].filter((url) => !speaks(url, 'ws')))
  if (wrong.length > 0) throw new TypeError(`not the URL of a host: ${wrong.map((url) => JSON.stringify(url)).join(', ')}`)
  return { ...standard, ...options, http: options.http ?? new SystemHttp(options.clock), novelties: new Novelties(options.log) }
}
