import { Connection, type HostName, type Peer } from './connection.ts'
import type { Venue } from './venue.ts'

/** What one client does on its connection. */
export interface Session {
  readonly connection: Connection
  /** One message of the client. */
  take(text: string): void
  /** A control frame of the client, where those count (binance-spot.md 6.1). */
  takeControl(): void
  /** Sends what is due. */
  tick(nowMs: number): void
  /** Tells the client that this connection will end soon. */
  announceShutdown(): void
  /** The connection is gone. */
  end(): void
}

export interface HostParts {
  readonly name: HostName
  readonly venue: Venue
  /** A session for a client that asked for `target` (path and query); undefined: there is nothing there. */
  readonly open: (connection: Connection, target: string) => Session | undefined
}

/** Connections one host keeps at once, and the attempts it takes (binance-spot.md 4.2). */
const MAX_CONNECTIONS = 64
const MAX_ATTEMPTS = 300
const ATTEMPTS_WITHIN_MS = 300_000

/** A host of sockets without its sockets: one session a connection, all served by `tick`. */
export class SocketHost {
  readonly #parts: HostParts
  readonly #sessions = new Set<Session>()
  /** Moments of the latest attempts; at most MAX_ATTEMPTS. */
  readonly #attempts: number[] = []

  constructor(parts: HostParts) {
    this.#parts = parts
    parts.venue.faults.onArm(({ name, target, durationMs }) => {
      if (target !== 'all' && target !== parts.name) return
      if (name === 'dropSockets') this.#dropAll()
      if (name === 'announceShutdown') this.#shutDown(durationMs)
    })
  }

  /** True while new connections are to be destroyed. */
  get refuses(): boolean {
    return this.#parts.venue.faults.active('refuseConnections', this.#parts.name) !== undefined
  }

  /** A new connection; undefined when there is no room for it or nothing at its path. Its carrier calls `leave` when it has ended. */
  join(peer: Peer, target: string): Session | undefined {
    if (this.#sessions.size >= MAX_CONNECTIONS || !this.#mayTry()) return undefined
    const session = this.#parts.open(new Connection(this.#parts.name, peer, this.#parts.venue), target)
    if (session) this.#sessions.add(session)
    return session
  }

  leave(session: Session): void {
    session.end()
    this.#sessions.delete(session)
  }

  tick(): void {
    const now = this.#parts.venue.monotonic()
    for (const session of this.#sessions) {
      session.connection.tick(now)
      session.tick(now)
    }
  }

  close(): void {
    this.#dropAll()
  }

  #mayTry(): boolean {
    const now = this.#parts.venue.monotonic()
    while ((this.#attempts[0] ?? now) < now - ATTEMPTS_WITHIN_MS) this.#attempts.shift()
    if (this.#attempts.length >= MAX_ATTEMPTS) return false
    this.#attempts.push(now)
    return true
  }

  #shutDown(afterMs: number): void {
    const leaving = [...this.#sessions]
    for (const session of leaving) session.announceShutdown()
    this.#parts.venue.after(afterMs, () => leaving.forEach((session) => session.connection.close()))
  }

  #dropAll(): void {
    for (const session of this.#sessions) session.connection.drop()
  }
}
