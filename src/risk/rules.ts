/** The rules of the gate, each its own function: a request, what the desk sees, the limits; the denial with its numbers, or nothing. */
import type { TrippedBreaker } from '../domain/breaker.ts'
import { absolute, compare, dividedBy, isPositive, minus, notional, one, plus, quantity, rate, times, type Money, type Price, type Quantity, type Rate } from '../domain/decimal.ts'
import { floorToStep, isSellable, sizeProblem, type Instrument } from '../domain/instrument.ts'
import type { OrderRequest } from '../domain/order.ts'
import type { TradingState } from '../domain/trading-state.ts'
import type { Denied } from './verdict.ts'

export interface RiskLimits {
  readonly maxNotionalPerOrder: Money
  /** Most quote money that may be bound in buys that work and in what was bought and not sold: in all, and on one instrument. */
  readonly maxExposure: Money
  readonly maxInstrumentExposure: Money
  readonly minNotional: Money
  /** Most orders that may work at once, and that may begin within a minute. */
  readonly maxOpenOrders: number
  readonly maxOrdersPerMinute: number
  /** How far from the market an entry's price may be, as a fraction. */
  readonly priceCollar: Rate
  /** The widest spread, as a fraction of the bid, on which is bought. */
  readonly maxSpread: Rate
  /** How far through the market an order may be priced that takes what is there, as a fraction of the touch. */
  readonly maxSlippage: Rate
  /** What must be wanted at the bid, in quote money, for an entry: what is bought must find somebody to sell to. Zero asks for nothing. */
  readonly minDepth: Money
  readonly quoteMaxAgeMs: number
}

/** What the rules look at besides the request. */
export interface RiskView {
  readonly instrument: Instrument
  readonly quote: { readonly bid: Price; readonly ask: Price; readonly bidQuantity?: Quantity | undefined; readonly ageMs: number } | undefined
  /** Quote money bound already, this request not counted: in all, and on the instrument. */
  readonly exposure: Money
  readonly instrumentExposure: Money
  /** Orders that work or are about to, and orders begun within the last minute, this one not counted. */
  readonly openOrders: number
  readonly ordersLastMinute: number
  /** Quote money that no working buy has spoken for; undefined while the account was never compared. */
  readonly freeQuote: Money | undefined
  /** The account's dearer fee rate. */
  readonly takerFee: Rate
  readonly trading: TradingState
  /** The least that a buy at that price must be worth to be sellable at its stop; undefined where there is no stop. */
  readonly leastAtStop?: Money | undefined
  /** Those that guard the instrument or the whole desk, and are tripped. */
  readonly breakers: readonly Pick<TrippedBreaker, 'name' | 'reason'>[]
}

export type Rule = (request: OrderRequest, view: RiskView, limits: RiskLimits) => Denied | undefined

export const size: Rule = (request, view) => {
  const problem = sizeProblem(view.instrument, request.price, request.quantity)
  return problem && { rule: 'size', detail: `${request.quantity} at ${request.price} is refused by ${view.instrument.id}: ${problem}` }
}

export const status: Rule = (request, { instrument }) => {
  const refusing = instrument.status === 'halted' || instrument.status === 'delisted' || instrument.status === 'cancelOnly' || (instrument.status === 'postOnly' && !request.postOnly)
  return refusing ? { rule: 'instrumentStatus', detail: `${instrument.id} is ${instrument.status}` } : undefined
}

export const tradingState: Rule = (_request, { trading }) => (trading.state === 'active' ? undefined : { rule: 'tradingState', detail: `no new entries: ${trading.because}` })

/** A halt stops exits too, but for those that close a pair at a person's wish or the kill switch's. */
export const halt: Rule = ({ closes }, { trading }) => (trading.state === 'halted' && closes !== true ? { rule: 'tradingState', detail: `no orders: ${trading.because}` } : undefined)

export const breaker: Rule = (_request, { breakers: [first] }) => first && { rule: 'breaker', detail: `no new entries: ${first.name} is tripped: ${first.reason}` }

export const freshQuote: Rule = (_request, { quote }, limits) => {
  if (quote === undefined) return { rule: 'quoteFreshness', detail: 'there is no quote' }
  return quote.ageMs > limits.quoteMaxAgeMs ? { rule: 'quoteFreshness', detail: `the quote is ${quote.ageMs} ms old, the limit is ${limits.quoteMaxAgeMs} ms` } : undefined
}

export const collar: Rule = (request, { quote }, limits) => {
  if (quote === undefined) return undefined
  const distance = absolute(dividedBy(minus(quote.bid, request.price), quote.bid))
  return compare(distance, limits.priceCollar) > 0
    ? { rule: 'priceCollar', detail: `${request.price} is ${distance.slice(0, 8)} of the bid ${quote.bid} away, the limit is ${limits.priceCollar}` }
    : undefined
}

export const spread: Rule = (_request, { quote }, limits) => {
  if (quote === undefined) return undefined
  const width = dividedBy(minus(quote.ask, quote.bid), quote.bid)
  return compare(width, limits.maxSpread) > 0 ? { rule: 'spread', detail: `the spread from ${quote.bid} to ${quote.ask} is ${width.slice(0, 8)}, the limit is ${limits.maxSpread}` } : undefined
}

/** Where the venue does not tell what is wanted, and some must be, that is a denial too. */
export const depth: Rule = (_request, { quote }, { minDepth }) => {
  if (quote === undefined || !isPositive(minDepth)) return undefined
  if (quote.bidQuantity === undefined) return { rule: 'depth', detail: `the venue does not tell what is wanted at the bid, and ${minDepth} must be` }
  const wanted = notional(quote.bid, quote.bidQuantity)
  return compare(wanted, minDepth) < 0 ? { rule: 'depth', detail: `${wanted} is wanted at the bid ${quote.bid}, the least is ${minDepth}` } : undefined
}

/** Of orders that may take what is there: one that rests pays its own price and no more. */
export const slippage: Rule = ({ side, price, postOnly }, { quote }, { maxSlippage }) => {
  if (quote === undefined || postOnly) return undefined
  const [touch, beyond] = side === 'buy' ? [quote.ask, minus(price, quote.ask)] : [quote.bid, minus(quote.bid, price)]
  const through = dividedBy(beyond, touch)
  return compare(through, maxSlippage) > 0 ? { rule: 'slippage', detail: `${price} is ${through.slice(0, 8)} through ${touch}, the limit is ${maxSlippage}` } : undefined
}

export const orderNotional: Rule = (request, _view, limits) => {
  const value = notional(request.price, request.quantity)
  if (compare(value, limits.minNotional) < 0) return { rule: 'orderNotional', detail: `${value} is below the least order of ${limits.minNotional}` }
  return compare(value, limits.maxNotionalPerOrder) > 0 ? { rule: 'orderNotional', detail: `${value} is above the greatest order of ${limits.maxNotionalPerOrder}` } : undefined
}

export const stopReserve: Rule = (request, { leastAtStop }) => {
  const value = notional(request.price, request.quantity)
  return leastAtStop !== undefined && compare(value, leastAtStop) < 0
    ? { rule: 'stopReserve', detail: `${value} could become too small to be sold at its stop: at least ${leastAtStop} must be spent` }
    : undefined
}

/** What is bought must be worth a sell at the price that was paid, also when the fee is taken from it. */
export const sellable: Rule = ({ price, quantity: bought }, { instrument, takerFee }) => {
  const kept = floorToStep(instrument, quantity(times(bought, minus(rate(one), takerFee))))
  return isSellable(instrument, price, kept)
    ? undefined
    : { rule: 'sellable', detail: `of ${bought} at ${price} at least ${kept} would be left after fees, worth ${notional(price, kept)}: ${instrument.id} takes no sell below ${instrument.minQuantity} or ${instrument.minNotional}` }
}

export const exposure: Rule = (request, view, limits) => {
  const value = notional(request.price, request.quantity)
  const total = plus(view.exposure, value)
  if (compare(total, limits.maxExposure) > 0) return { rule: 'exposure', detail: `${total} would be bound, the limit is ${limits.maxExposure}` }
  const own = plus(view.instrumentExposure, value)
  return compare(own, limits.maxInstrumentExposure) > 0
    ? { rule: 'exposure', detail: `${own} would be bound on ${view.instrument.id}, the limit is ${limits.maxInstrumentExposure}` }
    : undefined
}

export const openOrders: Rule = (_request, view, limits) =>
  view.openOrders >= limits.maxOpenOrders ? { rule: 'openOrders', detail: `${view.openOrders} orders work already, the limit is ${limits.maxOpenOrders}` } : undefined

export const orderRate: Rule = (_request, view, limits) =>
  view.ordersLastMinute >= limits.maxOrdersPerMinute ? { rule: 'orderRate', detail: `${view.ordersLastMinute} orders were begun within the last minute, the limit is ${limits.maxOrdersPerMinute}` } : undefined

/** What a buy may cost at most, its fee included. */
export const freeBalance: Rule = ({ price, quantity: wanted }, { freeQuote, takerFee, instrument }) => {
  if (freeQuote === undefined) return undefined
  const cost = times(notional(price, wanted), plus(rate(one), takerFee))
  return compare(cost, freeQuote) > 0 ? { rule: 'freeBalance', detail: `it may cost ${cost} ${instrument.quote} with its fee, ${freeQuote} is free` } : undefined
}
