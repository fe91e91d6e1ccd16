/**
 * Watches the bid for every open pair with a stop, and tells the pair when it has come to one of its lines.
 *
 * V1  The lines are derived from the rows, at every start and whenever a row changes: at most two triggers a pair, one
 *     below the bid and one above it, so a tick costs the same with ten pairs or ten thousand.
 * V2  Nothing is told from a quote that may not be decided on: a crossed line waits for the next good one (I9).
 * V3  A crossed line is told once; the pair judges it by its own memory, and whatever it does arms the next.
 */
import { pairAddress } from '../domain/address.ts'
import { compare, type Price, type Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { closingPrice } from '../domain/stop-lines.ts'
import { linesOf } from '../machines/trade-pair/trade-pair-exits.ts'
import type { DeskView, OpenPair } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'
import type { Crossing } from './trigger-index.ts'

export interface ExitWatchOptions {
  readonly view: DeskView
  readonly board: PriceBoard
  /** The rules of now. */
  readonly instruments: ReadonlyMap<string, Instrument>
  /** How far below the bid a stop sells, as a fraction. */
  readonly slippage: Rate
  readonly post: (message: Message) => void
}

/** Where something was bought and nobody else decides. */
const watched = (state: string): boolean => state === 'buying.partial' || state === 'filled' || state.startsWith('sellPlaced')

interface Line {
  readonly pairId: string
  readonly instrument: Instrument
  readonly crossing: Crossing
  readonly at: Price
}

const isCrossed = ({ crossing, at }: Line, bid: Price): boolean => (crossing === 'falls' ? compare(bid, at) <= 0 : compare(bid, at) >= 0)

export class ExitWatch {
  readonly #options: ExitWatchOptions
  /** The line that is armed, by the name of its trigger. */
  readonly #armed = new Map<string, Line>()

  constructor(options: ExitWatchOptions) {
    this.#options = options
  }

  /** Triggers that are armed: at most two an open pair. */
  get size(): number {
    return this.#armed.size
  }

  /** Arms what the rows imply. */
  start(): void {
    for (const pair of this.#options.view.pairs()) this.learn(pair)
  }

  stop(): void {
    for (const name of this.#armed.keys()) this.#disarm(name)
  }

  /** The row of an open pair has changed. */
  learn({ pairId, state, context }: OpenPair): void {
    const instrument = this.#options.instruments.get(context.instrument.id)
    const { falls, rises } = instrument !== undefined && watched(state) ? linesOf({ ...context, instrument }) : {}
    this.#keep(instrument && falls && { pairId, instrument, crossing: 'falls', at: falls.at }, `exit falls ${pairId}`)
    this.#keep(instrument && rises !== undefined ? { pairId, instrument, crossing: 'rises', at: rises } : undefined, `exit rises ${pairId}`)
  }

  /** The pair has come to its end. */
  forget(pairId: string): void {
    this.#disarm(`exit falls ${pairId}`)
    this.#disarm(`exit rises ${pairId}`)
  }

  #disarm(name: string): void {
    const line = this.#armed.get(name)
    if (line === undefined) return
    this.#armed.delete(name)
    this.#options.board.disarm(line.instrument.id, name)
  }

  #keep(line: Line | undefined, name: string): void {
    const armed = this.#armed.get(name)
    // New rules of the venue have emptied the board: the same line is armed again.
    if (armed !== undefined && armed.at === line?.at && armed.instrument === line.instrument) return
    this.#disarm(name)
    if (line === undefined) return
    const { board } = this.#options
    const quote = board.usable(line.instrument.id)
    if (quote !== undefined && isCrossed(line, quote.bid)) return this.#tell(line, quote.bid)
    this.#armed.set(name, line)
    board.arm(line.instrument.id, { id: name, crossing: line.crossing, at: line.at, wake: () => this.#crossed(name, line) })
  }

  #crossed(name: string, line: Line): void {
    this.#armed.delete(name)
    const quote = this.#options.board.usable(line.instrument.id)
    if (quote !== undefined) this.#tell(line, quote.bid)
  }

  #tell({ pairId, instrument, crossing }: Line, bid: Price): void {
    const { slippage, post } = this.#options
    const event = crossing === 'falls' ? { type: 'stopReached', bid, price: closingPrice(instrument, bid, slippage) } : { type: 'highRaised', bid }
    post({ to: pairAddress(pairId), event })
  }
}
