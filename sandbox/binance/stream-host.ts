import type { Market } from '../exchange/market.ts'
import { BookTracker } from './book-tracker.ts'
import { SocketHost } from './socket-host.ts'
import { StreamSession } from './stream-session.ts'
import type { Venue } from './venue.ts'

/** The market streams' host: `/ws`, `/ws/<stream>` raw, `/stream?streams=<a>/<b>` wrapped (binance-spot.md 2). */
export function streamHost(venue: Venue): SocketHost {
  const trackers = new Map<Market, BookTracker>([...venue.exchange.markets.values()].map((market) => [market, new BookTracker(market)]))
  venue.exchange.watchMarkets((market) => trackers.get(market)?.look())
  const trackerOf = (market: Market): BookTracker => trackers.get(market) ?? new BookTracker(market)
  return new SocketHost({
    name: 'market',
    venue,
    open: (connection, target) => {
      const [path = '', query = ''] = target.split('?')
      const combined = path.startsWith('/stream')
      if (!combined && path !== '/ws' && !path.startsWith('/ws/')) return undefined
      const named = combined ? (new URLSearchParams(query).get('streams') ?? '') : path.slice('/ws/'.length)
      const session = new StreamSession(connection, { venue, trackerOf, combined })
      session.open(named.split('/').filter((name) => name !== '').map((name) => decodeURIComponent(name)))
      return session
    },
  })
}
