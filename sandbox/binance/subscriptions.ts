import type { UserEvent } from './account-events.ts'
import { errors } from './api-error.ts'
import type { Venue } from './venue.ts'

/** How a subscription came to be: it ends with the session's logon, or only by itself (binance-spot.md 4.4). */
type Origin = 'logon' | 'signature'

/** Subscriptions one connection may make in its life (binance-spot.md 4.4). */
const MOST_EVER = 65_535

/** The account subscriptions of one connection. The sandbox has one account, so at most one is active. */
export class Subscriptions {
  readonly #venue: Venue
  readonly #send: (message: object) => void
  #nextId = 0
  #active: { readonly id: number; readonly origin: Origin; readonly stop: () => void } | undefined

  constructor(venue: Venue, send: (message: object) => void) {
    this.#venue = venue
    this.#send = send
  }

  get ids(): readonly number[] {
    return this.#active === undefined ? [] : [this.#active.id]
  }

  /** Throws -2035 when there is one already, -2042 when the connection had too many. */
  open(origin: Origin): number {
    if (this.#active) throw errors.alreadySubscribed()
    if (this.#nextId >= MOST_EVER) throw errors.tooManySubscriptions()
    const id = this.#nextId
    this.#nextId += 1
    this.#active = { id, origin, stop: this.#venue.reports.listen((event) => this.#tell(id, event)) }
    return id
  }

  /** Ends that subscription, or all; those of one origin only, if it is named. Answers whether there was one. Its last event says so. */
  close(which: { readonly id?: number | undefined; readonly origin?: Origin } = {}): boolean {
    const active = this.#active
    if (!active || (which.id ?? active.id) !== active.id || (which.origin ?? active.origin) !== active.origin) return false
    this.stop()
    this.#tell(active.id, { e: 'eventStreamTerminated', E: Math.floor(this.#venue.now()) })
    return true
  }

  /** Ends them without a word. */
  stop(): void {
    this.#active?.stop()
    this.#active = undefined
  }

  #tell(subscriptionId: number, event: UserEvent): void {
    this.#send({ subscriptionId, event })
  }
}
