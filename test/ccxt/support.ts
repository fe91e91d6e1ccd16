/** ccxt's real classes, pointed at the sandbox. */
import { ccxtVenue, loadCcxt, loadKey, readKeyFile, type CcxtExchange, type CcxtKey, type CcxtOptions } from '../../src/adapters/ccxt/index.ts'
import type { FullVenue } from '../../src/ports/venue.ts'
import { MemoryLog, realClock } from '../support/venue-hosts.ts'

export * from '../support/venue-hosts.ts'

/** Margins of the sandbox: a create may take 3 s, and begins at most 3 s after its claim. */
export const sandboxProof = { windowMs: 6_000, engineMs: 3_000, lookUpLagMs: 500, skewMs: 1_000 }

export const keyOf = (apiKey: string, secret: string): CcxtKey => loadKey(readKeyFile(JSON.stringify({ apiKey, secret })))

export const coinbaseExchange = (rest: string, key: CcxtKey): Promise<CcxtExchange> => loadCcxt('coinbase', { key, urls: { api: { rest } } })

/** The sandbox speaks Binance Spot alone: none of the wallet's methods, which these two would call. */
export const binanceExchange = async (rest: string, key: CcxtKey): Promise<CcxtExchange> => {
  const exchange = await loadCcxt('binance', { key, urls: { api: { public: `${rest}/api/v3`, private: `${rest}/api/v3` } } })
  const has = exchange.has as Record<string, unknown>
  for (const one of ['fetchCurrencies', 'fetchTradingFee', 'fetchTradingFees']) has[one] = false
  exchange.options['fetchMargins'] = false
  return exchange
}

export const venueOn = (exchange: CcxtExchange, instrument: string, over: Partial<CcxtOptions> = {}): FullVenue =>
  ccxtVenue({ exchange, instruments: [instrument], acceptWeaker: true, clock: realClock, log: new MemoryLog(), proof: sandboxProof, requestTimeoutMs: 3_000, pollMs: 100, perSecond: 0, ...over })
