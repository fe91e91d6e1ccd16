/**
 * The risk gate: pure rules over a request and a view of the desk; the sole maker of `Approved<OrderRequest>`.
 *
 * G1  An exit (a sell that covers what was bought) is judged by the venue's own limits only, never by a limit on
 *     exposure or on the age of a quote, nor by a breaker: what was bought may always be offered, unless a person has
 *     halted the desk.
 * G2  Every denial names its rule and the numbers.
 */
import type { Approved } from '../domain/approved.ts'
import type { OrderRequest } from '../domain/order.ts'
import { breaker, collar, depth, exposure, freeBalance, freshQuote, halt, openOrders, orderNotional, orderRate, sellable, size, slippage, spread, status, stopReserve, tradingState, type RiskLimits, type RiskView, type Rule } from './rules.ts'
import type { Verdict } from './verdict.ts'

export type { RiskLimits, RiskView } from './rules.ts'

/** The cheapest and the plainest first: the first denial is the one that is told. */
const entryRules: readonly Rule[] = [status, tradingState, breaker, freshQuote, size, orderNotional, sellable, stopReserve, collar, slippage, spread, depth, exposure, openOrders, orderRate, freeBalance]
const exitRules: readonly Rule[] = [status, halt, size]

/** Judges one request; evaluated when the order is decided and again before its first byte leaves. */
export const judge = (request: OrderRequest, view: RiskView, limits: RiskLimits): Verdict => {
  for (const rule of request.side === 'buy' ? entryRules : exitRules) {
    const denied = rule(request, view, limits)
    if (denied !== undefined) return denied
  }
  return { approved: request as Approved<OrderRequest> }
}
