/** The desk's own orders, polled: those in the list of working ones, and those that are no longer in it until their end is known. */
import { ok, type FailureKind, type Result } from '../../domain/failure.ts'
import { isFinished, type OrderReport } from '../../domain/order.ts'
import type { AccountFeed, AccountStreamListener, OrderReads, Stream } from '../../ports/venue.ts'
import type { AcceptedOrders } from './accepted-orders.ts'
import type { Settings } from './options.ts'
import { PollingStream } from './polling-stream.ts'

/** Orders followed at once; beyond it the longest followed goes first, and the reconciliation finds it. */
const mostFollowed = 2_000
/** How many look-ups of a vanished order fit into one poll, and how often one that is not found is asked for. */
const lookUpsPerPoll = 10
const mostLookUps = 30

/** Failures that are not of the one order that was asked for. */
const ofTheLink: ReadonlySet<FailureKind> = new Set(['network', 'timeout', 'rateLimited', 'banned', 'unauthorised', 'forbidden', 'clockSkew'])

type Reads = Pick<OrderReads, 'workingOrders' | 'order'>

export interface AccountFeedParts {
  readonly settings: Settings
  readonly reads: Reads
  readonly accepted: AcceptedOrders
}

export class CcxtAccountFeed implements AccountFeed {
  readonly #parts: AccountFeedParts

  constructor(parts: AccountFeedParts) {
    this.#parts = parts
  }

  /** Follows the traded instruments, whatever is asked for, as every list of the account does. */
  open(_instruments: readonly string[], listener: AccountStreamListener): Stream {
    const { settings, reads, accepted } = this.#parts
    const followed = new FollowedOrders(reads)
    const unlisten = accepted.listen((venueOrderId) => followed.follow(venueOrderId))
    return new PollingStream({
      clock: settings.clock,
      pollMs: settings.pollMs,
      listener,
      ask: () => followed.read(),
      tell: (reports, isOpen) => {
        for (const report of reports) if (isOpen()) listener.order(report)
        return true
      },
      release: unlisten,
    })
  }
}

interface Followed {
  /** What was told of it last. */
  readonly told: string
  readonly lookUps: number
}

class FollowedOrders {
  readonly #reads: Reads
  readonly #orders = new Map<string, Followed>()

  constructor(reads: Reads) {
    this.#reads = reads
  }

  follow(venueOrderId: string): void {
    if (this.#orders.has(venueOrderId)) return
    this.#orders.set(venueOrderId, { told: '', lookUps: 0 })
    const [oldest] = this.#orders.keys()
    if (this.#orders.size > mostFollowed && oldest !== undefined) this.#orders.delete(oldest)
  }

  /** Every order whose standing is another than was told. */
  async read(): Promise<Result<readonly OrderReport[]>> {
    const working = await this.#reads.workingOrders()
    if (!working.ok) return working
    const listed = new Set(working.value.orders.map(({ venueOrderId }) => venueOrderId))
    const reports = [...working.value.orders]
    for (const venueOrderId of [...this.#orders.keys()].filter((id) => !listed.has(id)).slice(0, lookUpsPerPoll)) {
      const report = await this.#reads.order(venueOrderId)
      if (!report.ok && ofTheLink.has(report.failure.kind)) return report
      if (!report.ok || report.value === undefined) this.#notFound(venueOrderId)
      else reports.push(report.value)
    }
    return ok(reports.filter((report) => this.#isNews(report)))
  }

  #isNews(report: OrderReport): boolean {
    const { venueOrderId, status, executed } = report
    this.follow(venueOrderId)
    const standing = `${status} ${executed}`
    const isNews = this.#orders.get(venueOrderId)?.told !== standing
    // Asked again last: one that keeps its place in the queue must not keep the others from theirs.
    this.#orders.delete(venueOrderId)
    if (!isFinished(status)) this.#orders.set(venueOrderId, { told: standing, lookUps: 0 })
    return isNews
  }

  /** A new order may lag behind its acceptance; one that never shows is left to the reconciliation. */
  #notFound(venueOrderId: string): void {
    const { told, lookUps } = this.#orders.get(venueOrderId) ?? { told: '', lookUps: 0 }
    this.#orders.delete(venueOrderId)
    if (lookUps + 1 < mostLookUps) this.#orders.set(venueOrderId, { told, lookUps: lookUps + 1 })
  }
}
