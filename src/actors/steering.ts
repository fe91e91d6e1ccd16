/** A person's hand on the desk: commands, and the kill switch that they throw. */
import { killSwitchAddress } from '../domain/address.ts'
import type { Command } from '../domain/command.ts'
import { compare, zero } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates, OrderRequest } from '../domain/order.ts'
import { realisedProfit } from '../domain/profit.ts'
import type { CommandOutcome, Preview } from '../ports/steering.ts'
import type { Verdict } from '../risk/verdict.ts'
import type { Breakers } from './breakers/breakers.ts'
import { Commands } from './commands.ts'
import { exitsOf, type DeskOptions } from './desk-options.ts'
import type { DeskView } from './desk-view.ts'
import { firstSlippage } from './exits.ts'
import { KillWatch } from './kill-watch.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'
import type { CommittedTurn } from './loop-options.ts'

export interface SteeringParts {
  readonly options: DeskOptions
  /** The rules of now; they change while the desk runs. */
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly fees: FeeRates
  readonly install: string
  readonly view: DeskView
  readonly board: PriceBoard
  readonly judge: (request: OrderRequest) => Verdict
  readonly breakers: Breakers
  readonly post: (message: Message) => void
  readonly ask: (message: Message) => Promise<'committed' | 'quarantined'>
}

export class Steering {
  readonly #parts: SteeringParts
  readonly #commands: Commands
  readonly #watch: KillWatch

  constructor(parts: SteeringParts) {
    const { options, instruments, fees, install, view, board, breakers, judge, post, ask } = parts
    const { journal, venue, clock, random, tuning } = options
    const slippage = firstSlippage(options)
    const targets = new Map(options.instruments.map(({ id, adoptedTarget }) => [id, adoptedTarget]))
    this.#parts = parts
    this.#commands = new Commands({ journal, venue, view, board, instruments, slippage, cleanTrades: tuning.cleanTrades, stillHolds: (name) => breakers.stillHolds(name), judge, ask, adoptions: { clock, random, instruments, targets, fees, install, pairPolicy: tuning.pairs, exits: exitsOf(options) } })
    this.#watch = new KillWatch({ view, board, instruments, clock, everyMs: tuning.killRoundMs, slippage, post })
  }

  /** A switch that was thrown before the start is true again at once. */
  start(): void {
    this.#watch.round()
  }

  stop(): void {
    this.#watch.stop()
  }

  command(command: Command): Promise<CommandOutcome> {
    return this.#commands.take(command)
  }

  /** What the gate, and then the venue, would say to an order. Nothing is claimed and nothing is sent. */
  async preview(request: OrderRequest): Promise<Preview> {
    const { judge, options } = this.#parts
    const verdict = judge(request)
    const gate = 'rule' in verdict ? verdict : null
    const asked = await options.preview?.(request)
    if (asked === undefined) return { gate, venue: null, venueFailed: null }
    return asked.ok ? { gate, venue: asked.value, venueFailed: null } : { gate, venue: null, venueFailed: asked.failure.detail }
  }

  /** What a committed turn means for the switch. */
  learn({ actors, events }: CommittedTurn): void {
    if (actors.some(({ kind }) => kind === 'kill-switch')) this.#watch.round()
    const { view, post } = this.#parts
    if (view.kill.state !== 'quarter' && view.kill.state !== 'half') return
    const closed = new Set(events.flatMap(({ address, from, to }) => (to === 'closed' && from !== to ? [address] : [])))
    for (const { address, tradePair } of actors) {
      const profit = tradePair !== undefined && closed.has(address) ? realisedProfit(tradePair) : null
      if (profit !== null) post({ to: killSwitchAddress, event: { type: 'tradeClosed', clean: compare(profit, zero) >= 0 } as Message['event'] })
    }
  }
}
