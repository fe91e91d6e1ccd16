/** Binance Spot: everything the desk needs from it, behind the venue ports. */
import type { FullVenue, MarketSide } from '../../ports/venue.ts'
import { accountOf, marketOf } from '../venue-kit/assemble.ts'
import { VenueClock } from '../venue-kit/venue-clock.ts'
import { Warmth } from '../venue-kit/warmth.ts'
import { BinanceAccountFeed } from './account-feed.ts'
import { BinanceAccountReads } from './account-reads.ts'
import { BinanceBookFeed } from './book-feed.ts'
import { ClockSync } from './clock-sync.ts'
import { KeyStanding } from './key-standing.ts'
import { Limits } from './limits.ts'
import { BinanceMarketData } from './market-data.ts'
import { BinanceMarketFeed } from './market-feed.ts'
import { BinanceMarketReads } from './market-reads.ts'
import { settingsOf, type BinanceOptions, type Settings } from './options.ts'
import { BinanceOrderEntry } from './order-entry.ts'
import { BinanceOrderReads } from './order-reads.ts'
import { BinanceOrderServices } from './order-services.ts'
import { Reads } from './reads.ts'
import { Rest } from './rest.ts'
import { Symbols } from './symbols.ts'

export { binanceHosts } from './hosts.ts'
export type { BinanceOptions } from './options.ts'
export { KeyError, loadKey, readKeyFile, type SigningKey } from './sign.ts'

/** A cancel names one order (binance-spot.md 5.3). */
const cancelBatch = 1

type WithBooks = Required<Pick<MarketSide, 'bookFeed'>>
export type BinanceVenue = FullVenue & WithBooks

const partsOf = (settings: Settings) => {
  const { clock, log, instruments } = settings
  const venueClock = new VenueClock(clock)
  const limits = new Limits(settings, venueClock)
  const standing = new KeyStanding(clock)
  const rest = new Rest({ settings, venueClock, limits, standing })
  const sync = new ClockSync(rest, clock, venueClock)
  const reads = new Reads({ rest, sync, standing, settings })
  const symbols = new Symbols({ reads, limits, log })
  const warmth = new Warmth(clock, () => rest.send({ method: 'GET', path: '/time', weight: 1, lane: 'data', access: 'public' }))
  return { settings, clock, instruments, venueClock, limits, standing, rest, sync, reads, symbols, warmth }
}

type Parts = ReturnType<typeof partsOf>

const marketSide = (parts: Parts): MarketSide & WithBooks => {
  const { venueClock, rest, limits, warmth } = parts
  const close = (): void => {
    warmth.end()
    rest.close()
  }
  const bookFeed = new BinanceBookFeed(parts)
  const side = marketOf({ reads: new BinanceMarketReads(parts), data: new BinanceMarketData(parts), marketFeed: new BinanceMarketFeed(parts), now: () => venueClock.now(), budgets: () => limits.budgets(), close })
  return { ...side, bookFeed }
}

const accountSide = (parts: Parts): Omit<FullVenue, keyof MarketSide> => {
  const entry = new BinanceOrderEntry(parts)
  const orders = new BinanceOrderReads(parts)
  const account = new BinanceAccountReads(parts)
  const services = new BinanceOrderServices(parts, { cancel: (id) => entry.cancel(id), order: (id) => orders.order(id), feeRates: () => account.feeRates() })
  const capabilities = { venue: 'binance', proofOfAbsence: parts.settings.proof, cancelBatch, amend: 'lessQuantity', clientOrderIdGuard: 'whileWorking' } as const
  return accountOf({ capabilities, entry, services, orders, account, accountFeed: parts.warmth.with(new BinanceAccountFeed(parts)) })
}

/**
 * The market alone: nothing that could send an order is made.
 * @throws TypeError when a URL is none
 * @throws RangeError when the proof's window is longer than the venue takes
 */
export const binanceMarket = (options: BinanceOptions): MarketSide => marketSide(partsOf(settingsOf(options)))

/**
 * @throws TypeError when a URL is none
 * @throws RangeError when the proof's window is longer than the venue takes
 */
export const binanceVenue = (options: BinanceOptions): BinanceVenue => {
  const parts = partsOf(settingsOf(options))
  return { ...marketSide(parts), ...accountSide(parts) }
}
