/**
 * Open connections to the host that takes the orders: it and the transport let go of what idles, and the handshakes of a new one
 * (TCP, TLS) would be part of the way of an order that comes after a quiet minute.
 *
 * H1  It begins with the first account stream, so a desk that sends no orders keeps nothing warm, and ends with the venue.
 * H2  A touch is the least urgent of all calls, and nobody waits for its answer or hears of its failure.
 */
import type { Clock, Timer } from '../../ports/clock.ts'
import type { Millis } from '../../domain/time.ts'
import type { AccountFeed } from '../../ports/venue.ts'

/** Below the transport's own bound on an idle connection. */
const everyMs: Millis = 10_000
/** An order and what covers another, at the same time. */
const connections = 2

export class Warmth {
  readonly #clock: Clock
  readonly #touch: () => Promise<unknown>
  #timer: Timer | undefined
  #over = false

  /** @param touch one light call to the host of the orders; at the same time as another it takes a connection of its own */
  constructor(clock: Clock, touch: () => Promise<unknown>) {
    this.#clock = clock
    this.#touch = touch
  }

  /** The feed, which begins this when it is first opened. */
  with(feed: AccountFeed): AccountFeed {
    return {
      open: (...args) => {
        if (this.#timer === undefined && !this.#over) this.#wait()
        return feed.open(...args)
      },
    }
  }

  end(): void {
    this.#over = true
    this.#timer?.cancel()
  }

  #wait(): void {
    this.#timer = this.#clock.after(everyMs, () => {
      for (let one = 0; one < connections; one++) this.#touch().catch(() => undefined)
      this.#wait()
    })
  }
}
