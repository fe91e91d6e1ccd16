/**
 * Looking orders and fills up (binance-spot.md 5.4, 9, 12). Ids and lists are of one symbol, so what is asked of the account
 * is asked of every traded instrument.
 *
 * L1  "Not found" is said only when every list of every traded instrument was read to its end.
 * L2  Two reads may disagree, since each may lag: of one order the word that is further on counts.
 */
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import { isFinished, type Fill, type OrderReport } from '../../domain/order.ts'
import type { Millis } from '../../domain/time.ts'
import type { AccountFills, AccountOrders, OrderReads } from '../../ports/venue.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import { isUnknownOrder } from './failures.ts'
import { allOrders, myTrades, readSpan, readTradesOfOrder, type HistoryList, type Span } from './history.ts'
import { parseVenueName } from './names.ts'
import { accountFills, accountOrders, fillResult, latestFills, reportOf, rowsOf, type Listed } from './order-rows.ts'
import type { Reads } from './reads.ts'
import type { Symbols } from './symbols.ts'
import { clientOrderIdOf, readPayload } from './wire.ts'

/** How far before a claim the venue's stamp of its order may lie, and how far behind ours its clock: with room. */
const marginMs: Millis = 60_000
/** How far back an order that has left the open list, or is not yet in it, is looked for. */
const recentMs: Millis = 3_600_000
const orderWeight = 4
const openWeight = 6

export interface OrderReadsParts {
  readonly reads: Reads
  readonly symbols: Symbols
  readonly venueClock: VenueClock
  /** The traded instruments. */
  readonly instruments: readonly string[]
}

interface Market {
  readonly instrument: string
  readonly symbol: string
}

export class BinanceOrderReads implements OrderReads {
  readonly #parts: OrderReadsParts

  constructor(parts: OrderReadsParts) {
    this.#parts = parts
  }

  async order(venueOrderId: string): Promise<Result<OrderReport | undefined>> {
    const name = parseVenueName(venueOrderId)
    if (name === undefined) return malformed(`${JSON.stringify(venueOrderId.slice(0, 80))} is no order id of this venue`)
    const symbol = await this.#parts.symbols.symbolOf(name.instrument)
    if (!symbol.ok) return symbol
    const report = await this.#one({ instrument: name.instrument, symbol: symbol.value }, ['orderId', name.id])
    return report.ok && report.value !== undefined && report.value.venueOrderId !== venueOrderId ? malformed('the answer speaks of another order') : report
  }

  /** By its name first, which is cheap and the freshest read; then in the lists, as a cancelled order may have lost its name (8). */
  async findByClientOrderId(clientOrderId: string, since: Millis): Promise<Result<OrderReport | undefined>> {
    const markets = await this.#markets()
    if (!markets.ok) return markets
    for (const market of markets.value) {
      const found = await this.#named(market, clientOrderId)
      if (!found.ok || found.value !== undefined) return found
    }
    if (markets.value.length === 0) return malformed('none of the traded instruments is listed, so nothing can be looked for')
    const rows = await this.#everyOrder(markets.value, since)
    if (!rows.ok) return rows
    const own = accountOrders(rows.value.filter(({ row }) => clientOrderIdOf(row) === clientOrderId))
    // A row of ours that cannot be read is no absence, and neither is one that does not tell its id.
    const unread = own.unread.length > 0 || rows.value.some(({ row }) => clientOrderIdOf(row) === undefined)
    return own.orders.length === 0 && unread ? malformed('an order in the answer cannot be read') : ok(own.orders.at(-1))
  }

  async workingOrders(): Promise<Result<AccountOrders>> {
    const listed = await this.#orders(this.#parts.venueClock.now() - recentMs)
    return listed.ok ? ok({ ...listed.value, orders: listed.value.orders.filter(({ status }) => !isFinished(status)) }) : listed
  }

  async ordersSince(since: Millis): Promise<Result<AccountOrders>> {
    const listed = await this.#orders(since)
    const began = since - marginMs
    return listed.ok ? ok({ ...listed.value, orders: listed.value.orders.filter(({ createdAt }) => createdAt === undefined || createdAt >= began) }) : listed
  }

  async fillsOf(venueOrderId: string): Promise<Result<readonly Fill[]>> {
    const name = parseVenueName(venueOrderId)
    if (name === undefined) return malformed(`${JSON.stringify(venueOrderId.slice(0, 80))} is no order id of this venue`)
    const symbol = await this.#parts.symbols.symbolOf(name.instrument)
    if (!symbol.ok) return symbol
    const rows = await readTradesOfOrder(this.#parts.reads, symbol.value, name.id)
    if (!rows.ok) return rows
    const fills: Fill[] = []
    for (const row of rowsOf(rows.value, symbol.value)) {
      const fill = fillResult(row, name.instrument)
      if (!fill.ok) return fill
      // A filter that the venue ignores must not book another order's fills here.
      if (fill.value.venueOrderId === venueOrderId) fills.push(fill.value)
    }
    return ok(latestFills(fills))
  }

  async fillsSince(since: Millis): Promise<Result<AccountFills>> {
    const markets = await this.#markets()
    if (!markets.ok) return markets
    const rows = await this.#histories(myTrades, markets.value, this.#spanSince(since))
    return rows.ok ? ok(accountFills(rows.value)) : rows
  }

  #markets(): Promise<Result<readonly Market[]>> {
    return this.#parts.symbols.listed(this.#parts.instruments)
  }

  #spanSince(since: Millis): Span {
    return { from: Math.max(0, since - marginMs), to: this.#parts.venueClock.now() + marginMs }
  }

  async #orders(since: Millis): Promise<Result<AccountOrders>> {
    const markets = await this.#markets()
    if (!markets.ok) return markets
    const rows = await this.#everyOrder(markets.value, since)
    return rows.ok ? ok(accountOrders(rows.value)) : rows
  }

  /** The open orders and everything created since: an order may leave the one list and not be in the other yet. */
  async #everyOrder(markets: readonly Market[], since: Millis): Promise<Result<readonly Listed[]>> {
    const open: Listed[] = []
    for (const { instrument, symbol } of markets) {
      const page = await this.#parts.reads.read('orders', { path: '/openOrders', params: [['symbol', symbol]], weight: openWeight })
      if (!page.ok) return page
      open.push(...rowsOf(page.value, symbol).map((row) => ({ row, instrument })))
    }
    const recent = await this.#histories(allOrders, markets, this.#spanSince(since))
    return recent.ok ? ok([...open, ...recent.value]) : recent
  }

  async #histories(list: HistoryList, markets: readonly Market[], span: Span): Promise<Result<readonly Listed[]>> {
    const listed: Listed[] = []
    for (const { instrument, symbol } of markets) {
      const rows = await readSpan(this.#parts.reads, list, symbol, span)
      if (!rows.ok) return rows
      for (const row of rowsOf(rows.value, symbol)) listed.push({ row, instrument })
    }
    return ok(listed)
  }

  /** Whether a cancelled order still answers with the name it was given, or with its cancel's, is uncertain (8). */
  async #named(market: Market, clientOrderId: string): Promise<Result<OrderReport | undefined>> {
    const report = await this.#one(market, ['origClientOrderId', clientOrderId])
    if (!report.ok || report.value === undefined || report.value.clientOrderId === clientOrderId) return report
    return report.value.status === 'cancelled' ? ok({ ...report.value, clientOrderId }) : malformed('the answer speaks of another order')
  }

  async #one({ instrument, symbol }: Market, by: readonly [name: string, value: string]): Promise<Result<OrderReport | undefined>> {
    const { reads } = this.#parts
    const call = { path: '/order', params: [['symbol', symbol] as const, by], weight: orderWeight }
    const answer = await reads.get(call)
    if (!answer.ok) return answer
    if (isUnknownOrder(answer.value)) return ok(undefined)
    if (answer.value.status !== 200) return failed(reads.failure(call, answer.value))
    return reportOf(readPayload('order', answer.value.text), instrument, symbol)
  }
}

const malformed = (detail: string): { readonly ok: false; readonly failure: Failure } => failed({ kind: 'malformed', detail })
