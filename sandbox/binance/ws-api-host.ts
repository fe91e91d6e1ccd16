import type { Gate } from './gate.ts'
import { SocketHost } from './socket-host.ts'
import type { Venue } from './venue.ts'
import { WsApiSession } from './ws-api-session.ts'

const PATH = '/ws-api/v3'
/** What a connection costs (binance-spot.md 4.2). */
const CONNECTION_WEIGHT = 2

/** The WebSocket API's host. `?returnRateLimits=false` leaves the limits out of every answer (binance-spot.md 4.1). */
export function wsApiHost(venue: Venue, gate: Gate): SocketHost {
  return new SocketHost({
    name: 'user',
    venue,
    open: (connection, target) => {
      const url = new URL(target, 'http://loopback')
      if (url.pathname.replace(/\/$/, '') !== PATH) return undefined
      venue.weight.charge(CONNECTION_WEIGHT)
      return new WsApiSession(connection, { venue, gate, showsLimits: url.searchParams.get('returnRateLimits') !== 'false' })
    },
  })
}
