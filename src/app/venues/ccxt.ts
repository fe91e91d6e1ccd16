/** An exchange of ccxt's, as a configuration names it (docs/ccxt.md). */
import { CcxtError, ccxtMarket, ccxtVenue, KeyError, loadCcxt, loadKey, readKeyFile, weaknesses, type CcxtKey, type CcxtOptions } from '../../adapters/ccxt/index.ts'
import { systemClock } from '../../adapters/system/system-clock.ts'
import type { Config } from '../config/schema.ts'
import { exitCodes, Problem } from '../problem.ts'
import { ccxtKeys, findKey, noKey } from './credentials.ts'
import type { VenueMaker, VenueParts } from './venue-parts.ts'

type CcxtConfig = Extract<Config['venue'], { readonly name: 'ccxt' }>

const reading = {
  ofFile: readKeyFile,
  ofVariables: (apiKey: string, secret: string) => ({ apiKey, secret }),
  load: loadKey,
  isKeyError: (error: unknown): error is KeyError => error instanceof KeyError,
}

const load = async (id: string, key: CcxtKey | undefined): Promise<CcxtOptions['exchange']> => {
  try {
    return await loadCcxt(id, key === undefined ? {} : { key })
  } catch (error) {
    if (error instanceof CcxtError) throw new Problem(exitCodes.configuration, `venue.exchange: ${error.message}`)
    throw error
  }
}

/**
 * @param instruments the traded ones: lists of the account are asked for each of them
 * @throws Problem when the library is not there, knows no such exchange, or the key that there is cannot be used
 */
export const ccxtMaker = async ({ exchange: id, keyFile, pollMs, acceptWeaker, proofOfAbsence }: CcxtConfig, environment: Config['environment'], instruments: readonly string[], { log }: VenueParts): Promise<VenueMaker> => {
  const key = findKey(ccxtKeys, reading, { keyFile, environment, env: process.env })
  const exchange = await load(id, key)
  const options: CcxtOptions = { exchange, instruments, clock: systemClock, log, pollMs, ...(key !== undefined && { key }), ...(proofOfAbsence !== undefined && { proof: proofOfAbsence }) }
  return {
    whole: () => {
      if (key === undefined) throw noKey(ccxtKeys)
      for (const { what, because } of weaknesses(exchange, pollMs)) log.warn('venue.weaker', { what, because })
      return ccxtVenue({ ...options, acceptWeaker: acceptWeaker === true })
    },
    market: () => ccxtMarket(options),
    feeIn: 'received',
  }
}
