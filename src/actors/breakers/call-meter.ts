/** Counts calls to the venue that failed, and makes a venue that tells it of them. */
import type { Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import { noMeter, type Meter } from '../../ports/metrics.ts'
import type { Venue } from '../../ports/venue.ts'

/** Most failures that are remembered; no limit may be higher. */
export const mostFailures = 1_000

export class CallMeter {
  readonly #clock: Clock
  readonly #meter: Meter
  /** When calls failed, on the monotonic clock, oldest first. */
  readonly #failedAt: Millis[] = []

  constructor(clock: Clock, meter: Meter = noMeter) {
    this.#clock = clock
    this.#meter = meter
  }

  failed(): void {
    this.#failedAt.push(this.#clock.monotonic())
    this.#meter.count('nightdesk_venue_failures_total', {})
    if (this.#failedAt.length > mostFailures) this.#failedAt.shift()
  }

  failedWithin(windowMs: Millis): number {
    const from = this.#clock.monotonic() - windowMs
    return this.#failedAt.filter((at) => at > from).length
  }

  /** The same venue, with every call that fails or is left without an answer counted. A refusal is an answer. */
  counted(venue: Venue): Venue {
    const read = async <T>(answer: Promise<Result<T>>): Promise<Result<T>> => {
      const result = await answer
      if (!result.ok) this.failed()
      return result
    }
    const write = async <T extends { readonly kind: string }>(answer: Promise<T>): Promise<T> => {
      const outcome = await answer
      if (outcome.kind === 'unknown') this.failed()
      return outcome
    }
    return {
      capabilities: venue.capabilities,
      marketFeed: venue.marketFeed,
      accountFeed: venue.accountFeed,
      now: () => venue.now(),
      create: (order) => write(venue.create(order)),
      cancel: (id) => write(venue.cancel(id)),
      order: (id) => read(venue.order(id)),
      findByClientOrderId: (id, since) => read(venue.findByClientOrderId(id, since)),
      workingOrders: () => read(venue.workingOrders()),
      ordersSince: (since) => read(venue.ordersSince(since)),
      fillsOf: (id) => read(venue.fillsOf(id)),
      fillsSince: (since) => read(venue.fillsSince(since)),
      keyPermissions: () => read(venue.keyPermissions()),
      balances: () => read(venue.balances()),
      feeRates: () => read(venue.feeRates()),
      accountId: () => read(venue.accountId()),
      instruments: () => read(venue.instruments()),
      quotes: (ids) => read(venue.quotes(ids)),
      clockOffset: () => read(venue.clockOffset()),
    }
  }
}
