/** The desk's strategists, one an instrument, and what they learn from committed turns. */
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates } from '../domain/order.ts'
import { exitsOf, type DeskOptions } from './desk-options.ts'
import type { DeskView } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'
import { Strategist, type StrategistOptions } from './strategist.ts'
import type { Trouble } from './strategy-trouble.ts'
import type { CommittedTurn } from './loop-options.ts'

export interface StrategistsParts {
  readonly options: DeskOptions
  /** The rules of now; they change while the desk runs. */
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly fees: FeeRates
  readonly install: string
  readonly view: DeskView
  readonly board: PriceBoard
  readonly ask: StrategistOptions['ask']
}

export class Strategists {
  readonly #all: readonly Strategist[]

  constructor(parts: StrategistsParts) {
    this.#all = parts.options.instruments.flatMap(({ id, strategy, sampleEveryMs }) => {
      const listed = parts.instruments.get(id)
      return listed === undefined ? [] : [new Strategist({ ...optionsOf(parts, listed, strategy), ...(sampleEveryMs !== undefined && { sampleEveryMs }) })]
    })
  }

  start(): void {
    for (const strategist of this.#all) strategist.start()
  }

  stop(): void {
    for (const strategist of this.#all) strategist.stop()
  }

  /** Something has changed that they decide by. */
  wake(): void {
    for (const strategist of this.#all) strategist.wake()
  }

  /** The strategies that decide nothing now, and why. */
  get troubles(): readonly Trouble[] {
    return this.#all.flatMap(({ trouble }) => trouble ?? [])
  }

  /** A buy that never stood slows its strategist down; one that stands lets it go. */
  learn({ events, actors }: CommittedTurn): void {
    const denied = new Set(events.flatMap(({ type, body, address }) => (type === 'denied' && body['leg'] === 'buy' ? [address] : [])))
    for (const { address, state, order, tradePair } of actors) {
      if (denied.has(address)) this.#of(tradePair?.instrument)?.refused()
      if (order?.leg !== 'buy') continue
      if (state === 'rejected' || state === 'absent') this.#of(order.instrument)?.refused()
      else if (state === 'pending' || state === 'partial' || state === 'filled') this.#of(order.instrument)?.accepted()
    }
  }

  #of(instrument: string | undefined): Strategist | undefined {
    return this.#all.find((one) => one.instrument === instrument)
  }
}

const optionsOf = ({ options, instruments, fees, install, view, board, ask }: StrategistsParts, listed: Instrument, strategy: StrategistOptions['strategy']): StrategistOptions => {
  const { clock, random, log, tuning } = options
  return {
    instrument: listed.id,
    rules: () => instruments.get(listed.id) ?? listed,
    strategy,
    clock,
    random,
    log,
    ask,
    fees,
    install,
    pairPolicy: tuning.pairs,
    exits: exitsOf(options),
    view,
    board,
    restMs: tuning.strategistRestMs,
    cadenceMs: tuning.strategistCadenceMs,
    refusedMs: tuning.refusedMs,
    refusedMaxMs: tuning.refusedMaxMs,
  }
}
