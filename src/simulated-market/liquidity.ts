import type { Level } from './depth.ts'
import type { Side } from './market-event.ts'

/** One bite out of the book: price in ticks, quantity in quantity units. */
export interface Taken {
  readonly price: number
  readonly quantity: bigint
}

/** What an incoming order may take: at most `quantity`, no worse than `limit` ticks when there is one. */
export interface TakeRequest {
  readonly side: Side
  readonly quantity: bigint
  readonly limit: number | undefined
}

/** Walks the opposite levels, best first. The sum of the answer is at most the request's quantity. */
export function takeLiquidity(request: TakeRequest, opposite: readonly Level[]): Taken[] {
  const taken: Taken[] = []
  let left = request.quantity
  for (const level of opposite) {
    if (left === 0n || (request.limit !== undefined && beyond(request.side, level.price, request.limit))) break
    const quantity = level.size < left ? level.size : left
    if (quantity > 0n) taken.push({ price: level.price, quantity })
    left -= quantity
  }
  return taken
}

function beyond(side: Side, price: number, limit: number): boolean {
  return side === 'BUY' ? price > limit : price < limit
}
