/** Coinbase Advanced Trade, as a configuration names it. */
import { coinbaseHosts, coinbaseMarket, coinbaseVenue, KeyError, loadKey, readKeyFile, type CoinbaseOptions } from '../../adapters/coinbase/index.ts'
import { systemClock, systemRandom } from '../../adapters/system/system-clock.ts'
import type { Config } from '../config/schema.ts'
import { coinbaseKeys, findKey, noKey } from './credentials.ts'
import type { VenueMaker, VenueParts } from './venue-parts.ts'

/**
 * In the sandbox the venue's margins are known and short, so a proof of absence takes seconds. The skew holds the 5 s
 * that it, like the venue, admits a token after its end: a request that a frozen process sends then must not be thought absent.
 */
const sandboxProof = { windowMs: 4_000, engineMs: 500, lookUpLagMs: 500, skewMs: 5_250 } as const

type CoinbaseConfig = Extract<Config['venue'], { readonly name: 'coinbase' }>

const reading = {
  ofFile: readKeyFile,
  ofVariables: (name: string, secret: string) => ({ name, secret }),
  load: loadKey,
  isKeyError: (error: unknown): error is KeyError => error instanceof KeyError,
}

export const coinbaseMaker = ({ sandbox, keyFile, proofOfAbsence }: CoinbaseConfig, environment: Config['environment'], { log, failpoints }: VenueParts): VenueMaker => {
  const key = () => findKey(coinbaseKeys, reading, { keyFile, environment, env: process.env })
  const proof = proofOfAbsence ?? (sandbox === undefined ? undefined : sandboxProof)
  const { restUrl, marketUrl, userUrl } = sandbox ?? coinbaseHosts
  const options: CoinbaseOptions = { restUrl, marketUrl, userUrl, clock: systemClock, random: systemRandom, log, failpoints, ...(proof !== undefined && { proof }) }
  return {
    whole: () => {
      const found = key()
      if (found === undefined) throw noKey(coinbaseKeys)
      return coinbaseVenue({ ...options, key: found })
    },
    market: () => {
      const found = key()
      return coinbaseMarket({ ...options, ...(found !== undefined && { key: found }) })
    },
    feeIn: 'quote',
  }
}
