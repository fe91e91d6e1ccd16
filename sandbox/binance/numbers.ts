import type { Ledger } from '../exchange/ledger.ts'

/**
 * Order and trade numbers: consecutive per symbol and unique only there (binance-spot.md 5.4). In the ledger they are called `BTC-USDT:123`.
 */
export interface Numbers {
  order(productId: string): string
  fill(productId: string): { readonly entryId: string; readonly tradeId: string }
}

/** Goes on after the highest numbers the ledger holds. Bound: two counters a product. */
export function numbersOf(ledger: Ledger): Numbers {
  const orders = new Map<string, number>()
  const trades = new Map<string, number>()
  for (const { orderId, terms } of ledger.orderList) orders.set(terms.productId, numberOf(orderId))
  for (const { entryId, productId } of ledger.fills) trades.set(productId, numberOf(entryId))
  return {
    order: (productId) => `${productId}:${next(orders, productId)}`,
    fill: (productId) => {
      const trade = next(trades, productId)
      return { entryId: `${productId}:${trade}`, tradeId: String(trade) }
    },
  }
}

/** The number in a name such as `BTC-USDT:123`. */
export function numberOf(name: string): number {
  return Number(name.slice(name.indexOf(':') + 1))
}

function next(counters: Map<string, number>, productId: string): number {
  const number = (counters.get(productId) ?? 0) + 1
  counters.set(productId, number)
  return number
}
