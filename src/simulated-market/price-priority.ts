import type { Side } from './market-event.ts'

/** What waits at a price: in ticks. */
export interface Standing {
  readonly side: Side
  readonly price: number
}

/** Whether an order would trade at this price: a buy at or below its own, a sell at or above. */
export function reaches(order: Standing, price: number): boolean {
  return order.side === 'BUY' ? order.price >= price : order.price <= price
}

/** Where a newcomer stands among orders of its side that are sorted best first: behind every better and every equal price. */
export function placeFor(orders: readonly Standing[], order: Standing): number {
  let low = 0
  let high = orders.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = orders[middle]
    const goesBefore = other !== undefined && (order.side === 'BUY' ? other.price >= order.price : other.price <= order.price)
    if (goesBefore) low = middle + 1
    else high = middle
  }
  return low
}

export function positive(value: bigint): bigint {
  return value > 0n ? value : 0n
}

export function lesser(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
