/** How open pairs are left: their stops are watched, and what is being closed is seen through. */
import { rateOfBps, type Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { ClosingWatch } from './closing-watch.ts'
import type { DeskOptions } from './desk-options.ts'
import type { DeskView } from './desk-view.ts'
import { ExitWatch } from './exit-watch.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'
import type { CommittedTurn } from './loop-options.ts'

export interface ExitsParts {
  readonly options: DeskOptions
  /** The rules of now; they change while the desk runs. */
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly view: DeskView
  readonly board: PriceBoard
  readonly post: (message: Message) => void
  readonly ask: (message: Message) => Promise<unknown>
}

/** How far below the bid a pair is sold the first time that it is closed at once. */
export const firstSlippage = ({ tuning }: Pick<DeskOptions, 'tuning'>): Rate => rateOfBps(tuning.closing.slippageBps[0] ?? 0)

export class Exits {
  readonly #view: DeskView
  readonly #stops: ExitWatch
  readonly #closings: ClosingWatch

  constructor({ options, instruments, view, board, post, ask }: ExitsParts) {
    const { clock, tuning } = options
    const { everyMs, slippageBps, mostPrices } = tuning.closing
    this.#view = view
    this.#stops = new ExitWatch({ view, board, instruments, slippage: firstSlippage(options), post })
    this.#closings = new ClosingWatch({ view, board, instruments, clock, ask, everyMs, slippage: slippageBps.map(rateOfBps), mostPrices })
  }

  start(): void {
    this.#stops.start()
    this.#closings.start()
  }

  stop(): void {
    this.#stops.stop()
    this.#closings.stop()
  }

  /** What a committed turn, already in the view, means for the pairs that it changed. */
  learn({ actors }: CommittedTurn): void {
    for (const { tradePair } of actors) {
      if (tradePair === undefined) continue
      const pair = this.#view.pair(tradePair.pairId)
      if (pair === undefined) this.#stops.forget(tradePair.pairId)
      else {
        this.#stops.learn(pair)
        this.#closings.learn(pair)
      }
    }
  }
}
