import type { Venue } from './venue.ts'

/** Which faults of sockets meet a connection: `user` is the WebSocket API, `market` the streams. */
export type HostName = 'market' | 'user'

/** The client's end of a connection, whatever carries it. */
export interface Peer {
  /** Bytes that wait to be sent; undefined when the connection is not open. */
  waiting(): number | undefined
  send(text: string): void
  ping(payload: string): void
  pong(payload: Buffer): void
  close(code: number): void
  /** Ends the connection without the closing handshake. */
  terminate(): void
}

/** A reader this far behind is dropped (bytes waiting in its socket). */
const MAX_BUFFERED_BYTES = 16_000_000
/** Without a pong for so long the connection ends (binance-spot.md 4.2). */
const PONG_WITHIN_MS = 60_000
const NORMAL = 1000
const POLICY = 1008

/** One client connection: frames and the faults aimed at them, pings, and its end. What to send is the sessions' business. */
export class Connection {
  readonly host: HostName
  readonly #peer: Peer
  readonly #venue: Venue
  readonly #openedAt: number
  #pingedAt: number
  #pongDueAt = Infinity
  #heldBack: string | undefined
  #messages = { second: 0, count: 0 }

  constructor(host: HostName, peer: Peer, venue: Venue) {
    this.host = host
    this.#peer = peer
    this.#venue = venue
    this.#openedAt = venue.monotonic()
    this.#pingedAt = this.#openedAt
  }

  /** Pings, and ends what has lived too long or no longer answers. */
  tick(nowMs: number): void {
    const { settings, faults } = this.#venue
    if (nowMs - this.#openedAt >= settings.socketLifeMs) return this.close()
    if (nowMs >= this.#pongDueAt) return this.drop()
    if (nowMs - this.#pingedAt < settings.pingEveryMs) return undefined
    this.#pingedAt = nowMs
    if (this.#silent || faults.active('losePings', this.host)) return undefined
    this.#pongDueAt = Math.min(this.#pongDueAt, nowMs + PONG_WITHIN_MS)
    return this.#peer.ping(String(Math.floor(this.#venue.now())))
  }

  /** The client answered a ping. */
  heard(): void {
    this.#pongDueAt = Infinity
  }

  /** The client pinged. */
  answer(payload: Buffer): void {
    if (!this.#silent) this.#peer.pong(payload)
  }

  /** Counts one message of the client; more than `perSecond` end the connection (binance-spot.md 6.1). False: it has ended. */
  count(perSecond: number): boolean {
    const second = Math.floor(this.#venue.monotonic() / 1000)
    this.#messages = { second, count: this.#messages.second === second ? this.#messages.count + 1 : 1 }
    if (this.#messages.count <= perSecond) return true
    this.#peer.close(POLICY)
    return false
  }

  send(message: object): void {
    const { faults } = this.#venue
    const text = JSON.stringify(message)
    if (this.#silent || faults.take('sequenceGap', this.host)) return
    if (this.#heldBack === undefined && faults.take('reorderFrames', this.host)) {
      this.#heldBack = text
      return
    }
    this.#write(text)
    if (faults.take('duplicateFrames', this.host)) this.#write(text)
    if (this.#heldBack !== undefined) this.#write(this.#heldBack)
    this.#heldBack = undefined
  }

  close(): void {
    this.#peer.close(NORMAL)
  }

  /** Ends the connection without the closing handshake. */
  drop(): void {
    this.#peer.terminate()
  }

  get #silent(): boolean {
    return this.#venue.faults.active('goSilent', this.host) !== undefined
  }

  #write(text: string): void {
    const waiting = this.#peer.waiting()
    if (waiting === undefined) return
    if (waiting > MAX_BUFFERED_BYTES) this.#peer.terminate()
    else this.#peer.send(text)
  }
}
