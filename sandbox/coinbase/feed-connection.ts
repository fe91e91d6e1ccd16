import { rfc3339Nano } from './times.ts'
import type { Venue } from './venue.ts'

export type FeedHostName = 'market' | 'user'

/** The client's end of a connection, whatever carries it. */
export interface Peer {
  /** Bytes that wait to be sent; undefined when the connection is not open. */
  waiting(): number | undefined
  send(text: string): void
  close(code: number): void
  /** Ends the connection without the closing handshake. */
  terminate(): void
}

/** A reader this far behind is dropped (bytes waiting in its socket). */
const MAX_BUFFERED_BYTES = 16_000_000

/** One client connection: envelope, sequence numbers, the faults aimed at frames. What to send is decided by the channels. */
export class FeedConnection {
  readonly host: FeedHostName
  /** Channel to its products; an empty set for channels without products. */
  readonly channels = new Map<string, Set<string>>()
  readonly openedAt: number
  lastSentAt: number
  readonly #peer: Peer
  readonly #venue: Venue
  #sequence = 0
  #heldBack: string | undefined

  constructor(host: FeedHostName, peer: Peer, venue: Venue) {
    this.host = host
    this.#peer = peer
    this.#venue = venue
    this.openedAt = venue.monotonic()
    this.lastSentAt = this.openedAt
  }

  get silent(): boolean {
    return this.#venue.faults.active('goSilent', this.host) !== undefined
  }

  /** Sends one message of a channel; sequence numbers run over all channels of the connection (coinbase-advanced-trade.md 9.2). */
  send(channel: string, events: readonly object[]): void {
    const client = this.host === 'user' ? { client_id: '' } : {}
    const text = JSON.stringify({ channel, ...client, timestamp: rfc3339Nano(this.#venue.now()), sequence_num: this.#sequence, events })
    this.#sequence += 1
    this.lastSentAt = this.#venue.monotonic()
    if (this.silent || this.#venue.faults.take('sequenceGap', this.host)) return
    this.#deliver(text)
  }

  /** Error frames carry no channel and no sequence number (coinbase-advanced-trade.md 9.1). */
  error(message: string): void {
    if (!this.silent) this.#write(JSON.stringify({ type: 'error', message }))
  }

  close(): void {
    this.#peer.close(1000)
  }

  /** Ends the connection without the closing handshake. */
  drop(): void {
    this.#peer.terminate()
  }

  #deliver(text: string): void {
    const { faults } = this.#venue
    if (this.#heldBack === undefined && faults.take('reorderFrames', this.host)) {
      this.#heldBack = text
      return
    }
    this.#write(text)
    if (faults.take('duplicateFrames', this.host)) this.#write(text)
    if (this.#heldBack !== undefined) this.#write(this.#heldBack)
    this.#heldBack = undefined
  }

  #write(text: string): void {
    const waiting = this.#peer.waiting()
    if (waiting === undefined) return
    if (waiting > MAX_BUFFERED_BYTES) this.#peer.terminate()
    else this.#peer.send(text)
  }
}
