import { formatAmount } from './amounts.ts'
import { Accounts } from './accounts.ts'
import type { JournalFile } from './journal-file.ts'
import { decode, encode, type LedgerEvent } from './ledger-event.ts'
import { isLive, type Fill, type Order } from './order.ts'
import { productNamed } from './products.ts'

/** What is known of one client order id: how often it was written to us and, if it was refused, why. */
export interface ClientIdRecord {
  writes: number
  firstAt: number
  orderId?: string
  refusal?: string
}

/**
 * The judge: orders, fills, balances and client order ids, folded from the journal's events.
 *
 * L1 An event is written and applied before anyone is told.
 * L2 For every asset: free + held = opening + received - given - fees.
 * Bound: `MAX_CLIENT_IDS` client order ids; `full` says when it is reached and nothing more is admitted.
 */
export class Ledger {
  static readonly MAX_CLIENT_IDS = 500_000
  readonly accounts = new Accounts()
  readonly orders = new Map<string, Order>()
  /** The same orders, oldest first. */
  readonly orderList: Order[] = []
  readonly live = new Map<string, Order>()
  readonly clientIds = new Map<string, ClientIdRecord>()
  readonly fills: Fill[] = []
  readonly opening = new Map<string, bigint>()
  readonly #journal: JournalFile
  readonly #listeners = new Set<(events: readonly LedgerEvent[]) => void>()

  /** Folds what the journal holds; a journal without a beginning gets `opening` balances (atoms by asset). */
  constructor(journal: JournalFile, opening: Readonly<Record<string, bigint>>, nowMs: number) {
    this.#journal = journal
    for (const line of journal.lines) this.#apply(decode(line))
    if (journal.lines.length === 0) this.commit([{ type: 'opened', at: nowMs, balances: opening }])
  }

  get full(): boolean {
    return this.clientIds.size >= Ledger.MAX_CLIENT_IDS
  }

  /** Calls the listener with the events of every commit, once they are written. */
  onCommit(listener: (events: readonly LedgerEvent[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Writes the events in one append, having applied them in order: a later one may be made from what an earlier one left. Throws JournalFault,
   * after which the process must end.
   */
  commit(events: Iterable<LedgerEvent>): void {
    const lines: string[] = []
    const applied: LedgerEvent[] = []
    for (const event of events) {
      this.#apply(event)
      applied.push(event)
      if (this.#journal.keeps) lines.push(encode(event, this.#touched(event)))
    }
    this.#journal.append(lines)
    for (const listener of this.#listeners) listener(applied)
  }

  close(): void {
    this.#journal.close()
  }

  #apply(event: LedgerEvent): void {
    switch (event.type) {
      case 'opened':
        this.#open(event.balances)
        return
      case 'wiped':
        this.#wipe()
        this.#open(event.balances)
        return
      case 'requested':
        this.#client(event.clientOrderId, event.at).writes += 1
        return
      case 'refused':
        this.#client(event.clientOrderId, event.at).refusal ??= event.reason
        return
      case 'admitted':
        this.#admit(event)
        return
      case 'filled':
        this.#fill(event)
        return
      case 'cancelRequested':
        this.#change(event.orderId, event.at, (order) => (order.status = 'CANCEL_QUEUED'))
        return
      case 'amended':
        this.#amend(event)
        return
      case 'ended':
        this.#end(event)
    }
  }

  #open(balances: Readonly<Record<string, bigint>>): void {
    for (const [asset, atoms] of Object.entries(balances)) {
      this.opening.set(asset, atoms)
      this.accounts.credit(asset, atoms)
    }
  }

  #wipe(): void {
    this.accounts.clear()
    for (const kept of [this.orders, this.live, this.clientIds, this.opening]) kept.clear()
    this.orderList.length = 0
    this.fills.length = 0
  }

  #amend({ orderId, at, clientOrderId, quantity, limitTicks, hold }: Extract<LedgerEvent, { type: 'amended' }>): void {
    this.#change(orderId, at, (order) => {
      this.#release(order, hold)
      order.terms = { ...order.terms, clientOrderId, quantity, ...(limitTicks !== undefined && { limitTicks }) }
      order.amendments = (order.amendments ?? 0) + 1
    })
    this.#client(clientOrderId, at).orderId = orderId
  }

  #admit(event: Extract<LedgerEvent, { type: 'admitted' }>): void {
    const { orderId, terms, at, hold } = event
    const order: Order = { orderId, terms, createdAt: at, updatedAt: at, status: 'OPEN', filled: 0n, filledValue: 0n, fees: 0n, fillCount: 0, hold, endMessage: '' }
    this.accounts.hold(holdAsset(order), hold)
    this.orders.set(orderId, order)
    this.orderList.push(order)
    this.live.set(orderId, order)
    this.#client(terms.clientOrderId, at).orderId = orderId
  }

  #fill({ fill, holdAfter }: Extract<LedgerEvent, { type: 'filled' }>): void {
    this.#change(fill.orderId, fill.at, (order) => {
      const product = productOf(order)
      this.#release(order, holdAfter)
      const bought = fill.side === 'BUY'
      this.accounts.credit(product.base, bought ? fill.quantity : -fill.quantity)
      this.accounts.credit(product.quote, bought ? -fill.value : fill.value)
      this.accounts.credit(fill.feeAsset, -fill.fee)
      order.filled += fill.quantity
      order.filledValue += fill.value
      if (fill.feeAsset === product.quote) order.fees += fill.fee
      order.fillCount += 1
      order.lastFillAt = fill.at
    })
    this.fills.push(fill)
  }

  #end(event: Extract<LedgerEvent, { type: 'ended' }>): void {
    this.#change(event.orderId, event.at, (order) => {
      this.#release(order, 0n)
      order.status = event.status
      order.endMessage = event.message
      if (event.cancelId !== undefined) order.cancelId = event.cancelId
    })
    this.live.delete(event.orderId)
  }

  #release(order: Order, holdAfter: bigint): void {
    this.accounts.hold(holdAsset(order), holdAfter - order.hold)
    order.hold = holdAfter
  }

  #change(orderId: string, at: number, change: (order: Order) => void): void {
    const order = this.orders.get(orderId)
    if (!order || !isLive(order)) throw new Error(`order ${orderId} is not live`)
    order.updatedAt = at
    change(order)
  }

  #client(clientOrderId: string, at: number): ClientIdRecord {
    const known = this.clientIds.get(clientOrderId)
    if (known) return known
    const fresh: ClientIdRecord = { writes: 0, firstAt: at }
    this.clientIds.set(clientOrderId, fresh)
    return fresh
  }

  #touched(event: LedgerEvent): Record<string, unknown> {
    const order = 'orderId' in event ? this.orders.get(event.orderId) : event.type === 'filled' ? this.orders.get(event.fill.orderId) : undefined
    if (!order) return {}
    const { base, quote } = productOf(order)
    const touched = new Set([base, quote, ...(event.type === 'filled' ? [event.fill.feeAsset] : [])])
    return Object.fromEntries([...touched].map((asset) => [asset, { free: formatAmount(this.accounts.of(asset).free), held: formatAmount(this.accounts.of(asset).held) }]))
  }
}

/** The product of an admitted order. Throws when the journal names one that is not listed. */
export function productOf(order: Order) {
  const product = productNamed(order.terms.productId)
  if (!product) throw new Error(`product ${order.terms.productId} is not listed`)
  return product
}

function holdAsset(order: Order): string {
  const product = productOf(order)
  return order.terms.side === 'BUY' ? product.quote : product.base
}
