/** What executions of one order are in the ledger. Pure. */
import { notional, plus } from '../../domain/decimal.ts'
import type { Millis } from '../../domain/time.ts'
import type { PaperEvent, PaperOrder } from '../../ports/paper-ledger.ts'
import { chargeFor, holdFor, type Bite } from './settlement.ts'

/** When they happened, and how the next one is called. */
export interface FillStamp {
  readonly at: Millis
  /** The name of the event that stands so many places after the first of these. */
  readonly tradeId: (index: number) => string
}

/** The events of some executions, in order; each changes what the next is charged. */
export const fillEvents = (order: PaperOrder, bites: readonly Bite[], { at, tradeId }: FillStamp): readonly PaperEvent[] => {
  const events: PaperEvent[] = []
  let before = order
  for (const bite of bites) {
    const { fee, feeAsset, owed } = chargeFor(before, bite)
    const after = { ...before, owed, charged: plus(before.charged, fee), executed: plus(before.executed, bite.quantity), value: plus(before.value, notional(bite.price, bite.quantity)) }
    const hold = holdFor(after)
    events.push({ type: 'filled', at, venueOrderId: order.venueOrderId, tradeId: tradeId(events.length), ...bite, fee, feeAsset, owed, hold })
    before = { ...after, hold }
  }
  return events
}
