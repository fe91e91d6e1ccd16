/** What every part of a reconciliation works with, and what it hands back. */
import type { Failure } from '../../domain/failure.ts'
import type { OrderReport } from '../../domain/order.ts'
import type { Difference } from '../../domain/records.ts'
import type { ForeignPolicy } from '../../domain/reconciliation.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import type { Journal } from '../../ports/journal.ts'
import type { Log } from '../../ports/log.ts'
import type { AccountReads, MarketReads, OrderReads, VenueTime } from '../../ports/venue.ts'
import type { BeliefPolicy } from '../../machines/account/account-context.ts'
import type { WantedAlert } from '../alerts.ts'
import type { DeskView } from '../desk-view.ts'
import type { Message } from '../turn.ts'

export interface ReconcilerOptions {
  readonly venue: OrderReads & Pick<AccountReads, 'balances'> & Pick<MarketReads, 'clockOffset'> & VenueTime
  readonly journal: Pick<Journal, 'actor' | 'orderAtVenue' | 'bookedSince'>
  readonly view: DeskView
  readonly clock: Clock
  readonly log: Log
  readonly failpoints: Failpoints
  readonly install: string
  /** Makes the records' ids unique across restarts. */
  readonly epoch: number
  /** How far back orders and fills of unknown origin are looked for, at least; after a longer absence, to before it. */
  readonly lookBackMs: Millis
  readonly balancesEveryMs: Millis
  readonly belief: BeliefPolicy
  readonly foreignOrders: ForeignPolicy
  /** The assets that the desk deals in, with the smallest amount that counts. */
  readonly assets: readonly { readonly asset: string; readonly unit: string }[]
  /** Begins a pair with a buy that somebody else placed; undefined when it cannot be one. */
  readonly adopt: (report: OrderReport) => Message | undefined
  /** How often news may have been missed, as far as is known now. */
  readonly asked: () => number
  /** Resolves when the message's turn is durable. */
  readonly ask: (message: Message) => Promise<unknown>
  readonly alert: (alert: WantedAlert) => void
}

/** One part's result: how much was compared and what differed, or why it could not be done. */
export type Stage = { readonly ok: true; readonly compared: number; readonly differences: readonly Difference[] } | { readonly ok: false; readonly detail: string }

export const told = ({ kind, detail }: Failure): string => `${kind}: ${detail}`

/** Words already dealt with; the oldest is forgotten first, which costs one look more. */
export class Seen {
  readonly #words = new Set<string>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  has(word: string): boolean {
    return this.#words.has(word)
  }

  add(word: string): void {
    this.#words.add(word)
    const [oldest] = this.#words
    if (this.#words.size > this.#most && oldest !== undefined) this.#words.delete(oldest)
  }
}
