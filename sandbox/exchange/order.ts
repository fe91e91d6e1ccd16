import type { Side } from '../../src/simulated-market/market-event.ts'

export type { Side }
export type TimeInForce = 'GTC' | 'GTD' | 'IOC' | 'FOK'
export type FinalStatus = 'FILLED' | 'CANCELLED' | 'EXPIRED' | 'FAILED'
type OrderStatus = 'OPEN' | 'CANCEL_QUEUED' | FinalStatus

/** What the client asked for, already checked. Exactly one of `quantity` and `quoteSize`; amounts in atoms. */
export interface OrderTerms {
  readonly clientOrderId: string
  readonly productId: string
  readonly side: Side
  /** Absent on market orders. */
  readonly limitTicks?: number
  readonly quantity?: bigint
  readonly quoteSize?: bigint
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  /** GTD only, milliseconds since 1970. */
  readonly endAtMs?: number
  /** What the client wants to happen should it trade with itself; shown, never needed: clients' orders meet the market only. */
  readonly selfTradePrevention?: string
}

/** An admitted order: its terms and what became of them so far. Changed only by the ledger. */
export interface Order {
  readonly orderId: string
  terms: OrderTerms
  /** Venue times are milliseconds since 1970. */
  readonly createdAt: number
  status: OrderStatus
  filled: bigint
  filledValue: bigint
  /** Fees taken in the quote asset; others are in the fills. */
  fees: bigint
  fillCount: number
  /** Locked for this order: quote atoms for a buy, base atoms for a sell. */
  hold: bigint
  lastFillAt?: number
  updatedAt: number
  endMessage: string
  /** What the request that cancelled it was called, where requests have names. */
  cancelId?: string
  /** How often its quantity was reduced. */
  amendments?: number
}

/** One execution. Amounts in atoms; `value` = price x quantity; `fee` in `feeAsset`. */
export interface Fill {
  readonly entryId: string
  readonly tradeId: string
  readonly orderId: string
  readonly productId: string
  readonly side: Side
  readonly price: bigint
  readonly quantity: bigint
  readonly value: bigint
  readonly fee: bigint
  readonly feeAsset: string
  readonly liquidity: 'MAKER' | 'TAKER'
  readonly sizeInQuote: boolean
  readonly at: number
}

export function isLive(order: Order): boolean {
  return order.status === 'OPEN' || order.status === 'CANCEL_QUEUED'
}

/** The base quantity still to trade; zero for an order sized in quote. */
export function remaining(order: Order): bigint {
  return (order.terms.quantity ?? order.filled) - order.filled
}
