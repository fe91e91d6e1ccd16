/** Binance Spot: everything the desk needs from it, behind the venue ports. */
import type { Result } from '../../domain/failure.ts'
import type { Venue } from '../../ports/venue.ts'
import { VenueClock } from '../venue-kit/venue-clock.ts'
import { BinanceAccountFeed } from './account-feed.ts'
import { BinanceAccountReads, type KeyPermissions } from './account-reads.ts'
import { BinanceBookFeed } from './book-feed.ts'
import { ClockSync } from './clock-sync.ts'
import { KeyStanding } from './key-standing.ts'
import { Limits } from './limits.ts'
import { BinanceMarketFeed } from './market-feed.ts'
import { BinanceMarketReads } from './market-reads.ts'
import { settingsOf, type BinanceOptions, type Settings } from './options.ts'
import { BinanceOrderEntry } from './order-entry.ts'
import { BinanceOrderReads } from './order-reads.ts'
import { Reads } from './reads.ts'
import { Rest } from './rest.ts'
import { Symbols } from './symbols.ts'

export type { KeyPermissions } from './account-reads.ts'
export { binanceHosts } from './hosts.ts'
export type { BinanceOptions } from './options.ts'
export { KeyError, loadKey, readKeyFile, type SigningKey } from './sign.ts'

/** A cancel names one order (binance-spot.md 5.3). */
const cancelBatch = 1

export interface BinanceVenue extends Venue {
  /** Whole books of single symbols, for whoever needs more than the best prices. */
  readonly bookFeed: BinanceBookFeed
  /** Lets go of kept connections. Streams are closed by whoever opened them. */
  close(): void
}

const partsOf = (settings: Settings) => {
  const { clock, log, instruments } = settings
  const venueClock = new VenueClock(clock)
  const limits = new Limits(settings, venueClock)
  const standing = new KeyStanding(clock)
  const rest = new Rest({ settings, venueClock, limits, standing })
  const sync = new ClockSync(rest, clock, venueClock)
  const reads = new Reads(rest, sync, standing)
  const symbols = new Symbols({ reads, limits, log })
  return { settings, clock, instruments, venueClock, limits, standing, rest, sync, reads, symbols }
}

/**
 * @throws TypeError when a URL is none
 * @throws RangeError when the proof's window is longer than the venue takes
 */
export const binanceVenue = (options: BinanceOptions): BinanceVenue => {
  const parts = partsOf(settingsOf(options))
  const { settings, venueClock, rest } = parts
  const entry = new BinanceOrderEntry(parts)
  const orders = new BinanceOrderReads(parts)
  const account = new BinanceAccountReads(parts)
  const market = new BinanceMarketReads(parts)
  return {
    now: () => venueClock.now(),
    capabilities: { venue: 'binance', proofOfAbsence: settings.proof, cancelBatch },
    create: (order) => entry.create(order),
    cancel: (venueOrderId) => entry.cancel(venueOrderId),
    order: (venueOrderId) => orders.order(venueOrderId),
    findByClientOrderId: (clientOrderId, since) => orders.findByClientOrderId(clientOrderId, since),
    workingOrders: () => orders.workingOrders(),
    ordersSince: (since) => orders.ordersSince(since),
    fillsOf: (venueOrderId) => orders.fillsOf(venueOrderId),
    fillsSince: (since) => orders.fillsSince(since),
    balances: () => account.balances(),
    feeRates: () => account.feeRates(),
    accountId: () => account.accountId(),
    instruments: () => market.instruments(),
    quotes: (instruments) => market.quotes(instruments),
    clockOffset: () => market.clockOffset(),
    marketFeed: new BinanceMarketFeed(parts),
    accountFeed: new BinanceAccountFeed(parts),
    bookFeed: new BinanceBookFeed(parts),
    close: () => rest.close(),
  }
}

/** What the account lets the key do, asked once before trading: live trading needs `canTrade`. */
export const keyPermissions = async (options: BinanceOptions): Promise<Result<KeyPermissions>> => {
  const parts = partsOf(settingsOf(options))
  try {
    return await new BinanceAccountReads(parts).permissions()
  } finally {
    parts.rest.close()
  }
}
