/**
 * Looking orders and fills up through ccxt, instrument by instrument: many exchanges list nothing across all of them.
 *
 * L1  "Not found" is said only when every list of every traded instrument was read to its end, every row in them showed its
 *     client order id, cancelled orders are among them, and the exchange was seen to keep such ids at all.
 * L2  What the exchange cannot list is a failure, never an empty list.
 */
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import type { Fill, OrderReport } from '../../domain/order.ts'
import type { Millis } from '../../domain/time.ts'
import type { AccountFills, AccountOrders, OrderReads } from '../../ports/venue.ts'
import type { Calls } from './calls.ts'
import { can, type CcxtExchange } from './exchange.ts'
import { fillsHistory, listsCancelled, ordersHistory, readHistory, readOpen, type HistoryMethod } from './history.ts'
import type { Market, Markets } from './markets.ts'
import { parseOrderName } from './names.ts'
import { quirksOf } from './quirks.ts'
import { accountFills, accountOrders, fillsOfOrder, furthest, reportOf, type Listed } from './rows.ts'
import type { ShownNames } from './shown-names.ts'
import { nameIn, readList } from './wire.ts'

/** How far before a claim the exchange's stamp of its order may lie: whole seconds and clock error, with room. */
const sinceMarginMs: Millis = 60_000
/** A list of one order's fills that is shorter is whole (W2). */
const surelyWhole = 20

export interface OrderReadsParts {
  readonly exchange: CcxtExchange
  readonly calls: Calls
  readonly markets: Markets
  readonly shownNames: ShownNames
  /** The traded instruments. */
  readonly instruments: readonly string[]
}

export class CcxtOrderReads implements OrderReads {
  readonly #parts: OrderReadsParts

  constructor(parts: OrderReadsParts) {
    this.#parts = parts
  }

  async order(venueOrderId: string): Promise<Result<OrderReport | undefined>> {
    const { exchange, markets } = this.#parts
    const name = parseOrderName(venueOrderId)
    if (name === undefined) return malformed(`${JSON.stringify(venueOrderId.slice(0, 80))} is no order id of this venue`)
    if (!can(exchange, 'fetchOrder')) return unable(exchange, 'look an order up by its id')
    const market = await markets.of(name.instrument)
    if (!market.ok) return market
    const report = await this.#one(market.value, (one) => one.fetchOrder(name.id, market.value.symbol))
    return report.ok && report.value !== undefined && report.value.venueOrderId !== venueOrderId ? malformed('the answer speaks of another order') : report
  }

  async findByClientOrderId(clientOrderId: string, since: Millis): Promise<Result<OrderReport | undefined>> {
    const markets = await this.#traded()
    if (!markets.ok) return markets
    const named = await this.#named(markets.value, clientOrderId)
    if (!named.ok || named.value !== undefined) return named
    const listed = await this.#everyOrder(markets.value, since)
    if (!listed.ok) return listed
    const own = listed.value.filter(({ row }) => nameIn(row, 'clientOrderId') === clientOrderId)
    const [found] = furthest(own.flatMap((one) => reportOf(one) ?? []))
    if (found !== undefined) return ok(found)
    // L1: a row of ours that cannot be read, or one that does not show its name, might be the one.
    if (own.length > 0 || listed.value.some(({ row }) => nameIn(row, 'clientOrderId') === undefined)) return malformed('an order in the lists cannot be read, or does not show its client order id')
    return this.#absence()
  }

  /** What it proves that no list has an order (L1). */
  #absence(): Result<undefined> {
    const { exchange, shownNames } = this.#parts
    if (!listsCancelled(exchange)) return unable(exchange, 'list cancelled orders, so a missing one proves nothing')
    return shownNames.areShown ? ok(undefined) : malformed(`${exchange.id} has not yet shown an order with a client order id of this desk, so a missing one proves nothing`)
  }

  /** The list of open orders. One that is accepted and not in the book yet may be missing from it. */
  async workingOrders(): Promise<Result<AccountOrders>> {
    const markets = await this.#traded()
    if (!markets.ok) return markets
    const listed = await this.#open(markets.value)
    return listed.ok ? ok(accountOrders(listed.value)) : listed
  }

  async ordersSince(since: Millis): Promise<Result<AccountOrders>> {
    const markets = await this.#traded()
    if (!markets.ok) return markets
    const listed = await this.#everyOrder(markets.value, since)
    if (!listed.ok) return listed
    const { orders, unread } = accountOrders(listed.value)
    return ok({ orders: orders.filter(({ createdAt }) => createdAt === undefined || createdAt >= since - sinceMarginMs), unread })
  }

  async fillsOf(venueOrderId: string): Promise<Result<readonly Fill[]>> {
    const { exchange, markets } = this.#parts
    const name = parseOrderName(venueOrderId)
    if (name === undefined) return malformed(`${JSON.stringify(venueOrderId.slice(0, 80))} is no order id of this venue`)
    const market = await markets.of(name.instrument)
    if (!market.ok) return market
    const listed = await this.#tradesOf(venueOrderId, name.id, market.value)
    return listed.ok ? fillsOfOrder(listed.value, venueOrderId, quirksOf(exchange).executionId) : listed
  }

  async fillsSince(since: Millis): Promise<Result<AccountFills>> {
    const markets = await this.#traded()
    if (!markets.ok) return markets
    const listed = await this.#histories(fillsHistory(this.#parts.exchange), markets.value, since - sinceMarginMs)
    return listed.ok ? ok(accountFills(listed.value, quirksOf(this.#parts.exchange).executionId)) : listed
  }

  async #traded(): Promise<Result<readonly Market[]>> {
    const { markets, instruments, exchange } = this.#parts
    const listed = await markets.listed(instruments)
    if (!listed.ok || listed.value.length === instruments.length) return listed
    return failed({ kind: 'malformed', detail: `${exchange.id} does not list every traded instrument, so no list of the account is whole` })
  }

  /** Undefined when the exchange says that it knows no such order. */
  async #one(market: Market, ask: (exchange: CcxtExchange) => Promise<unknown>): Promise<Result<OrderReport | undefined>> {
    const read = await this.#parts.calls.read({ what: 'an order', lane: 'reconcile', ask, read: (row) => this.#seen(reportOf({ row, market })) })
    return !read.ok && read.failure.kind === 'notFound' ? ok(undefined) : read
  }

  /** Where the exchange offers it, which few do; what it does not find this way is looked for in the lists. */
  async #named(markets: readonly Market[], clientOrderId: string): Promise<Result<OrderReport | undefined>> {
    if (!can(this.#parts.exchange, 'fetchOrderWithClientOrderId')) return ok(undefined)
    for (const market of markets) {
      const found = await this.#one(market, (exchange) => exchange.fetchOrderWithClientOrderId(clientOrderId, market.symbol))
      if (!found.ok || found.value?.clientOrderId === clientOrderId) return found
    }
    return ok(undefined)
  }

  /** The open orders first: an order may leave that list while the others are read. */
  async #everyOrder(markets: readonly Market[], since: Millis): Promise<Result<readonly Listed[]>> {
    const open = await this.#open(markets)
    if (!open.ok) return open
    const past = await this.#histories(ordersHistory(this.#parts.exchange), markets, since - sinceMarginMs)
    return past.ok ? ok([...open.value, ...past.value]) : past
  }

  async #open(markets: readonly Market[]): Promise<Result<readonly Listed[]>> {
    const { exchange, calls } = this.#parts
    if (!can(exchange, 'fetchOpenOrders')) return unable(exchange, 'list open orders')
    return this.#ofEach(markets, ({ symbol }) => readOpen(calls, symbol))
  }

  async #histories(methods: readonly HistoryMethod[] | undefined, markets: readonly Market[], since: Millis): Promise<Result<readonly Listed[]>> {
    const { exchange, calls } = this.#parts
    if (methods === undefined) return unable(exchange, 'list what has ended')
    const listed: Listed[] = []
    for (const method of methods) {
      const rows = await this.#ofEach(markets, ({ symbol }) => readHistory({ calls, exchange, method, symbol }, Math.max(0, since)))
      if (!rows.ok) return rows
      listed.push(...rows.value)
    }
    return ok(listed)
  }

  async #ofEach(markets: readonly Market[], read: (market: Market) => Promise<Result<readonly unknown[]>>): Promise<Result<readonly Listed[]>> {
    const listed: Listed[] = []
    for (const market of markets) {
      const rows = await read(market)
      if (!rows.ok) return rows
      for (const row of rows.value) {
        this.#parts.shownNames.saw(nameIn(row, 'clientOrderId'))
        listed.push({ row, market })
      }
    }
    return ok(listed)
  }

  /** By the order, where the exchange can and the list is surely whole; else out of the account's list since it was created. */
  async #tradesOf(venueOrderId: string, id: string, market: Market): Promise<Result<readonly Listed[]>> {
    const { exchange, calls } = this.#parts
    if (exchange.has['fetchOrderTrades'] === true) {
      const rows = await calls.read({ what: 'the fills of an order', lane: 'reconcile', ask: (one) => one.fetchOrderTrades(id, market.symbol), read: readList })
      if (!rows.ok || rows.value.length < surelyWhole) return rows.ok ? ok(rows.value.map((row) => ({ row, market }))) : rows
    }
    const order = await this.order(venueOrderId)
    if (!order.ok) return order
    if (order.value?.createdAt === undefined) return malformed('the exchange does not tell when the order was created, so its fills cannot be looked for')
    return this.#histories(fillsHistory(exchange), [market], order.value.createdAt - sinceMarginMs)
  }

  #seen(report: OrderReport | undefined): OrderReport | undefined {
    this.#parts.shownNames.saw(report?.clientOrderId)
    return report
  }
}

type Failed = { readonly ok: false; readonly failure: Failure }

const malformed = (detail: string): Failed => failed({ kind: 'malformed', detail })
const unable = ({ id }: CcxtExchange, what: string): Failed => failed({ kind: 'badRequest', detail: `through ccxt, ${id} cannot ${what}` })
