/**
 * Asks the venue what became of claims without an answer. However many ask, one listing at a time answers all of them: the
 * cost of being in doubt does not grow with the number of doubts.
 */
import { orderAddress } from '../domain/address.ts'
import { failed, ok, type Result } from '../domain/failure.ts'
import type { OrderReport } from '../domain/order.ts'
import type { Millis } from '../domain/time.ts'
import type { LookUpMoment } from '../machines/order/order-context.ts'
import type { Clock } from '../ports/clock.ts'
import type { Failpoints } from '../ports/failpoints.ts'
import type { Log } from '../ports/log.ts'
import type { OrderReads, VenueTime } from '../ports/venue.ts'
import type { Message } from './turn.ts'

export interface LookUpsOptions {
  readonly venue: OrderReads & VenueTime
  readonly clock: Clock
  readonly log: Log
  readonly failpoints: Failpoints
  /** Runs the task when its turn comes; false when too much waits already. */
  readonly schedule: (task: () => Promise<void>) => boolean
  readonly post: (message: Message) => void
}

/** Most orders in doubt whose first question is remembered. */
const maxRemembered = 10_000

type Found = ReadonlyMap<string, OrderReport>

export class LookUps {
  readonly #options: LookUpsOptions
  /** Who waits, with the venue time from which to look. */
  #waiting = new Map<string, Millis>()
  #scheduled = false
  /** Since when, on the monotonic clock, each order has been asked about. */
  readonly #askingSince = new Map<string, Millis>()

  constructor(options: LookUpsOptions) {
    this.#options = options
  }

  /** A listing that fails, or finds no room, answers nobody: each order's own deadline asks again. */
  ask(clientOrderId: string, since: Millis): void {
    this.#waiting.set(clientOrderId, since)
    if (this.#scheduled) return
    this.#scheduled = this.#options.schedule(() => this.#once())
    if (!this.#scheduled) this.#waiting.clear()
  }

  async #once(): Promise<void> {
    const { venue, clock, log, failpoints } = this.#options
    const asking = this.#waiting
    this.#waiting = new Map()
    const askedAt = venue.now()
    const here = clock.monotonic()
    for (const clientOrderId of asking.keys()) this.#remember(clientOrderId, here)
    const found = await this.#find(asking)
    failpoints.reach('lookUp.answered')
    if (found.ok) for (const clientOrderId of asking.keys()) this.#answer(clientOrderId, found.value.get(clientOrderId), { askedAt, askingMs: Math.floor(here - (this.#askingSince.get(clientOrderId) ?? here)) })
    else log.warn('order.lookUpFailed', { orders: [...asking.keys()], ...found.failure })
    this.#scheduled = false
    const [next] = this.#waiting
    if (next !== undefined) this.ask(...next)
  }

  async #find(asking: ReadonlyMap<string, Millis>): Promise<Result<Found>> {
    const { venue } = this.#options
    const [only] = asking
    if (only !== undefined && asking.size === 1) {
      const one = await venue.findByClientOrderId(...only)
      return one.ok ? ok(new Map(one.value === undefined ? [] : [[only[0], one.value]])) : one
    }
    const listed = await venue.ordersSince(Math.min(...asking.values()))
    if (!listed.ok) return listed
    // A row that does not tell its id, or tells one of these, might be the one: that is no proof of absence.
    const unread = listed.value.unread.find(({ clientOrderId }) => clientOrderId === undefined || asking.has(clientOrderId))
    if (unread !== undefined) return failed({ kind: 'malformed', detail: 'an order in the answer cannot be read' })
    return ok(new Map(listed.value.orders.map((report) => [report.clientOrderId, report])))
  }

  /** The longest asked about is forgotten first, which only makes its proof begin anew. */
  #remember(clientOrderId: string, now: Millis): void {
    if (!this.#askingSince.has(clientOrderId)) this.#askingSince.set(clientOrderId, now)
    const [oldest] = this.#askingSince.keys()
    if (this.#askingSince.size > maxRemembered && oldest !== undefined) this.#askingSince.delete(oldest)
  }

  #answer(clientOrderId: string, report: OrderReport | undefined, moment: LookUpMoment): void {
    if (report !== undefined) this.#askingSince.delete(clientOrderId)
    const event = report === undefined ? { type: 'notFound', ...moment } : { type: 'reported', report }
    this.#options.post({ to: orderAddress(clientOrderId), event })
  }
}
