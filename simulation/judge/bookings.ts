/** I3: what is booked happened at the venue, once, with the venue's own figures. */
import { amount } from '../../sandbox/exchange/amounts.ts'
import type { Fill } from '../../sandbox/exchange/order.ts'
import type { FillRecord, LotRecord } from '../../src/domain/records.ts'
import type { Books, Checker, Report } from './checker.ts'

export const bookings = ({ ledger }: Books, report: Report): Checker => {
  const atVenue = new Map<string, Fill>()
  const booked = new Set<string>()
  let read = 0
  const find = (entryId: string): Fill | undefined => {
    for (; read < ledger.fills.length; read++) {
      const fill = ledger.fills[read]
      if (fill !== undefined) atVenue.set(fill.entryId, fill)
    }
    return atVenue.get(entryId)
  }
  const checkFill = ({ fill, clientOrderId }: FillRecord): void => {
    const there = find(fill.tradeId)
    if (booked.has(fill.tradeId)) report('I3', `fill ${fill.tradeId} of ${clientOrderId} is booked twice`)
    booked.add(fill.tradeId)
    if (there === undefined) return report('I3', `fill ${fill.tradeId} of ${clientOrderId} is booked and the venue knows none`)
    const same = amount(fill.quantity) === there.quantity && amount(fill.price) === there.price && amount(fill.fee) === there.fee && fill.venueOrderId === there.orderId
    if (!same) report('I3', `fill ${fill.tradeId} of ${clientOrderId} is booked with other figures than the venue's`)
    const owner = ledger.orders.get(there.orderId)?.terms.clientOrderId
    if (owner !== clientOrderId) report('I3', `fill ${fill.tradeId} of ${owner} is booked to ${clientOrderId}`)
  }
  /** The venue takes its fees in quote money, so what was bought is what is held. */
  const checkLot = (lot: LotRecord): void => {
    const there = find(lot.tradeId)
    if (there === undefined || amount(lot.net) !== there.quantity) report('I3', `the lot of fill ${lot.tradeId} in ${lot.pairId} is ${lot.net}`)
  }
  return {
    committed: ({ batch }) => {
      for (const turn of batch.turns) {
        for (const record of turn.fills) checkFill(record)
        for (const lot of turn.lots) checkLot(lot)
      }
    },
  }
}
