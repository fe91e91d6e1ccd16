/** Binance Spot, as a configuration names it. */
import { binanceVenue, KeyError, loadKey, readKeyFile } from '../../adapters/binance/index.ts'
import { systemClock, systemRandom } from '../../adapters/system/system-clock.ts'
import type { FullVenue } from '../../ports/venue.ts'
import type { Config } from '../config/schema.ts'
import { exitCodes, Problem } from '../problem.ts'
import { readKey, type VenueParts } from './venue-parts.ts'

/** In the sandbox the venue's margins are known and short, so a proof of absence takes seconds. */
const sandboxProof = { windowMs: 4_000, engineMs: 500, lookUpLagMs: 500, skewMs: 1_250 } as const

type BinanceConfig = Extract<Config['venue'], { readonly name: 'binance' }>

/**
 * @param instruments the traded ones: lists of the account are asked for each of them
 * @throws Problem when the key cannot be used
 */
export const composeBinance = ({ sandbox, keyFile, proofOfAbsence }: BinanceConfig, instruments: readonly string[], { log, failpoints, banned, bannedUntil }: VenueParts): FullVenue => {
  if (sandbox === undefined) throw new Problem(exitCodes.configuration, 'venue.sandbox is missing')
  const { restUrl, streamsUrl, wsApiUrl } = sandbox
  return binanceVenue({
    restUrl,
    streamsUrl,
    wsApiUrl,
    instruments,
    key: readKey(keyFile, (text) => loadKey(readKeyFile(text)), (error): error is KeyError => error instanceof KeyError),
    clock: systemClock,
    random: systemRandom,
    log,
    failpoints,
    banned,
    ...(bannedUntil !== undefined && { bannedUntil }),
    proof: proofOfAbsence ?? sandboxProof,
  })
}
