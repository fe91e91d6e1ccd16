/** Binance Spot, as a configuration names it. */
import { binanceHosts, binanceMarket, binanceVenue, KeyError, loadKey, readKeyFile, type BinanceOptions } from '../../adapters/binance/index.ts'
import { systemClock, systemRandom } from '../../adapters/system/system-clock.ts'
import type { Config } from '../config/schema.ts'
import { binanceKeys, findKey, noKey } from './credentials.ts'
import type { VenueMaker, VenueParts } from './venue-parts.ts'

/** In the sandbox the venue's margins are known and short, so a proof of absence takes seconds. */
const sandboxProof = { windowMs: 4_000, engineMs: 500, lookUpLagMs: 500, skewMs: 1_250 } as const

type BinanceConfig = Extract<Config['venue'], { readonly name: 'binance' }>

const reading = {
  ofFile: readKeyFile,
  ofVariables: (apiKey: string, secret: string) => ({ apiKey, secret }),
  load: loadKey,
  isKeyError: (error: unknown): error is KeyError => error instanceof KeyError,
}

const hostsOf = ({ sandbox, testnet }: BinanceConfig, environment: Config['environment']) => {
  if (sandbox !== undefined) return { restUrl: sandbox.restUrl, streamsUrl: sandbox.streamsUrl, wsApiUrl: sandbox.wsApiUrl }
  return binanceHosts[environment === 'testnet' ? testnet : 'production']
}

/** @param instruments the traded ones: lists of the account are asked for each of them */
export const binanceMaker = (config: BinanceConfig, environment: Config['environment'], instruments: readonly string[], { log, failpoints, banned, bannedUntil }: VenueParts): VenueMaker => {
  const key = () => findKey(binanceKeys, reading, { keyFile: config.keyFile, environment, env: process.env })
  const proof = config.proofOfAbsence ?? (config.sandbox === undefined ? undefined : sandboxProof)
  const options: BinanceOptions = {
    ...hostsOf(config, environment),
    instruments,
    clock: systemClock,
    random: systemRandom,
    log,
    failpoints,
    banned,
    ...(bannedUntil !== undefined && { bannedUntil }),
    ...(proof !== undefined && { proof }),
  }
  return {
    whole: () => {
      const found = key()
      if (found === undefined) throw noKey(binanceKeys)
      return binanceVenue({ ...options, key: found })
    },
    market: () => {
      const found = key()
      return binanceMarket({ ...options, ...(found !== undefined && { key: found }) })
    },
    feeIn: 'received',
  }
}
