/**
 * Sees pairs that are being closed through, whoever wants it: the kill switch, a person, a stop, the time limit. Each is
 * sold at the bid less a slippage; when the bid has fallen below that price it is sold lower, until nothing is left.
 *
 * E1  It looks at the rows each round, so a start in the middle goes on; a pair gets at most one new price a round.
 * E2  A new price comes only from a quote that may be decided on, and only while the pair's sell works above the bid:
 *     one whose fate is open, or whose cancel is under way, is waited for.
 * E3  The slippage widens with every price, in the stated steps to the last one; after the stated number of prices the
 *     pair is held and a person is called. Its last sell stays at the venue.
 */
import { pairAddress } from '../domain/address.ts'
import { compare, zero, type Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { closingPrice } from '../domain/stop-lines.ts'
import type { Millis } from '../domain/time.ts'
import type { Closing } from '../machines/trade-pair/trade-pair-context.ts'
import { canCover } from '../machines/trade-pair/trade-pair-exits.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { DeskView, OpenPair } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'

export interface ClosingPolicy {
  /** A pair is newly priced at most so often. */
  readonly everyMs: Millis
  /** How far below the bid the first price is, the second ..., as fractions; the last one counts for all that follow. */
  readonly slippage: readonly Rate[]
  /** So many prices, and a person must look. */
  readonly mostPrices: number
}

export interface ClosingWatchOptions extends ClosingPolicy {
  readonly view: DeskView
  readonly board: PriceBoard
  /** The rules of now. */
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly clock: Clock
  readonly ask: (message: Message) => Promise<unknown>
}

/** At the venue, and nobody has asked for its end. */
const working: ReadonlySet<string> = new Set(['pending', 'partial'])

/** What a pair that is being closed needs now. */
type Step = { readonly type: 'closingPriced'; readonly price: string; readonly reason: string } | { readonly type: 'hold' | 'buyUnwanted'; readonly reason: string }

/** The slippage of the next price. */
const slippageAt = (slippage: readonly Rate[], prices: number): Rate => slippage[Math.min(prices, slippage.length - 1)] ?? zero

export class ClosingWatch {
  readonly #options: ClosingWatchOptions
  /** Pairs whose last step is not durable yet. */
  readonly #asked = new Set<string>()
  #timer: Timer | undefined
  #over = false

  constructor(options: ClosingWatchOptions) {
    this.#options = options
  }

  /** What is closed when the desk starts goes on at once. */
  start(): void {
    this.#round()
  }

  stop(): void {
    this.#over = true
    this.#timer?.cancel()
  }

  /** A pair has changed: one that waits for its first price gets it, and the rounds begin when there were none. */
  learn(pair: OpenPair): void {
    const { closing } = pair.context
    if (closing === null || this.#over) return
    if (closing.price === null) this.#see(pair, closing)
    if (this.#timer === undefined) this.#wait()
  }

  #wait(): void {
    this.#timer = this.#options.clock.after(this.#options.everyMs, () => this.#round())
  }

  /** Rounds go on for as long as anything is being closed. */
  #round(): void {
    this.#timer = undefined
    if (this.#over) return
    const closing = this.#options.view.pairs().filter(({ context, state }) => context.closing !== null && state !== 'held')
    for (const pair of closing) if (pair.context.closing !== null) this.#see(pair, pair.context.closing)
    if (closing.length > 0) this.#wait()
  }

  #see(pair: OpenPair, closing: Closing): void {
    const { pairId } = pair
    const step = this.#asked.has(pairId) ? undefined : this.#stepOf(pair, closing)
    if (step === undefined) return
    this.#asked.add(pairId)
    void this.#options.ask({ to: pairAddress(pairId), event: step }).finally(() => this.#asked.delete(pairId))
  }

  #stepOf({ state, context }: OpenPair, closing: Closing): Step | undefined {
    const { view, board, instruments, slippage, mostPrices } = this.#options
    const { reason, price, prices } = closing
    if (state === 'buying.partial') return this.#works(context.buyOrder) && canCover(context) ? { type: 'buyUnwanted', reason } : undefined
    const instrument = instruments.get(context.instrument.id)
    const quote = board.usable(context.instrument.id)
    // In a halt its own plan waits.
    if (instrument === undefined || quote === undefined || (closing.planned && view.tradingState.state === 'halted')) return undefined
    const isLeft = price === null ? state !== 'buying.pending' : this.#works(context.sellOrder) && compare(quote.bid, price) < 0
    if (!isLeft) return undefined
    if (prices >= mostPrices) return { type: 'hold', reason: `it could not be closed (${reason}): ${prices} prices were tried, the last ${price ?? 'none'}, and the bid is ${quote.bid}` }
    return { type: 'closingPriced', price: closingPrice(instrument, quote.bid, slippageAt(slippage, prices)), reason }
  }

  #works(clientOrderId: string | null): boolean {
    const order = clientOrderId === null ? undefined : this.#options.view.order(clientOrderId)
    return order !== undefined && working.has(order.state)
  }
}
