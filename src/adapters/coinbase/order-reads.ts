/** Looking orders and fills up (coinbase-advanced-trade.md 5.11 to 5.13). */
import { failed, ok, type Failure, type Result } from '../../domain/failure.ts'
import { isFinished, type Fill, type OrderReport } from '../../domain/order.ts'
import { formatTimestamp, type Millis } from '../../domain/time.ts'
import type { AccountFills, AccountOrders, OrderReads } from '../../ports/venue.ts'
import { isUnknownOrder } from './failures.ts'
import { allPages, pageOf, type Page } from './pages.ts'
import type { Query, Rest } from './rest.ts'
import { fillOf, isSpot, orderReport } from './to-domain.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import { clientOrderIdOf, nameIn, readFill, readOrder, readPayload, type FillRow } from './wire.ts'

const orderPage = '250'
const fillPage = '250'
/** How far before a claim the venue's stamp of its order may lie: clock error and rounding, with room. */
const sinceMarginMs = 60_000
/** How far back an order that is not yet in the book is looked for: the OPEN filter leaves it out (5.11). */
const recentMs = 3_600_000

export class CoinbaseOrderReads implements OrderReads {
  readonly #rest: Rest
  readonly #venueClock: VenueClock

  constructor(rest: Rest, venueClock: VenueClock) {
    this.#rest = rest
    this.#venueClock = venueClock
  }

  async order(venueOrderId: string): Promise<Result<OrderReport | undefined>> {
    const path = `/orders/historical/${encodeURIComponent(venueOrderId)}`
    const answer = await this.#rest.get({ path })
    if (!answer.ok) return answer
    if (isUnknownOrder(answer.value)) return ok(undefined)
    if (answer.value.status !== 200) return failed(this.#rest.failure({ path }, answer.value))
    const report = reportOf(readPayload('order', answer.value.text)?.order)
    return report.ok && report.value.venueOrderId !== venueOrderId ? malformed('the answer speaks of another order') : report
  }

  /** There is no look-up by client order id (5.7): the whole list is read and compared here. */
  async findByClientOrderId(clientOrderId: string, since: Millis): Promise<Result<OrderReport | undefined>> {
    const isIt = (row: unknown): boolean => clientOrderIdOf(row) === clientOrderId
    const rows = await this.#orders(this.#sinceQuery(since), isIt)
    if (!rows.ok) return rows
    const found = rows.value.find((row) => isIt(row))
    if (found !== undefined) return reportOf(found)
    // A row that does not tell its id might be the one: that is no proof of absence.
    return rows.value.some((row) => clientOrderIdOf(row) === undefined) ? malformed('an order in the answer cannot be read') : ok(undefined)
  }

  /** The recent list is read second and counts: an order may leave the book, or enter it, in between. */
  async workingOrders(): Promise<Result<AccountOrders>> {
    const open = await this.#reports([['order_status', 'OPEN']])
    if (!open.ok) return open
    const recent = await this.#reports([['start_date', formatTimestamp(this.#venueClock.now() - recentMs)]])
    if (!recent.ok) return recent
    const latest = latestBy([...open.value.orders, ...recent.value.orders], ({ venueOrderId }) => venueOrderId)
    return ok({ orders: latest.filter(({ status }) => !isFinished(status)), unread: [...open.value.unread, ...recent.value.unread] })
  }

  async ordersSince(since: Millis): Promise<Result<AccountOrders>> {
    return this.#reports(this.#sinceQuery(since))
  }

  async fillsSince(since: Millis): Promise<Result<AccountFills>> {
    const rows = await allPages((cursor) => this.#fillPage([['start_sequence_timestamp', formatTimestamp(since - sinceMarginMs)]], cursor))
    if (!rows.ok) return rows
    const fills: Fill[] = []
    const odd: AccountFills['odd'][number][] = []
    const unread: AccountFills['unread'][number][] = []
    for (const raw of rows.value) {
      const row = readFill(raw)
      const fill = row === undefined ? undefined : fillOf(row)
      if (row !== undefined && !isPlain(row)) odd.push({ tradeId: row.entry_id, venueOrderId: row.order_id, detail: `fill ${row.entry_id} is of type ${row.trade_type ?? ''}` })
      else if (fill === undefined) unread.push({ tradeId: named(raw, 'entry_id'), venueOrderId: named(raw, 'order_id') })
      else fills.push(fill)
    }
    return ok({ fills: latestBy(fills, ({ tradeId }) => tradeId), odd, unread })
  }

  async fillsOf(venueOrderId: string): Promise<Result<readonly Fill[]>> {
    const rows = await allPages((cursor) => this.#fillPage([['order_ids', venueOrderId]], cursor))
    if (!rows.ok) return rows
    const read = rows.value.map((row) => readFill(row))
    // A filter that the venue ignores (3) must not book another order's fills here.
    const fills = everyOne(read.filter((row) => row === undefined || row.order_id === venueOrderId).map((row) => fillResult(row)))
    return fills.ok ? ok(latestBy(fills.value, ({ tradeId }) => tradeId)) : fills
  }

  /** There is no has_next: the list ends with an empty cursor or an empty page (5.13). */
  async #fillPage(filter: Query, cursor: string | undefined): Promise<Result<Page<unknown>>> {
    const query: Query = [...filter, ['limit', fillPage], ...cursorQuery(cursor)]
    const page = await this.#rest.read('fills', { path: '/orders/historical/fills', query })
    if (!page.ok) return page
    const { fills, cursor: next } = page.value
    return ok({ rows: fills, next: fills.length === 0 ? undefined : next })
  }

  async #reports(filter: Query): Promise<Result<AccountOrders>> {
    const rows = await this.#orders(filter)
    if (!rows.ok) return rows
    const orders: OrderReport[] = []
    const unread: AccountOrders['unread'][number][] = []
    for (const row of rows.value.filter((one) => !isOtherMarket(one))) {
      const report = reportOf(row)
      if (report.ok) orders.push(report.value)
      else unread.push({ venueOrderId: named(row, 'order_id'), clientOrderId: clientOrderIdOf(row) })
    }
    return ok({ orders: latestBy(orders, ({ venueOrderId }) => venueOrderId), unread })
  }

  async #orders(filter: Query, until?: (row: unknown) => boolean): Promise<Result<readonly unknown[]>> {
    return allPages(async (cursor) => {
      const page = await this.#rest.read('orders', { path: '/orders/historical/batch', query: [...filter, ['limit', orderPage], ...cursorQuery(cursor)] })
      return page.ok ? pageOf(page.value.orders, page.value) : page
    }, until)
  }

  #sinceQuery(since: Millis): Query {
    return [['start_date', formatTimestamp(since - sinceMarginMs)]]
  }
}

const cursorQuery = (cursor: string | undefined): Query => (cursor === undefined ? [] : [['cursor', cursor]])

/** An id, which a row must have; undefined when it cannot be told. */
const named = (row: unknown, field: 'order_id' | 'entry_id'): string | undefined => {
  const name = nameIn(row, field)
  return name === '' ? undefined : name
}

const malformed = (detail: string): { readonly ok: false; readonly failure: Failure } => failed({ kind: 'malformed', detail })

/** Futures and others share the list with spot; they are not the desk's. */
const isOtherMarket = (row: unknown): boolean => {
  const order = readOrder(row)
  return order !== undefined && !isSpot(order)
}

const reportOf = (row: unknown): Result<OrderReport> => {
  const order = readOrder(row)
  const report = order === undefined ? undefined : orderReport(order)
  return report === undefined ? malformed('an order in the answer cannot be read') : ok(report)
}

const isPlain = ({ trade_type: type }: FillRow): boolean => type === undefined || type === 'FILL'

/** A reversal, a correction or a synthetic row changes money in a way that only a person can judge (5.13). */
const fillResult = (row: FillRow | undefined): Result<Fill> => {
  if (row === undefined) return malformed('a fill in the answer cannot be read')
  if (!isPlain(row)) return malformed(`fill ${row.entry_id} is of type ${row.trade_type ?? ''} and needs a person`)
  const fill = fillOf(row)
  return fill === undefined ? malformed(`fill ${row.entry_id} cannot be read`) : ok(fill)
}

/** Rows that move between pages come twice: the one read last counts. */
const latestBy = <T>(rows: readonly T[], keyOf: (row: T) => string): readonly T[] => [...new Map(rows.map((row) => [keyOf(row), row])).values()]

/** All values, or the first failure: half a list is none. */
const everyOne = <T>(results: readonly Result<T>[]): Result<readonly T[]> => {
  const values: T[] = []
  for (const result of results) {
    if (!result.ok) return result
    values.push(result.value)
  }
  return ok(values)
}
