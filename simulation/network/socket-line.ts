/** WebSockets of one process to the venue's feeds, without sockets. Frames of one connection keep their order. */
import type { OpenWebSocket, WebSocketListener } from '../../src/adapters/venue-kit/web-socket.ts'
import type { FeedHostName, Peer } from '../../sandbox/coinbase/feed-connection.ts'
import type { FeedHost } from '../../sandbox/coinbase/feed-host.ts'
import type { FeedSession } from '../../sandbox/coinbase/feed-session.ts'
import type { Life } from '../process/life.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'

export interface SocketLineParts {
  readonly life: Life
  readonly clock: VirtualClock
  readonly hosts: Readonly<Record<FeedHostName, FeedHost>>
  readonly latencyMs: () => number
  /** Hears of every frame at the moment the process does. */
  readonly heard: (life: Life, host: FeedHostName, text: string) => void
}

/** A closing handshake that was not made. */
const abnormal = 1006

class Connection {
  readonly #parts: SocketLineParts
  readonly #host: FeedHostName
  readonly #listener: WebSocketListener
  /** One delay for the whole connection: frames do not overtake each other. */
  readonly #delayMs: number
  #session: FeedSession | undefined
  #isOpen = true

  constructor(parts: SocketLineParts, host: FeedHostName, listener: WebSocketListener) {
    this.#parts = parts
    this.#host = host
    this.#listener = listener
    this.#delayMs = parts.latencyMs()
    this.#atVenue(() => this.#connect())
    parts.life.whenDead(() => this.#atVenue(() => this.#leave()))
  }

  send(text: string): void {
    this.#parts.life.say(() => this.#atVenue(() => this.#session?.take(text)))
  }

  terminate(): void {
    this.#parts.life.say(() => this.#atVenue(() => this.#leave()))
  }

  #atVenue(task: () => void): void {
    this.#parts.clock.after(this.#delayMs, task)
  }

  #atProcess(task: () => void): void {
    this.#parts.clock.after(this.#delayMs, () => this.#parts.life.hear(task))
  }

  #connect(): void {
    const host = this.#parts.hosts[this.#host]
    if (!this.#isOpen) return
    this.#session = host.refuses ? undefined : host.join(this.#peer())
    if (this.#session !== undefined) return this.#atProcess(() => this.#listener.opened())
    this.#isOpen = false
    this.#atProcess(() => this.#listener.failed('ECONNREFUSED'))
  }

  #peer(): Peer {
    return {
      waiting: () => (this.#isOpen ? 0 : undefined),
      send: (text) => this.#atProcess(() => {
        this.#parts.heard(this.#parts.life, this.#host, text)
        this.#listener.message(text)
      }),
      close: (code) => this.#closeFromVenue(code),
      terminate: () => this.#closeFromVenue(abnormal),
    }
  }

  #closeFromVenue(code: number): void {
    if (!this.#isOpen) return
    this.#leave()
    this.#atProcess(() => this.#listener.closed(code))
  }

  #leave(): void {
    this.#isOpen = false
    if (this.#session !== undefined) this.#parts.hosts[this.#host].leave(this.#session)
    this.#session = undefined
  }
}

/** @param parts.hosts found by the first label of the URL's host: `market` or `user` */
export const socketLine = (parts: SocketLineParts): OpenWebSocket => (url, listener) =>
  new Connection(parts, new URL(url).hostname.startsWith('user') ? 'user' : 'market', listener)
