/** What the risk gate says. A denial names its rule and the numbers it looked at. */
import type { Approved } from '../domain/approved.ts'
import type { OrderRequest } from '../domain/order.ts'

export type RiskRule =
  | 'instrumentStatus'
  | 'size'
  | 'quoteFreshness'
  | 'priceCollar'
  | 'orderNotional'
  | 'stopReserve'
  | 'exposure'
  | 'sellable'
  | 'slippage'
  | 'spread'
  | 'depth'
  | 'openOrders'
  | 'orderRate'
  | 'freeBalance'
  | 'tradingState'
  | 'breaker'

export interface Denied {
  readonly rule: RiskRule
  /** One sentence with the numbers, for people. */
  readonly detail: string
}

export type Verdict = { readonly approved: Approved<OrderRequest> } | Denied
