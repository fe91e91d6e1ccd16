/** Coinbase Advanced Trade, as a configuration names it. */
import { coinbaseVenue, KeyError, loadKey, readKeyFile } from '../../adapters/coinbase/index.ts'
import { systemClock, systemRandom } from '../../adapters/system/system-clock.ts'
import type { FullVenue } from '../../ports/venue.ts'
import type { Config } from '../config/schema.ts'
import { exitCodes, Problem } from '../problem.ts'
import { readKey, type VenueParts } from './venue-parts.ts'

/**
 * In the sandbox the venue's margins are known and short, so a proof of absence takes seconds. The skew holds the 5 s
 * that it, like the venue, admits a token after its end: a request that a frozen process sends then must not be thought absent.
 */
const sandboxProof = { windowMs: 4_000, engineMs: 500, lookUpLagMs: 500, skewMs: 5_250 } as const

type CoinbaseConfig = Extract<Config['venue'], { readonly name: 'coinbase' }>

/** @throws Problem when the key cannot be used */
export const composeCoinbase = ({ sandbox, keyFile, proofOfAbsence }: CoinbaseConfig, { log, failpoints }: VenueParts): FullVenue => {
  if (sandbox === undefined) throw new Problem(exitCodes.configuration, 'venue.sandbox is missing')
  const { restUrl, marketUrl, userUrl } = sandbox
  return coinbaseVenue({
    restUrl,
    marketUrl,
    userUrl,
    key: readKey(keyFile, (text) => loadKey(readKeyFile(text)), (error): error is KeyError => error instanceof KeyError),
    clock: systemClock,
    random: systemRandom,
    log,
    failpoints,
    proof: proofOfAbsence ?? sandboxProof,
  })
}
