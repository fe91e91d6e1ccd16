/**
 * Any exchange that the library ccxt speaks, by REST alone: for watching it and for paper trading, and for real orders only
 * where its owner accepts what is weaker (docs/ccxt.md).
 */
import type { FullVenue, MarketSide } from '../../ports/venue.ts'
import { accountOf, marketOf } from '../venue-kit/assemble.ts'
import { VenueClock } from '../venue-kit/venue-clock.ts'
import { AcceptedOrders } from './accepted-orders.ts'
import { CcxtAccountFeed } from './account-feed.ts'
import { CcxtAccountReads } from './account-reads.ts'
import { Calls } from './calls.ts'
import { CcxtMarketData } from './market-data.ts'
import { CcxtMarketFeed } from './market-feed.ts'
import { CcxtMarketReads } from './market-reads.ts'
import { Markets } from './markets.ts'
import { settingsOf, type CcxtOptions } from './options.ts'
import { CcxtOrderEntry } from './order-entry.ts'
import { CcxtOrderReads } from './order-reads.ts'
import { cancelBatch, CcxtOrderServices } from './order-services.ts'
import { prepare } from './prepare.ts'
import { quirksOf } from './quirks.ts'
import { redactor } from './redact.ts'
import { ShownNames } from './shown-names.ts'

export { KeyError } from '../venue-kit/key-text.ts'
export { CcxtError, loadCcxt } from './load.ts'
export type { CcxtExchange } from './exchange.ts'
export { loadKey, readKeyFile, type CcxtKey } from './key.ts'
export type { CcxtOptions } from './options.ts'
export { weaknesses, type Weakness } from './weaknesses.ts'

const partsOf = (options: CcxtOptions) => {
  const settings = settingsOf(options)
  const { exchange } = options
  const { clock, log, instruments, key } = settings
  prepare(exchange, settings.requestTimeoutMs)
  const redact = redactor(key)
  const calls = new Calls({ exchange, settings, redact })
  const markets = new Markets({ calls, exchange, log })
  const shownNames = new ShownNames(quirksOf(exchange).showsClientOrderIds)
  return { exchange, settings, clock, instruments, key, redact, calls, markets, shownNames, venueClock: new VenueClock(clock), accepted: new AcceptedOrders() }
}

type Parts = ReturnType<typeof partsOf>

const marketSide = (parts: Parts): MarketSide => {
  const { settings, venueClock, calls } = parts
  const reads = new CcxtMarketReads(parts)
  const marketFeed = new CcxtMarketFeed(settings, (instruments) => reads.quotes(instruments))
  // The library's connections close by themselves when they have been idle.
  const close = (): void => undefined
  return marketOf({ reads, data: new CcxtMarketData(parts), marketFeed, now: () => venueClock.now(), budgets: () => calls.budgets(), close })
}

const accountSide = (parts: Parts): Omit<FullVenue, keyof MarketSide> => {
  const { settings, accepted, exchange } = parts
  const entry = new CcxtOrderEntry(parts)
  const orders = new CcxtOrderReads(parts)
  // Another name than that of the exchange's own adapter: their ids of orders and fills differ.
  const capabilities = { venue: `ccxt-${exchange.id}`, proofOfAbsence: settings.proof, cancelBatch, amend: 'nothing', clientOrderIdGuard: 'whileWorking' } as const
  return accountOf({ capabilities, entry, services: new CcxtOrderServices((id) => entry.cancel(id)), orders, account: new CcxtAccountReads(parts), accountFeed: new CcxtAccountFeed({ settings, reads: orders, accepted }) })
}

/**
 * The market alone: nothing that could send an order is made.
 * @throws RangeError when a request may take as long as the whole window of its claim
 */
export const ccxtMarket = (options: CcxtOptions): MarketSide => marketSide(partsOf(options))

/** @throws RangeError when a request may take as long as the whole window of its claim */
export const ccxtVenue = (options: CcxtOptions): FullVenue => {
  const parts = partsOf(options)
  return { ...marketSide(parts), ...accountSide(parts) }
}
