/** An order's typed columns, from its memory. */
import type { OrderRecord } from '../../domain/records.ts'
import type { OrderContext } from './order-context.ts'

const live: ReadonlySet<string> = new Set(['submitting', 'resolving', 'pending', 'partial', 'cancelling'])

/** In one of the states in which the order may be, or come to be, working at the venue. */
export const isLiveOrder = (state: string): boolean => live.has(state)

export const orderRecord = (context: OrderContext, state: string): OrderRecord => ({
  clientOrderId: context.clientOrderId,
  pairId: context.pairId,
  leg: context.leg,
  attempt: context.attempt,
  instrument: context.instrument,
  side: context.side,
  quantity: context.quantity,
  price: context.price,
  filled: context.filled,
  venueOrderId: context.venueOrderId,
  claimedAt: context.claimedAt,
  live: isLiveOrder(state),
  reason: context.reason,
})
