/**
 * What the rows say now, folded from committed turns: the working orders, the open pairs, and the money they bind.
 * Deciding reads it; nobody writes to it but the journal's own news.
 */
import type { TrippedBreaker } from '../domain/breaker.ts'
import { compare, minus, money, notional, one, plus, quantity, rate, sum, times, type Money, type Rate } from '../domain/decimal.ts'
import { amountOf, withBooked, type Amounts } from '../domain/books.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { ActorRecord, BookedTotal, OrderRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { TradingState } from '../domain/trading-state.ts'
import type { AccountContext } from '../machines/account/account-context.ts'
import type { BreakerContext } from '../machines/breaker/breaker-context.ts'
import type { DeskContext } from '../machines/desk/desk-context.ts'
import { shareIn, type KillSwitchContext } from '../machines/kill-switch/kill-switch-context.ts'
import type { TradePairContext } from '../machines/trade-pair/trade-pair-context.ts'
import { Bound } from './bound.ts'

export interface LiveOrder extends OrderRecord {
  readonly state: string
  readonly inDoubt: boolean
  /** Since when its fate has been unknown, wall time; null while it is known. */
  readonly doubtSince: Millis | null
  /** In doubt for so long that a person was called. */
  readonly flagged: boolean
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
  /** Quote money that working buys and bought pairs bind, in all and by instrument. */
  readonly #bound = new Bound()
  /** The same of working buys alone. */
  readonly #working = new Bound()
  /** Approved in a turn that is not committed yet. */
  readonly #provisional = new Map<string, { readonly instrument: string; readonly amount: Money }>()
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
    if (order.live) this.#orders.set(order.clientOrderId, { ...order, state: record.state, ...doubtOf(record) })
    else this.#orders.delete(order.clientOrderId)
    if (order.side !== 'buy') return
    const rest = order.live ? notional(order.price, minus(order.quantity, order.filled)) : undefined
    for (const bound of [this.#bound, this.#working]) bound.set(order.clientOrderId, order.instrument, rest)
  }

  #takePair(record: ActorRecord): void {
    const context = record.context as unknown as TradePairContext
    const { pairId } = context
    if (record.finished) {
      this.#pairs.delete(pairId)
      this.#bound.set(pairId, context.instrument.id, undefined)
      if (record.state === 'closed') this.#closed++
      return
    }
    this.#pairs.set(pairId, { pairId, state: record.state, context })
    const rest = minus(context.held, context.sold)
    const open = compare(rest, quantity('0')) > 0 && compare(context.held, quantity('0')) > 0
    this.#bound.set(pairId, context.instrument.id, open ? notional(context.buy.price, rest) : undefined)
  }

  /** Counts a buy that was just approved, until its row is committed. */
  reserve(clientOrderId: string, instrument: string, amount: Money): void {
    this.#provisional.set(clientOrderId, { instrument, amount })
  }

  /** Nothing is on its way any more: what was reserved and never came is free again. */
  forgetReserved(): void {
    this.#provisional.clear()
  }

  /** Quote money bound in working buys and in what was bought and not sold; on one instrument, or in all. */
  exposure(except?: string, instrument?: string): Money {
    return this.#with(this.#bound, except, instrument)
  }

  #with(bound: Bound, except: string | undefined, instrument: string | undefined): Money {
    let total = bound.total(instrument)
    for (const [key, one] of this.#provisional) if (key !== except && (instrument === undefined || one.instrument === instrument)) total = plus(total, one.amount)
    const own = except === undefined ? undefined : bound.get(except)
    return own === undefined ? total : minus(total, own)
  }

  /** Orders that work or are about to. */
  openOrders(except?: string): number {
    const both = [...this.#provisional.keys()].filter((key) => !this.#orders.has(key))
    const all = this.#orders.size + both.length
    return except !== undefined && (this.#orders.has(except) || both.includes(except)) ? all - 1 : all
  }

  /** Quote money that no working buy has spoken for; undefined while the account was never compared, or while it is in doubt. */
  freeQuote(instruments: Iterable<Instrument>, { quote }: Pick<Instrument, 'quote'>, fee: Rate, except?: string): Money | undefined {
    const account = this.#account
    if (account?.opening[quote] === undefined || account.doubt !== null) return undefined
    const total = plus(plus(amountOf(account.opening, quote), amountOf(account.external, quote)), amountOf(this.#booked, quote))
    const spoken = [...instruments].filter((one) => one.quote === quote).map((one) => this.#with(this.#working, except, one.id))
    return minus(total, money(times(sum([money('0'), ...spoken]), plus(rate(one), fee))))
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

const doubtOf = ({ context }: ActorRecord): Pick<LiveOrder, 'inDoubt' | 'doubtSince' | 'flagged'> => {
  const { doubtSince } = context
  const inDoubt = typeof doubtSince === 'number'
  return { inDoubt, doubtSince: inDoubt ? doubtSince : null, flagged: context['flagged'] === true }
}

const becauseOf = ({ state, context }: ActorRecord): string => {
  const { who, reason } = context as unknown as KillSwitchContext
  return `${killReason} (${state}) by ${who ?? 'nobody'}: ${reason ?? ''}`
}
