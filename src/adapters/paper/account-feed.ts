/**
 * Tells every listener what becomes of the account's orders, once it is durable.
 *
 * W1  A listener first hears all working orders as they are, then that it is subscribed, then every change.
 * W2  The stream beats only while the ledger answers; when it does not, it ends: a desk that hears nothing is never told that
 *     all is well.
 */
import type { Millis } from '../../domain/time.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { PaperOrder } from '../../ports/paper-ledger.ts'
import type { AccountFeed, AccountStreamListener, Stream } from '../../ports/venue.ts'
import { reportOf } from './account.ts'
import type { Turns } from './turns.ts'

/** Well below the shortest silence that a supervisor takes for death. */
const beatEveryMs: Millis = 2_000
/** A desk has one listener, and a second one while it changes over. */
const mostListeners = 16

export class PaperAccountFeed implements AccountFeed {
  readonly #turns: Pick<Turns, 'look'>
  readonly #clock: Clock
  readonly #open = new Set<AccountStream>()

  constructor(turns: Pick<Turns, 'look'>, clock: Clock) {
    this.#turns = turns
    this.#clock = clock
  }

  /** Follows all instruments, whatever is asked for: the account is one. */
  open(_instruments: readonly string[], listener: AccountStreamListener): Stream {
    const stream = new AccountStream({ turns: this.#turns, clock: this.#clock, listener, left: () => void this.#open.delete(stream) })
    const crowded = this.#open.size >= mostListeners
    this.#open.add(stream)
    this.#clock.soon(() => (crowded ? stream.end(`${mostListeners} account streams are open already`) : void stream.begin()))
    return stream
  }

  /** An order has changed, durably. */
  tell(order: PaperOrder): void {
    for (const stream of this.#open) stream.tell(order)
  }
}

interface AccountStreamParts {
  readonly turns: Pick<Turns, 'look'>
  readonly clock: Clock
  readonly listener: AccountStreamListener
  readonly left: () => void
}

class AccountStream implements Stream {
  readonly #parts: AccountStreamParts
  #state: 'opening' | 'subscribed' | 'closed' = 'opening'
  #beat: Timer | undefined

  constructor(parts: AccountStreamParts) {
    this.#parts = parts
  }

  async begin(): Promise<void> {
    const { turns, listener } = this.#parts
    if (this.#state === 'closed') return
    listener.opened()
    // In the turn itself: no change can fall between the list and what comes after it.
    const listed = await turns.look(({ working }) => {
      for (const order of working) this.#say(order)
      if (this.#state === 'opening') this.#state = 'subscribed'
    })
    if (!listed.ok) return this.end(listed.failure.detail)
    if (this.#isClosed()) return
    listener.subscribed()
    this.#nextBeat()
  }

  tell(order: PaperOrder): void {
    if (this.#state === 'subscribed') this.#say(order)
  }

  end(detail: string): void {
    if (this.#isClosed()) return
    this.close()
    this.#parts.listener.ended('retryable', detail)
  }

  close(): void {
    this.#state = 'closed'
    this.#beat?.cancel()
    this.#parts.left()
  }

  #isClosed(): boolean {
    return this.#state === 'closed'
  }

  #say(order: PaperOrder): void {
    if (this.#isClosed()) return
    this.#parts.listener.received()
    if (!this.#isClosed()) this.#parts.listener.order(reportOf(order))
  }

  #nextBeat(): void {
    this.#beat = this.#parts.clock.after(beatEveryMs, () => void this.#beatNow())
  }

  async #beatNow(): Promise<void> {
    const answered = await this.#parts.turns.look(() => undefined)
    if (!answered.ok) return this.end(answered.failure.detail)
    if (this.#isClosed()) return
    this.#parts.listener.received()
    this.#nextBeat()
  }
}
