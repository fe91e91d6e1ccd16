import { randomUUID } from 'node:crypto'
import type { Dialect } from '../dialect.ts'
import { products } from '../exchange/products.ts'
import type { Options } from '../options.ts'
import { feedServer } from './feed-server.ts'
import { openKeyRing } from './keys.ts'
import { restServer } from './rest-server.ts'
import { coinbaseRules } from './rules.ts'
import type { Venue, VenueSettings } from './venue.ts'

/** Base URLs without a path, and the file with the account's key. */
export interface CoinbaseAddresses {
  readonly coinbase: { readonly rest: string; readonly market: string; readonly user: string; readonly keyFile: string }
}

/** Coinbase Advanced Trade: one REST host, one for market data, one for the account. */
export function coinbaseDialect(options: Options): Dialect<CoinbaseAddresses> {
  return {
    listing: products,
    rules: () => coinbaseRules(randomUUID),
    open: (core, home) => {
      const venue: Venue = { ...core, ring: openKeyRing(home), settings: settingsOf(options) }
      const market = feedServer('market', venue)
      const user = feedServer('user', venue)
      return {
        servers: [restServer(venue), market.server, user.server],
        addressesAt: ([rest, marketAt, userAt]) => ({ coinbase: { rest: `http://${rest}`, market: `ws://${marketAt}`, user: `ws://${userAt}`, keyFile: venue.ring.keyFile } }),
        close: () => {
          market.close()
          user.close()
        },
      }
    },
  }
}

function settingsOf(options: Options): VenueSettings {
  const { privatePerSecond, publicPerSecond, orderVisibleAfterMs, fillVisibleAfterMs, firstSubscribeMs, idleMs } = options
  return { privatePerSecond, publicPerSecond, orderVisibleAfterMs, fillVisibleAfterMs, firstSubscribeMs, idleMs, duplicates: options.refuseDuplicates ? 'refuse' : 'answerAgain' }
}
