/** Coinbase Advanced Trade, spot: everything the desk needs from it, behind the venue ports. */
import type { FullVenue, MarketSide } from '../../ports/venue.ts'
import { CoinbaseAccountFeed } from './account-feed.ts'
import { CoinbaseAccountReads } from './account-reads.ts'
import { Aliases } from './aliases.ts'
import { CoinbaseBookFeed } from './book-feed.ts'
import { CoinbaseMarketData } from './market-data.ts'
import { CoinbaseMarketFeed } from './market-feed.ts'
import { CoinbaseMarketReads } from './market-reads.ts'
import { settingsOf, type CoinbaseOptions, type Settings } from './options.ts'
import { CoinbaseOrderEntry } from './order-entry.ts'
import { cancelBatch, CoinbaseOrderServices } from './order-services.ts'
import { CoinbaseOrderReads } from './order-reads.ts'
import { Rest } from './rest.ts'
import { accountOf, marketOf } from '../venue-kit/assemble.ts'
import { VenueClock } from '../venue-kit/venue-clock.ts'
import { Warmth } from '../venue-kit/warmth.ts'

export type { CoinbaseOptions } from './options.ts'
export { coinbaseHosts } from './hosts.ts'
export { KeyError, loadKey, readKeyFile } from './sign.ts'

const webSocketTokenMs = 120_000

type WithBooks = Required<Pick<MarketSide, 'bookFeed'>>
export type CoinbaseVenue = FullVenue & WithBooks

const partsOf = (settings: Settings) => {
  const { key, clock } = settings
  const venueClock = new VenueClock(clock)
  const rest = new Rest(settings, venueClock)
  const aliases = new Aliases()
  const token = (): string | undefined => key?.token({ notBefore: venueClock.now(), lifetimeMs: webSocketTokenMs })
  const warmth = new Warmth(clock, () => rest.get({ path: '/time', access: 'public', lane: 'data' }))
  return { settings, venueClock, rest, aliases, token, warmth }
}

type Parts = ReturnType<typeof partsOf>

const marketSide = (parts: Parts): MarketSide & WithBooks => {
  const { settings, venueClock, rest, warmth } = parts
  const close = (): void => {
    warmth.end()
    rest.close()
  }
  const bookFeed = new CoinbaseBookFeed(parts)
  const side = marketOf({ reads: new CoinbaseMarketReads(parts), data: new CoinbaseMarketData(rest, settings), marketFeed: new CoinbaseMarketFeed(parts), now: () => venueClock.now(), budgets: () => rest.budgets(), close })
  return { ...side, bookFeed }
}

const accountSide = ({ settings, rest, venueClock, token, warmth }: Parts): Omit<FullVenue, keyof MarketSide> =>
  accountOf({
    capabilities: { venue: 'coinbase', proofOfAbsence: settings.proof, cancelBatch, amend: 'priceAndQuantity', clientOrderIdGuard: 'always' },
    entry: new CoinbaseOrderEntry(rest, settings),
    services: new CoinbaseOrderServices(rest),
    orders: new CoinbaseOrderReads(rest, venueClock),
    account: new CoinbaseAccountReads(rest),
    accountFeed: warmth.with(new CoinbaseAccountFeed(settings, token)),
  })

/**
 * The market alone: nothing that could send an order is made.
 * @throws TypeError when a URL is none
 */
export const coinbaseMarket = (options: CoinbaseOptions): MarketSide => marketSide(partsOf(settingsOf(options)))

/** @throws TypeError when a URL is none */
export const coinbaseVenue = (options: CoinbaseOptions): CoinbaseVenue => {
  const parts = partsOf(settingsOf(options))
  return { ...marketSide(parts), ...accountSide(parts) }
}
