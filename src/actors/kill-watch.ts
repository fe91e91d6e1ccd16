/**
 * Makes the kill switch true: while it is thrown, what should not be is looked for and ended, again and again.
 *
 * W1  It acts on conditions, not on the moment the switch was thrown: an order that appears later, or a start in the
 *     middle, is treated alike.
 * W2  Every round asks for each order once; an order whose cancel is under way asks by itself.
 * W3  At level flatten every pair begins to be closed; how it is priced until nothing is left is `closing-watch.ts`.
 */
import { orderAddress, pairAddress } from '../domain/address.ts'
import type { Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { closingPrice } from '../domain/stop-lines.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import { killReason, type DeskView, type OpenPair } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'

export interface KillWatchOptions {
  readonly view: DeskView
  readonly board: PriceBoard
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly clock: Clock
  readonly everyMs: Millis
  /** How far below the bid a position may be sold at once. */
  readonly slippage: Rate
  readonly post: (message: Message) => void
}

/** Orders at the venue that nobody has asked to end yet. */
const working: ReadonlySet<string> = new Set(['pending', 'partial'])

export class KillWatch {
  readonly #options: KillWatchOptions
  #timer: Timer | undefined
  #over = false
  #halted = false

  constructor(options: KillWatchOptions) {
    this.#options = options
  }

  /** Begins its rounds; called again when the switch has moved, it makes one at once. */
  round(): void {
    this.#timer?.cancel()
    if (this.#over) return
    const { view, clock, everyMs } = this.#options
    const { state, because } = view.kill
    const halted = state === 'orders' || state === 'flatten'
    if (halted) this.#cancelOrders(because)
    if (state === 'flatten') this.#closePairs(because)
    if (!halted) this.#reopenPairs(this.#halted)
    this.#halted = halted
    if (halted) this.#timer = clock.after(everyMs, () => this.round())
  }

  stop(): void {
    this.#over = true
    this.#timer?.cancel()
  }

  #cancelOrders(reason: string): void {
    const { view, post } = this.#options
    for (const { clientOrderId, state, pairId } of view.orders()) {
      // What closes a pair is wanted.
      const closes = view.kill.state === 'flatten' && (view.pair(pairId)?.context.closing ?? null) !== null
      if (working.has(state) && !closes) post({ to: orderAddress(clientOrderId), event: { type: 'cancelRequested', reason } as Message['event'] })
    }
  }

  #closePairs(reason: string): void {
    const { view, board, instruments, slippage, post } = this.#options
    for (const pair of view.pairs()) {
      const instrument = instruments.get(pair.context.instrument.id)
      const quote = board.usable(pair.context.instrument.id)
      if (instrument === undefined || quote === undefined || !hasToClose(pair)) continue
      post({ to: pairAddress(pair.pairId), event: { type: 'closeNow', price: closingPrice(instrument, quote.bid, slippage), reason } as Message['event'] })
    }
  }

  /** What the switch began to close and did not is offered at its target again, and what waited for it is offered at once. */
  #reopenPairs(wereHalted: boolean): void {
    const { view, post } = this.#options
    for (const { pairId, state, context } of view.pairs()) {
      if (context.closing?.reason.startsWith(killReason) === true) post({ to: pairAddress(pairId), event: { type: 'closeNoMore', reason: 'the kill switch was lifted' } as Message['event'] })
      else if (wereHalted && state === 'filled') post({ to: pairAddress(pairId), event: { type: 'deadlineDue', name: 'cover' } as Message['event'] })
    }
  }
}

/** What bought nothing goes with its order, what is held waits for a person; a closing of its own plan would be stopped by the halt. */
const hasToClose = ({ state, context: { closing } }: OpenPair): boolean => state !== 'held' && state !== 'buying.pending' && (closing === null || closing.planned)
