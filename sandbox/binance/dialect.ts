import { randomBytes } from 'node:crypto'
import type { Dialect, VenueCore } from '../dialect.ts'
import { binanceProducts } from '../exchange/products.ts'
import type { Options } from '../options.ts'
import { Gate } from './gate.ts'
import { openKeyRing } from './keys.ts'
import { OrderLimit, WeightLimit } from './limits.ts'
import { restServer } from './rest-server.ts'
import { binanceRules } from './rules.ts'
import { socketServer } from './socket-server.ts'
import { streamHost } from './stream-host.ts'
import { UserReports } from './user-reports.ts'
import type { Venue } from './venue.ts'
import { wsApiHost } from './ws-api-host.ts'

/** Base URLs without a path, and the file with the account's Ed25519 key; `binance-key-hmac.json` lies beside it. */
export interface BinanceAddresses {
  readonly binance: { readonly rest: string; readonly wsApi: string; readonly stream: string; readonly keyFile: string }
}

/** Binance Spot: one REST host, one for the WebSocket API, one for market streams. */
export function binanceDialect(options: Options): Dialect<BinanceAddresses> {
  const { bnbFees, idsReusableAfter } = options.binance
  return {
    listing: binanceProducts,
    rules: ({ ledger, markets }) => binanceRules({ ledger, markets, bnbFees, idsReusableAfter }),
    open: (core, home) => {
      const venue = openVenue(core, options, home)
      const gate = new Gate(venue)
      const wsApi = socketServer(wsApiHost(venue, gate))
      const stream = socketServer(streamHost(venue))
      return {
        servers: [restServer(venue, gate), wsApi.server, stream.server],
        addressesAt: ([rest, wsApiAt, streamAt]) => ({ binance: { rest: `http://${rest}`, wsApi: `ws://${wsApiAt}`, stream: `ws://${streamAt}`, keyFile: venue.ring.keyFile } }),
        close: () => {
          wsApi.close()
          stream.close()
        },
      }
    },
  }
}

function openVenue(core: VenueCore, { binance, orderVisibleAfterMs, fillVisibleAfterMs }: Options, home: string): Venue {
  const { weightPerMinute, ordersPer10Seconds, ordersPerDay, banMs, socketLifeMs, pingEveryMs, bnbFees, cancelledKeepId } = binance
  const orderLimit = new OrderLimit({ per10Seconds: ordersPer10Seconds, perDay: ordersPerDay }, core.now)
  const numberBase = Math.floor(core.now()) * 1000
  return {
    ...core,
    ring: openKeyRing(home),
    settings: { orderVisibleAfterMs, fillVisibleAfterMs, cancelledKeepId, weightPerMinute, ordersPer10Seconds, ordersPerDay, socketLifeMs, pingEveryMs, bnbFees },
    weight: new WeightLimit(weightPerMinute, banMs, core.now),
    orderLimit,
    reports: new UserReports({ ...core, numberBase }, orderLimit),
    newClientId: () => randomBytes(16).toString('base64url'),
    numberBase,
  }
}
