/**
 * The simulated account as its events lead to it. The same events give the same account, always.
 *
 * A1  Opening + fills - fees = free + held, asset by asset; nothing is ever below zero: an event that would break this throws.
 * A2  One client order id names one order for ever: here while the order is remembered, in the ledger afterwards (PL3).
 * A3  Of the ended orders the last `endedKept` are remembered with their fills, whatever their age. A desk asks for the orders
 *     that are live in its rows and for its last minutes and hours; both are far fewer.
 */
import { compare, isZero, minus, money, notional, plus, quantity, zero, type Quantity } from '../../domain/decimal.ts'
import type { Balance, Fill, OrderReport } from '../../domain/order.ts'
import type { PaperEntry, PaperEvent, PaperOrder } from '../../ports/paper-ledger.ts'
import { receivedBy } from './settlement.ts'

export const endedKept = 5_000

type Of<T extends PaperEvent['type']> = Extract<PaperEvent, { readonly type: T }>

/** An order that nothing has happened to yet. */
export const untouched = { status: 'open', executed: quantity('0'), value: money('0'), owed: money('0'), charged: money('0'), fills: [] } as const

/** Thrown when a ledger's events cannot all be true. */
export class LedgerBroken extends Error {
  override readonly name = 'LedgerBroken'
}

export class PaperAccount {
  #id = ''
  #position = 0
  readonly #balances = new Map<string, Balance>()
  /** All remembered orders, oldest first. */
  readonly #orders = new Map<string, PaperOrder>()
  readonly #byClient = new Map<string, string>()
  readonly #working = new Set<string>()
  #ended: string[] = []

  /** Empty until the account was opened. */
  get id(): string {
    return this.#id
  }

  /** The last event that was taken. */
  get position(): number {
    return this.#position
  }

  get balances(): readonly Balance[] {
    return [...this.#balances.values()]
  }

  get orders(): readonly PaperOrder[] {
    return [...this.#orders.values()]
  }

  get working(): readonly PaperOrder[] {
    return [...this.#working].map((id) => this.#known(id))
  }

  order(venueOrderId: string): PaperOrder | undefined {
    return this.#orders.get(venueOrderId)
  }

  named(clientOrderId: string): PaperOrder | undefined {
    return this.#orders.get(this.#byClient.get(clientOrderId) ?? '')
  }

  free(asset: string): Quantity {
    return this.#balances.get(asset)?.free ?? quantity('0')
  }

  /**
   * Takes the next event, and gives the order that it changed.
   * @throws LedgerBroken
   */
  take({ position, event }: PaperEntry): PaperOrder | undefined {
    if (position <= this.#position) throw new LedgerBroken(`event ${position} comes after ${this.#position}`)
    const order = this.#apply(event)
    this.#position = position
    if (order !== undefined) this.#keep(order)
    return order
  }

  #apply(event: PaperEvent): PaperOrder | undefined {
    if (event.type === 'placed') return this.#place(event)
    if (event.type === 'filled') return this.#fill(event)
    if (event.type === 'amended') return this.#amend(event)
    if (event.type === 'ended') return this.#end(event)
    if (event.type === 'opened') this.#restore({ ...event, orders: [] })
    if (event.type === 'snapshot') this.#restore(event)
    return undefined
  }

  #place({ at, venueOrderId, request, base, quote, terms, hold }: Of<'placed'>): PaperOrder {
    const order: PaperOrder = { ...request, ...untouched, venueOrderId, base, quote, terms, hold, createdAt: at }
    this.#lock(order, hold)
    return order
  }

  #fill(event: Of<'filled'>): PaperOrder {
    const { venueOrderId, tradeId, price, quantity: of, liquidity, fee, feeAsset, owed, hold, at } = event
    const order = this.#known(venueOrderId)
    const { instrument, side, base, quote } = order
    const executed = plus(order.executed, of)
    if (compare(executed, order.quantity) > 0) throw new LedgerBroken(`${venueOrderId} is filled beyond its quantity`)
    const worth = notional(price, of)
    this.#lock(order, minus(hold, order.hold))
    this.#add(side === 'buy' ? quote : base, quantity(minus(zero, side === 'buy' ? worth : of)))
    this.#add(receivedBy(order), side === 'buy' ? of : quantity(worth))
    this.#add(feeAsset, quantity(minus(zero, fee)))
    for (const asset of [base, quote]) this.#prove(asset)
    const fill: Fill = { tradeId, venueOrderId, instrument, side, quantity: of, price, fee, feeAsset, liquidity, at }
    const status = compare(executed, order.quantity) === 0 ? 'filled' : 'open'
    return { ...order, status, executed, value: plus(order.value, worth), owed, charged: plus(order.charged, fee), hold, fills: [...order.fills, fill] }
  }

  #amend({ venueOrderId, price, quantity: of, hold }: Of<'amended'>): PaperOrder {
    const order = this.#known(venueOrderId)
    this.#lock(order, minus(hold, order.hold))
    return { ...order, price, quantity: of, hold }
  }

  #end({ venueOrderId, reason }: Of<'ended'>): PaperOrder {
    const order = this.#known(venueOrderId)
    this.#lock(order, quantity(minus(zero, order.hold)))
    return { ...order, status: 'cancelled', hold: quantity('0'), reason }
  }

  #restore({ accountId, balances, orders }: Pick<Of<'snapshot'>, 'accountId' | 'balances' | 'orders'>): void {
    this.#id = accountId
    for (const map of [this.#balances, this.#orders, this.#byClient, this.#working]) map.clear()
    this.#ended = []
    for (const balance of balances) this.#balances.set(balance.asset, balance)
    for (const order of orders) this.#keep(order)
  }

  #keep(order: PaperOrder): void {
    const { venueOrderId, clientOrderId, status } = order
    const ends = status !== 'open' && (this.#working.delete(venueOrderId) || !this.#orders.has(venueOrderId))
    this.#orders.set(venueOrderId, order)
    this.#byClient.set(clientOrderId, venueOrderId)
    if (status === 'open') this.#working.add(venueOrderId)
    if (ends) this.#ended.push(venueOrderId)
    const oldest = this.#ended.length > endedKept ? this.#ended.shift() : undefined
    if (oldest === undefined) return
    this.#byClient.delete(this.#known(oldest).clientOrderId)
    this.#orders.delete(oldest)
  }

  #known(venueOrderId: string): PaperOrder {
    const order = this.#orders.get(venueOrderId)
    if (order === undefined) throw new LedgerBroken(`there is no order ${venueOrderId}`)
    return order
  }

  /** Moves so much more of what the order pays with from free to held. */
  #lock(order: PaperOrder, more: Quantity): void {
    const asset = order.side === 'buy' ? order.quote : order.base
    const { free, held } = this.#balance(asset)
    this.#balances.set(asset, { asset, free: minus(free, more), held: plus(held, more) })
    if (!isZero(more) && !more.startsWith('-')) this.#prove(asset)
  }

  #add(asset: string, amount: Quantity): void {
    const { free, held } = this.#balance(asset)
    this.#balances.set(asset, { asset, free: plus(free, amount), held })
  }

  #balance(asset: string): Balance {
    return this.#balances.get(asset) ?? { asset, free: quantity('0'), held: quantity('0') }
  }

  #prove(asset: string): void {
    const { free, held } = this.#balance(asset)
    if (free.startsWith('-') || held.startsWith('-')) throw new LedgerBroken(`the account would hold ${free} ${asset} free and ${held} held`)
  }
}

/** The venue's word on an order: cumulative. */
export const reportOf = ({ venueOrderId, clientOrderId, instrument, side, status, executed, price, quantity: total, createdAt, reason }: PaperOrder): OrderReport => ({
  venueOrderId,
  clientOrderId,
  instrument,
  side,
  status,
  executed,
  price,
  quantity: total,
  createdAt,
  ...(reason !== undefined && { reason }),
})
