/**
 * What the rows say now, folded from committed turns: the working orders, the open pairs, and the money they bind.
 * Deciding reads it; nobody writes to it but the journal's own news.
 */
import type { TrippedBreaker } from '../domain/breaker.ts'
import { compare, minus, money, notional, plus, quantity, rate, type Money, type Rate } from '../domain/decimal.ts'
import { withBooked, type Amounts } from '../domain/books.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { ActorRecord, BookedTotal, OrderRecord } from '../domain/records.ts'
import type { TradingState } from '../domain/trading-state.ts'
import type { AccountContext } from '../machines/account/account-context.ts'
import type { BreakerContext } from '../machines/breaker/breaker-context.ts'
import type { DeskContext } from '../machines/desk/desk-context.ts'
import { shareIn, type KillSwitchContext } from '../machines/kill-switch/kill-switch-context.ts'
import type { TradePairContext } from '../machines/trade-pair/trade-pair-context.ts'

export interface LiveOrder extends OrderRecord {
  readonly state: string
  readonly inDoubt: boolean
}

export interface OpenPair {
  readonly pairId: string
  readonly state: string
  readonly context: TradePairContext
}

/** How every reason of the kill switch begins: what it closes is told from what a person closes. */
export const killReason = 'kill switch'

export interface KillView {
  /** A state of its machine; `off` when there never was one. */
  readonly state: string
  /** For people: who, and why. */
  readonly because: string
  /** True once its row is there. */
  readonly exists: boolean
}

export interface BreakerView {
  readonly state: string
  readonly context: BreakerContext
}

export class DeskView {
  readonly #orders = new Map<string, LiveOrder>()
  readonly #pairs = new Map<string, OpenPair>()
  readonly #bound = new Map<string, Money>()
  /** Approved in a turn that is not committed yet. */
  readonly #provisional = new Map<string, Money>()
  #exposure: Money = money('0')
  #booked: Amounts = {}
  #account: AccountContext | undefined
  #deskState = 'recovering'
  #desk: DeskContext | undefined
  readonly #breakers = new Map<string, BreakerView>()
  #kill: KillView = { state: 'off', because: '', exists: false }
  #closed = 0

  /** Folds one row in. */
  take(record: ActorRecord): void {
    if (record.kind === 'desk') this.#takeDesk(record)
    if (record.kind === 'breaker') this.#takeBreaker(record)
    if (record.kind === 'kill-switch') this.#kill = { state: record.state, because: becauseOf(record), exists: true }
    if (record.kind === 'account') this.#account = record.context as unknown as AccountContext
    if (record.order !== undefined) this.#takeOrder(record, record.order)
    if (record.tradePair !== undefined) this.#takePair(record)
  }

  #takeDesk({ state, context }: ActorRecord): void {
    this.#deskState = state
    this.#desk = context as unknown as DeskContext
  }

  #takeBreaker(record: ActorRecord): void {
    const context = record.context as unknown as BreakerContext
    this.#breakers.set(context.name, { state: record.state, context })
  }

  /** Folds booked executions in. */
  book(instrument: Pick<Instrument, 'base' | 'quote'>, booked: Omit<BookedTotal, 'instrument'>): void {
    this.#booked = withBooked(this.#booked, instrument, booked)
  }

  /** What every fill ever booked did to the account; another object after every booking. */
  get booked(): Amounts {
    return this.#booked
  }

  /** The account as last compared; undefined before the first comparison. */
  get account(): AccountContext | undefined {
    return this.#account
  }

  #takeOrder(record: ActorRecord, order: OrderRecord): void {
    this.#provisional.delete(order.clientOrderId)
    if (order.live) this.#orders.set(order.clientOrderId, { ...order, state: record.state, inDoubt: typeof record.context['doubtSince'] === 'number' })
    else this.#orders.delete(order.clientOrderId)
    if (order.side === 'buy') this.#bind(order.clientOrderId, order.live ? notional(order.price, minus(order.quantity, order.filled)) : undefined)
  }

  #takePair(record: ActorRecord): void {
    const context = record.context as unknown as TradePairContext
    const { pairId } = context
    if (record.finished) {
      this.#pairs.delete(pairId)
      this.#bind(pairId, undefined)
      if (record.state === 'closed') this.#closed++
      return
    }
    this.#pairs.set(pairId, { pairId, state: record.state, context })
    const rest = minus(context.held, context.sold)
    const open = compare(rest, quantity('0')) > 0 && compare(context.held, quantity('0')) > 0
    this.#bind(pairId, open ? notional(context.buy.price, rest) : undefined)
  }

  #bind(key: string, amount: Money | undefined): void {
    const before = this.#bound.get(key)
    if (before !== undefined) this.#exposure = minus(this.#exposure, before)
    if (amount === undefined) this.#bound.delete(key)
    else {
      this.#bound.set(key, amount)
      this.#exposure = plus(this.#exposure, amount)
    }
  }

  /** Counts a buy that was just approved, until its row is committed. */
  reserve(clientOrderId: string, amount: Money): void {
    this.#provisional.set(clientOrderId, amount)
  }

  /** Nothing is on its way any more: what was reserved and never came is free again. */
  forgetReserved(): void {
    this.#provisional.clear()
  }

  /** Quote money bound in working buys and in what was bought and not sold. */
  exposure(except?: string): Money {
    let total = this.#exposure
    for (const [key, amount] of this.#provisional) if (key !== except) total = plus(total, amount)
    const own = except === undefined ? undefined : this.#bound.get(except)
    return own === undefined ? total : minus(total, own)
  }

  get deskState(): string {
    return this.#deskState
  }

  /** What the desk's own row remembers; undefined before its first. */
  get desk(): DeskContext | undefined {
    return this.#desk
  }

  breaker(name: string): BreakerView | undefined {
    return this.#breakers.get(name)
  }

  breakers(): readonly BreakerView[] {
    return [...this.#breakers.values()]
  }

  /** What keeps entries back now: on an instrument, or anywhere. */
  tripped(instrument?: string): readonly TrippedBreaker[] {
    return this.breakers().flatMap(({ context }) => {
      const { name, instrument: scope, trip } = context
      if (trip === null || (instrument !== undefined && scope !== null && scope !== instrument)) return []
      return [{ name, instrument: scope, reason: trip.reason, since: trip.at, ends: trip.ends, until: trip.until }]
    })
  }

  get kill(): KillView {
    return this.#kill
  }

  /** What the desk may do now. */
  get tradingState(): TradingState {
    const { state, because } = this.#kill
    if (state === 'orders' || state === 'flatten') return { state: 'halted', because }
    if (state === 'entries') return { state: 'reducing', because }
    return this.#deskState === 'trading' ? { state: 'active' } : { state: 'reducing', because: `the desk is ${this.#deskState}` }
  }

  /** Which share of its limits the desk may use: less than all while trading comes back after a kill. */
  get share(): Rate {
    return rate(shareIn(this.#kill.state))
  }

  /** Pairs closed since this process began. */
  get closed(): number {
    return this.#closed
  }

  orders(): readonly LiveOrder[] {
    return [...this.#orders.values()]
  }

  order(clientOrderId: string): LiveOrder | undefined {
    return this.#orders.get(clientOrderId)
  }

  /** An open pair; undefined for one that has ended or never was. */
  pair(pairId: string): OpenPair | undefined {
    return this.#pairs.get(pairId)
  }

  pairs(instrument?: string): readonly OpenPair[] {
    const all = [...this.#pairs.values()]
    return instrument === undefined ? all : all.filter((pair) => pair.context.instrument.id === instrument)
  }
}

const becauseOf = ({ state, context }: ActorRecord): string => {
  const { who, reason } = context as unknown as KillSwitchContext
  return `${killReason} (${state}) by ${who ?? 'nobody'}: ${reason ?? ''}`
}
