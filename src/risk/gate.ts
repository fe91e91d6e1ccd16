/**
 * The risk gate: pure rules over a request and a view of the desk; the sole maker of `Approved<OrderRequest>`.
 *
 * G1  An exit (a sell that covers what was bought) is judged by the venue's own limits only, never by a limit on
 *     exposure or on the age of a quote: what was bought may always be offered, unless a person has halted the desk.
 * G2  Every denial names its rule and the numbers.
 */
import type { Approved } from '../domain/approved.ts'
import { absolute, compare, dividedBy, minus, money, notional, plus, type Money, type Price, type Rate } from '../domain/decimal.ts'
import { sizeProblem, type Instrument } from '../domain/instrument.ts'
import type { OrderRequest } from '../domain/order.ts'
import type { TradingState } from '../domain/trading-state.ts'
import type { Denied, Verdict } from './verdict.ts'

export interface RiskLimits {
  readonly maxNotionalPerOrder: Money
  /** Most quote money that may be bound in buys that work and in what was bought and not sold. */
  readonly maxExposure: Money
  readonly minNotional: Money
  /** How far from the market an entry's price may be, as a fraction. */
  readonly priceCollar: Rate
  readonly quoteMaxAgeMs: number
}

/** What the rules look at besides the request. */
export interface RiskView {
  readonly instrument: Instrument
  readonly quote: { readonly bid: Price; readonly ask: Price; readonly ageMs: number } | undefined
  /** Quote money bound already, this request not counted. */
  readonly exposure: Money
  readonly trading: TradingState
  /** The least that a buy at that price must be worth to be sellable at its stop; undefined where there is no stop. */
  readonly leastAtStop?: Money | undefined
}

type Rule = (request: OrderRequest, view: RiskView, limits: RiskLimits) => Denied | undefined

const size: Rule = (request, view) => {
  const problem = sizeProblem(view.instrument, request.price, request.quantity)
  return problem && { rule: 'size', detail: `${request.quantity} at ${request.price} is refused by ${view.instrument.id}: ${problem}` }
}

const status: Rule = (request, { instrument }) => {
  const refusing = instrument.status === 'halted' || instrument.status === 'delisted' || instrument.status === 'cancelOnly' || (instrument.status === 'postOnly' && !request.postOnly)
  return refusing ? { rule: 'instrumentStatus', detail: `${instrument.id} is ${instrument.status}` } : undefined
}

const tradingState: Rule = (_request, { trading }) => (trading.state === 'active' ? undefined : { rule: 'tradingState', detail: `no new entries: ${trading.because}` })

/** A halt stops exits too, but for those that close a pair at a person's wish or the kill switch's. */
const halt: Rule = ({ closes }, { trading }) => (trading.state === 'halted' && closes !== true ? { rule: 'tradingState', detail: `no orders: ${trading.because}` } : undefined)

const freshQuote: Rule = (_request, { quote }, limits) => {
  if (quote === undefined) return { rule: 'quoteFreshness', detail: 'there is no quote' }
  return quote.ageMs > limits.quoteMaxAgeMs
    ? { rule: 'quoteFreshness', detail: `the quote is ${quote.ageMs} ms old, the limit is ${limits.quoteMaxAgeMs} ms` }
    : undefined
}

const collar: Rule = (request, { quote }, limits) => {
  if (quote === undefined) return undefined
  const away = dividedBy(minus(quote.bid, request.price), quote.bid)
  const distance = absolute(away)
  return compare(distance, limits.priceCollar) > 0
    ? { rule: 'priceCollar', detail: `${request.price} is ${distance.slice(0, 8)} of the bid ${quote.bid} away, the limit is ${limits.priceCollar}` }
    : undefined
}

const orderNotional: Rule = (request, _view, limits) => {
  const value = notional(request.price, request.quantity)
  if (compare(value, limits.minNotional) < 0) return { rule: 'orderNotional', detail: `${value} is below the least order of ${limits.minNotional}` }
  return compare(value, limits.maxNotionalPerOrder) > 0
    ? { rule: 'orderNotional', detail: `${value} is above the greatest order of ${limits.maxNotionalPerOrder}` }
    : undefined
}

const stopReserve: Rule = (request, { leastAtStop }) => {
  const value = notional(request.price, request.quantity)
  return leastAtStop !== undefined && compare(value, leastAtStop) < 0
    ? { rule: 'stopReserve', detail: `${value} could become too small to be sold at its stop: at least ${leastAtStop} must be spent` }
    : undefined
}

const exposure: Rule = (request, view, limits) => {
  const total = plus(money(view.exposure), notional(request.price, request.quantity))
  return compare(total, limits.maxExposure) > 0
    ? { rule: 'exposure', detail: `${total} would be bound, the limit is ${limits.maxExposure}` }
    : undefined
}

const entryRules: readonly Rule[] = [status, size, tradingState, freshQuote, collar, orderNotional, stopReserve, exposure]
const exitRules: readonly Rule[] = [status, halt, size]

/** Judges one request; evaluated when the order is decided and again before its first byte leaves. */
export const judge = (request: OrderRequest, view: RiskView, limits: RiskLimits): Verdict => {
  for (const rule of request.side === 'buy' ? entryRules : exitRules) {
    const denied = rule(request, view, limits)
    if (denied !== undefined) return denied
  }
  return { approved: request as Approved<OrderRequest> }
}
