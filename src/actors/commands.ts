/**
 * Carries out what people want: each command becomes one message to one actor, and its record is written in the same
 * transaction as what it changed.
 *
 * M1  The same id is carried out once, over every restart: the second asking is answered with the first one's record, and
 *     another command under that id is refused.
 * M2  What cannot be done is refused in one sentence, and nothing is changed or recorded.
 * M3  A command has no other way to an order than any other decision: the machines and the gate judge what it causes.
 */
import { breakerAddress, deskAddress, killSwitchAddress, orderAddress, pairAddress } from '../domain/address.ts'
import type { Command } from '../domain/command.ts'
import { compare, isZero, rateOfBps, type Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { OrderRequest } from '../domain/order.ts'
import type { AuditRecord } from '../domain/records.ts'
import { breakEven } from '../domain/profit.ts'
import { closingPrice } from '../domain/stop-lines.ts'
import { killLevels } from '../machines/kill-switch/kill-switch-context.ts'
import { canCover } from '../machines/trade-pair/trade-pair-exits.ts'
import type { Journal } from '../ports/journal.ts'
import type { CommandOutcome } from '../ports/steering.ts'
import type { OrderReads } from '../ports/venue.ts'
import type { Verdict } from '../risk/verdict.ts'
import { adoption, type AdoptionOptions } from './adoption.ts'
import { beginPair } from './begin-pair.ts'
import type { DeskView, OpenPair } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'

export interface CommandsOptions {
  readonly journal: Pick<Journal, 'command'>
  readonly venue: Pick<OrderReads, 'order'>
  readonly view: DeskView
  readonly board: PriceBoard
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly adoptions: AdoptionOptions
  /** How far below the bid a pair may be closed. */
  readonly slippage: Rate
  /** Clean trades that raise the limits by a step after a kill. */
  readonly cleanTrades: number
  /** The gate's word. */
  readonly judge: (request: OrderRequest) => Verdict
  /** Why the trip of a breaker cannot be ended now; undefined when it can. */
  readonly stillHolds: (breaker: string) => string | undefined
  readonly ask: (message: Message) => Promise<'committed' | 'quarantined'>
}

/** What pairs that a person began are filed under; no strategy reacts to them. */
const byHand = 'hand'

/** The message of a command, or why there is none. */
type Meaning = Message | { readonly refused: string }
type Of<K extends Command['kind']> = Extract<Command, { readonly kind: K }>

/** Commands that may be under way at once. */
const mostAtOnce = 100

/** Whether the record can be of this very command (M1): of its kind, about its pair, and of a kill no less grave. */
const isSame = ({ kind, pairId, after }: AuditRecord, command: Command): boolean => {
  if (kind !== command.kind) return false
  if ('pair' in command) return pairId === command.pair
  return command.kind !== 'kill' || levelOf(command.level) <= levelOf(after)
}

const levelOf = (state: string): number => killLevels.findIndex((level) => level === state)

const otherCommand = ({ id }: Command): CommandOutcome => ({ kind: 'refused', detail: `the id ${id} belongs to another command: choose a new one` })

const refused = (detail: string): Meaning => ({ refused: detail })
const to = (address: string, event: object): Message => ({ to: address, event: event as Message['event'] })

export class Commands {
  readonly #options: CommandsOptions
  /** Those under way, by id. */
  readonly #running = new Map<string, { readonly wish: string; readonly outcome: Promise<CommandOutcome> }>()

  constructor(options: CommandsOptions) {
    this.#options = options
  }

  take(command: Command): Promise<CommandOutcome> {
    const running = this.#running.get(command.id)
    const wish = JSON.stringify({ ...command, who: '', reason: '' })
    if (running !== undefined) return running.wish === wish ? running.outcome : Promise.resolve(otherCommand(command))
    if (this.#running.size >= mostAtOnce) return Promise.resolve({ kind: 'failed', detail: `${mostAtOnce} commands are under way already: ask again in a moment` })
    const outcome = this.#take(command).catch((error: unknown): CommandOutcome => ({ kind: 'failed', detail: error instanceof Error ? error.message : String(error) }))
    this.#running.set(command.id, { wish, outcome })
    void outcome.then(() => this.#running.delete(command.id))
    return outcome
  }

  async #take(command: Command): Promise<CommandOutcome> {
    const { journal, ask } = this.#options
    const { id, kind, who, reason } = command
    const before = await journal.command(id)
    if (before !== undefined) return isSame(before, command) ? { kind: 'done', record: before, again: true } : otherCommand(command)
    const meaning = await this.#meaningOf(command)
    if ('refused' in meaning) return { kind: 'refused', detail: meaning.refused }
    const taken = await ask({ ...meaning, command: { commandId: id, kind, who, reason } })
    const record = await journal.command(id)
    if (taken === 'committed' && record !== undefined) return { kind: 'done', record, again: false }
    return { kind: 'failed', detail: 'the desk could not take it: its log says why' }
  }

  async #meaningOf(command: Command): Promise<Meaning> {
    switch (command.kind) {
      case 'pause':
        return to(deskAddress, { type: 'pause', reason: command.reason })
      case 'resume':
        return to(deskAddress, { type: 'resume' })
      case 'reconcile':
        return to(deskAddress, { type: 'reconcileWanted', reason: command.reason })
      case 'kill':
        return this.#kill(command)
      case 'unkill':
        return this.#unkill(command)
      case 'reset-breaker':
        return this.#resetBreaker(command)
      case 'cancel':
        return this.#cancel(command)
      case 'adopt':
        return this.#adopt(command)
      case 'buy':
        return this.#buy(command)
      default:
        return this.#ofPair(command)
    }
  }

  #kill({ level, who, reason }: Of<'kill'>): Meaning {
    const message = to(killSwitchAddress, { type: 'kill', level, who, reason })
    return this.#options.view.kill.exists ? message : { ...message, create: {} }
  }

  #unkill({ who, reason }: Of<'unkill'>): Meaning {
    const { view, cleanTrades } = this.#options
    if (!['entries', 'orders', 'flatten'].includes(view.kill.state)) return refused('the kill switch is not thrown')
    return to(killSwitchAddress, { type: 'unkill', who, reason, cleanTrades })
  }

  #resetBreaker({ breaker: name, who, reason }: Of<'reset-breaker'>): Meaning {
    const { view, stillHolds } = this.#options
    const known = view.breaker(name)
    if (known === undefined) return refused(`there is no breaker ${name}; there are ${view.breakers().map(({ context }) => context.name).join(', ') || 'none'}`)
    if (known.state === 'clear') return refused(`${name} is not tripped`)
    const holds = stillHolds(name)
    return holds === undefined ? to(breakerAddress(name), { type: 'reset', who, reason }) : refused(`${name} cannot be reset while what tripped it still holds: ${holds}`)
  }

  #ofPair(command: Of<'hold' | 'release' | 'close' | 'close-externally' | 'set-target'>): Meaning {
    const pair = this.#options.view.pair(command.pair)
    if (pair === undefined) return refused(`there is no open trade pair ${command.pair}`)
    const address = pairAddress(command.pair)
    const { reason } = command
    if (command.kind === 'hold') return to(address, { type: 'hold', reason })
    if (command.kind === 'release') return pair.state === 'held' ? to(address, { type: 'release', reason }) : refused(`${command.pair} is not held; it is ${pair.state}`)
    if (command.kind === 'set-target') return this.#retarget(command, pair)
    if (command.kind === 'close') return this.#close(command, pair)
    const live = pair.context.buyOrder ?? pair.context.sellOrder
    return live === null ? to(address, { type: 'closedByHand', reason }) : refused(`${command.pair} still has the order ${live} at the venue: hold the pair and cancel the order first`)
  }

  #retarget({ pair, price, reason }: Of<'set-target'>, { context }: OpenPair): Meaning {
    if (isZero(context.held)) return refused(`${pair} has bought nothing yet: its target counts from what it pays`)
    const least = breakEven(context.instrument, { cost: context.cost, held: context.held }, context.sellFee)
    if (compare(price, least) < 0) return refused(`${price} is below ${least}, where ${pair} breaks even: "close" sells at a loss`)
    return to(pairAddress(pair), { type: 'retargeted', target: { kind: 'price', price }, reason })
  }

  #close({ pair, reason }: Of<'close'>, { state, context }: OpenPair): Meaning {
    const { board, instruments, slippage } = this.#options
    if (state === 'held') return refused(`${pair} is held (${context.heldBecause ?? 'no reason given'}): release it first`)
    const instrument = instruments.get(context.instrument.id)
    const quote = board.usable(context.instrument.id)
    if (instrument === undefined || quote === undefined) return refused(`there is no fresh price for ${context.instrument.id}, so ${pair} cannot be closed now`)
    return to(pairAddress(pair), { type: 'closeNow', price: closingPrice(instrument, quote.bid, slippage), reason })
  }

  /** A buy is called off by its pair; a covering sell is only cancelled when nobody would place the next. */
  #cancel({ order: id, reason }: Of<'cancel'>): Meaning {
    const { view } = this.#options
    const order = view.order(id)
    if (order === undefined) return refused(`there is no live order ${id}`)
    const held = view.pair(order.pairId)?.state === 'held'
    if (order.leg === 'sell') return held ? to(orderAddress(id), { type: 'cancelRequested', reason }) : refused(`${id} covers ${order.pairId}, which would place the next at once: hold the pair first, or use set-target or close`)
    const pair = view.pair(order.pairId)
    if (pair !== undefined && !isZero(order.filled) && !canCover(pair.context)) return refused(`what ${id} has bought is too little to be sold: it waits for more`)
    return held ? to(orderAddress(id), { type: 'cancelRequested', reason }) : to(pairAddress(order.pairId), { type: 'buyUnwanted', reason })
  }

  /** Judged before it begins, so that a denial is an answer and not a pair that ended. */
  #buy({ instrument: id, quantity, price, targetBps }: Of<'buy'>): Meaning {
    const { instruments, adoptions, judge } = this.#options
    const instrument = instruments.get(id)
    if (instrument === undefined) return refused(`${id} is not traded by this desk`)
    const verdict = judge({ clientOrderId: 'asked', instrument: id, side: 'buy', quantity, price, postOnly: true })
    if ('rule' in verdict) return refused(`${verdict.rule}: ${verdict.detail}`)
    return beginPair(adoptions, { instrument, target: rateOfBps(targetBps), strategy: byHand, buy: { quantity, price, postOnly: true } }, { type: 'proposed' })
  }

  async #adopt({ order: id }: Of<'adopt'>): Promise<Meaning> {
    const { venue, view, adoptions } = this.#options
    const report = await venue.order(id)
    if (!report.ok) return refused(`the venue does not tell of ${id} now (${report.failure.kind}): ask again later`)
    if (report.value === undefined) return refused(`the venue knows no order ${id}`)
    if (view.order(report.value.clientOrderId) !== undefined) return refused(`${id} is this desk's own already`)
    return adoption(report.value, adoptions) ?? refused(`${id} is no working limit buy on an instrument of this desk, so it cannot begin a trade pair`)
  }
}
