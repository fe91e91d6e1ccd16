import type { LedgerEvent } from '../exchange/ledger-event.ts'
import { productOf } from '../exchange/ledger.ts'
import { isLive, type Fill, type Order } from '../exchange/order.ts'
import type { AccountEvents, UserEvent } from './account-events.ts'
import { dec } from './decimals.ts'
import type { OrderLimit } from './limits.ts'
import { numberOf } from './numbers.ts'
import { expiryReasonOf, priceOf, quantityOf, selfTradeModeOf, timeInForceOf, typeOf } from './order-shapes.ts'
import { symbolOf } from './symbols.ts'
import type { Venue } from './venue.ts'

type Core = Pick<Venue, 'exchange' | 'faults' | 'now' | 'after' | 'numberBase'>

/** What has been reported of an order that is not over. */
interface Progress {
  filled: bigint
  value: bigint
}

/**
 * Turns what is in the ledger into the account's events (binance-spot.md 6.3).
 *
 * U1 Events go out when the ledger has been written and before the request that caused them is answered, unless a fault delays them.
 * U2 A market order tells NEW first, then its executions, then its end; one `outboundAccountPosition` follows, with absolute balances.
 * U3 `I` grows with every report; `z` and `Z` are what was executed up to that report, not up to now.
 */
export class UserReports implements AccountEvents {
  readonly #core: Core
  readonly #orderLimit: OrderLimit
  readonly #progress = new Map<string, Progress>()
  readonly #listeners = new Set<(event: UserEvent) => void>()
  #executions = 0
  #changedAt: number

  constructor(core: Core, orderLimit: OrderLimit) {
    const { ledger } = core.exchange
    this.#core = core
    this.#orderLimit = orderLimit
    this.#changedAt = Math.floor(core.now())
    for (const order of ledger.live.values()) this.#progress.set(order.orderId, { filled: order.filled, value: order.filledValue })
    ledger.onCommit((events) => this.#take(events))
  }

  get executionId(): number {
    return this.#core.numberBase + this.#executions
  }

  get accountChangedAt(): number {
    return this.#changedAt
  }

  listen(listener: (event: UserEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #take(events: readonly LedgerEvent[]): void {
    const assets = new Set<string>()
    for (const [index, event] of events.entries()) {
      const order = this.#core.exchange.ledger.orders.get(orderIdOf(event))
      if (event.type === 'wiped') this.#forget(assets)
      if (!order) continue
      for (const asset of assetsOf(event, order)) assets.add(asset)
      this.#report(event, order, events[index + 1])
      if (!isLive(order) && index === events.length - 1) this.#progress.delete(order.orderId)
    }
    if (assets.size > 0) this.#tellBalances([...assets])
  }

  #report(event: LedgerEvent, order: Order, next: LedgerEvent | undefined): void {
    const progress = this.#progress.get(order.orderId) ?? { filled: 0n, value: 0n }
    this.#progress.set(order.orderId, progress)
    if (event.type === 'admitted') return this.#tellOrder(order, { x: 'NEW', X: 'NEW', w: order.terms.limitTicks !== undefined })
    if (event.type === 'amended') return this.#tellOrder(order, { x: 'REPLACED', X: openStatus(progress), w: true })
    if (event.type === 'ended') return event.status === 'FILLED' ? undefined : this.#tellOrder(order, endOf(order))
    if (event.type !== 'filled') return undefined
    if (progress.filled === 0n) this.#orderLimit.giveBack(event.fill.liquidity)
    progress.filled += event.fill.quantity
    progress.value += event.fill.value
    const isDone = next?.type === 'ended' && next.status === 'FILLED'
    return this.#tellOrder(order, { x: 'TRADE', X: isDone ? 'FILLED' : 'PARTIALLY_FILLED', w: !isDone, ...execution(event.fill) })
  }

  #tellOrder(order: Order, change: UserEvent): void {
    this.#executions += 1
    const { filled, value } = this.#progress.get(order.orderId) ?? { filled: 0n, value: 0n }
    const report = { ...unchanged(order, Math.floor(this.#core.now())), z: dec(filled), Z: dec(value), I: this.executionId, ...change }
    if (!this.#core.faults.take('loseUpdates', 'all')) this.#tell(report)
  }

  #tellBalances(assets: readonly string[]): void {
    const { accounts } = this.#core.exchange.ledger
    this.#changedAt = Math.floor(this.#core.now())
    const balances = assets.map((asset) => ({ a: asset, f: dec(accounts.of(asset).free), l: dec(accounts.of(asset).held) }))
    this.#tell({ e: 'outboundAccountPosition', E: this.#changedAt, u: this.#changedAt, B: balances })
  }

  #forget(assets: Set<string>): void {
    this.#progress.clear()
    for (const asset of this.#core.exchange.ledger.accounts.assets()) assets.add(asset)
  }

  #tell(event: UserEvent): void {
    const late = this.#core.faults.take('delayUpdates', 'all')
    const now = (): void => this.#listeners.forEach((listener) => listener(event))
    if (late) this.#core.after(late.durationMs, now)
    else now()
  }
}

function orderIdOf(event: LedgerEvent): string {
  if (event.type === 'filled') return event.fill.orderId
  return 'orderId' in event ? event.orderId : ''
}

function assetsOf(event: LedgerEvent, order: Order): readonly string[] {
  const { base, quote } = productOf(order)
  return event.type === 'filled' ? [base, quote, event.fill.feeAsset] : [order.terms.side === 'BUY' ? quote : base]
}

function openStatus({ filled }: Progress): string {
  return filled > 0n ? 'PARTIALLY_FILLED' : 'NEW'
}

/** On a cancel `c` names the request and `C` the order (binance-spot.md 6.3). */
function endOf(order: Order): UserEvent {
  const { status, cancelId, terms } = order
  if (status !== 'CANCELLED') return { x: 'EXPIRED', X: 'EXPIRED', eR: expiryReasonOf(order) }
  return { x: 'CANCELED', X: 'CANCELED', ...(cancelId === undefined ? {} : { c: cancelId, C: terms.clientOrderId }) }
}

function execution({ price, quantity, value, fee, feeAsset, tradeId, liquidity }: Fill): UserEvent {
  return { l: dec(quantity), L: dec(price), Y: dec(value), n: dec(fee), N: feeAsset, t: Number(tradeId), m: liquidity === 'MAKER' }
}

/** Every field of an executionReport that this event does not change. */
function unchanged(order: Order, nowMs: number): UserEvent {
  const { terms } = order
  const none = dec(0n)
  return {
    e: 'executionReport',
    E: nowMs,
    s: symbolOf(productOf(order)),
    c: terms.clientOrderId,
    S: terms.side,
    o: typeOf(terms),
    f: timeInForceOf(terms),
    q: dec(quantityOf(order)),
    p: dec(priceOf(order)),
    P: none,
    F: none,
    g: -1,
    C: '',
    r: 'NONE',
    i: numberOf(order.orderId),
    l: none,
    L: none,
    n: '0',
    N: null,
    T: order.updatedAt,
    t: -1,
    w: false,
    m: false,
    M: false,
    O: order.createdAt,
    Y: none,
    Q: dec(terms.quoteSize ?? 0n),
    W: order.createdAt,
    V: selfTradeModeOf(terms),
  }
}
