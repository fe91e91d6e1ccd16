import type { FeedHostName, Peer } from './feed-connection.ts'
import { FeedSession } from './feed-session.ts'
import type { Venue } from './venue.ts'

/** Connections one host keeps; more are refused. */
const MAX_CONNECTIONS = 64

/** The market-data or the user host without its sockets: one session a connection, all served by `tick`. */
export class FeedHost {
  readonly #name: FeedHostName
  readonly #venue: Venue
  readonly #sessions = new Set<FeedSession>()
  readonly #unwatch: () => void

  constructor(name: FeedHostName, venue: Venue) {
    this.#name = name
    this.#venue = venue
    this.#unwatch = venue.exchange.watch((order) => this.#sessions.forEach((session) => session.onOrder(order)))
    venue.faults.onArm(({ name: fault, target }) => {
      if (fault === 'dropSockets' && (target === 'all' || target === name)) this.#dropAll()
    })
  }

  /** True while new connections are to be destroyed. */
  get refuses(): boolean {
    return this.#venue.faults.active('refuseConnections', this.#name) !== undefined
  }

  /** A new connection; undefined when there is no room for it. Its carrier calls `leave` when it has ended. */
  join(peer: Peer): FeedSession | undefined {
    if (this.#sessions.size >= MAX_CONNECTIONS) return undefined
    const session = new FeedSession(this.#name, peer, this.#venue)
    this.#sessions.add(session)
    return session
  }

  leave(session: FeedSession): void {
    this.#sessions.delete(session)
  }

  /** Sends what is due. */
  tick(): void {
    const now = this.#venue.monotonic()
    for (const session of this.#sessions) session.tick(now)
  }

  close(): void {
    this.#unwatch()
    this.#dropAll()
  }

  #dropAll(): void {
    for (const session of this.#sessions) session.connection.drop()
  }
}
