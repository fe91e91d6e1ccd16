/** Coinbase Advanced Trade, spot: everything the desk needs from it, behind the venue ports. */
import type { FullVenue } from '../../ports/venue.ts'
import { CoinbaseAccountFeed } from './account-feed.ts'
import { CoinbaseAccountReads } from './account-reads.ts'
import { Aliases } from './aliases.ts'
import { CoinbaseBookFeed } from './book-feed.ts'
import { CoinbaseMarketData } from './market-data.ts'
import { CoinbaseMarketFeed } from './market-feed.ts'
import { CoinbaseMarketReads } from './market-reads.ts'
import { settingsOf, type CoinbaseOptions } from './options.ts'
import { CoinbaseOrderEntry } from './order-entry.ts'
import { cancelBatch, CoinbaseOrderServices } from './order-services.ts'
import { CoinbaseOrderReads } from './order-reads.ts'
import { Rest } from './rest.ts'
import { VenueClock } from '../venue-kit/venue-clock.ts'

export type { CoinbaseOptions } from './options.ts'
export { KeyError, loadKey, readKeyFile } from './sign.ts'

const webSocketTokenMs = 120_000

export type CoinbaseVenue = FullVenue & Required<Pick<FullVenue, 'bookFeed'>>

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
  const services = new CoinbaseOrderServices(rest)
  const data = new CoinbaseMarketData(rest, settings)
  const market = new CoinbaseMarketReads({ rest, venueClock, aliases, settings })
  return {
    now: () => venueClock.now(),
    capabilities: { venue: 'coinbase', proofOfAbsence: proof, cancelBatch, amend: 'priceAndQuantity', clientOrderIdGuard: 'always' },
    create: (order) => entry.create(order),
    cancel: (venueOrderId) => entry.cancel(venueOrderId),
    cancelMany: (venueOrderIds) => services.cancelMany(venueOrderIds),
    amend: (venueOrderId, to) => services.amend(venueOrderId, to),
    preview: (request) => services.preview(request),
    order: (venueOrderId) => orders.order(venueOrderId),
    findByClientOrderId: (clientOrderId, since) => orders.findByClientOrderId(clientOrderId, since),
    workingOrders: () => orders.workingOrders(),
    ordersSince: (since) => orders.ordersSince(since),
    fillsOf: (venueOrderId) => orders.fillsOf(venueOrderId),
    fillsSince: (since) => orders.fillsSince(since),
    balances: () => account.balances(),
    feeRates: () => account.feeRates(),
    accountId: () => account.accountId(),
    keyPermissions: () => account.keyPermissions(),
    instruments: () => market.instruments(),
    quotes: (instruments) => market.quotes(instruments),
    clockOffset: () => market.clockOffset(),
    book: (instrument, depth) => data.book(instrument, depth),
    trades: (instrument, limit) => data.trades(instrument, limit),
    candles: (instrument, length, span) => data.candles(instrument, length, span),
    marketFeed: new CoinbaseMarketFeed({ settings, aliases, token }),
    bookFeed: new CoinbaseBookFeed({ settings, aliases, token }),
    accountFeed: new CoinbaseAccountFeed(settings, token),
    close: () => rest.close(),
  }
}
