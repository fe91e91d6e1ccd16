/** Coinbase Advanced Trade, spot: everything the desk needs from it, behind the venue ports. */
import type { Result } from '../../domain/failure.ts'
import type { Venue } from '../../ports/venue.ts'
import { CoinbaseAccountFeed } from './account-feed.ts'
import { CoinbaseAccountReads, type KeyPermissions } from './account-reads.ts'
import { Aliases } from './aliases.ts'
import { CoinbaseMarketFeed } from './market-feed.ts'
import { CoinbaseMarketReads } from './market-reads.ts'
import { settingsOf, type CoinbaseOptions } from './options.ts'
import { CoinbaseOrderEntry } from './order-entry.ts'
import { CoinbaseOrderReads } from './order-reads.ts'
import { Rest } from './rest.ts'
import { VenueClock } from '../venue-kit/venue-clock.ts'

export type { KeyPermissions } from './account-reads.ts'
export type { CoinbaseOptions } from './options.ts'
export { KeyError, loadKey, readKeyFile, type SigningKey } from './sign.ts'

/** Most orders that one cancel may name (5.9). */
const cancelBatch = 100
const webSocketTokenMs = 120_000

export interface CoinbaseVenue extends Venue {
  /** Lets go of kept connections. Streams are closed by whoever opened them. */
  close(): void
}

/** @throws TypeError when a URL is none */
export const coinbaseVenue = (options: CoinbaseOptions): CoinbaseVenue => {
  const settings = settingsOf(options)
  const { key, clock, proof } = settings
  const venueClock = new VenueClock(clock)
  const rest = new Rest(settings, venueClock)
  const aliases = new Aliases()
  const token = (): string | undefined => key?.token({ notBefore: venueClock.now(), lifetimeMs: webSocketTokenMs })
  const entry = new CoinbaseOrderEntry(rest, settings)
  const orders = new CoinbaseOrderReads(rest, venueClock)
  const account = new CoinbaseAccountReads(rest)
  const market = new CoinbaseMarketReads({ rest, venueClock, aliases, settings })
  return {
    now: () => venueClock.now(),
    capabilities: { venue: 'coinbase', proofOfAbsence: proof, cancelBatch },
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
    marketFeed: new CoinbaseMarketFeed({ settings, aliases, token }),
    accountFeed: new CoinbaseAccountFeed(settings, token),
    close: () => rest.close(),
  }
}

/** What the key may do, asked once before trading: live trading needs `canTrade` and must not have `canTransfer` (2.2). */
export const keyPermissions = async (options: CoinbaseOptions): Promise<Result<KeyPermissions>> => {
  const settings = settingsOf(options)
  const rest = new Rest(settings, new VenueClock(settings.clock))
  try {
    return await new CoinbaseAccountReads(rest).permissions()
  } finally {
    rest.close()
  }
}
