/** I4: at the venue itself, no pair has sold and offers more than it has bought. */
import { formatAmount } from '../../sandbox/exchange/amounts.ts'
import { isLive, remaining } from '../../sandbox/exchange/order.ts'
import { orderAddress } from '../../src/domain/address.ts'
import type { Books, Checker, Report } from './checker.ts'

export const cover = ({ store, ledger }: Books, report: Report): Checker => {
  const check = (pairId: string): void => {
    let bought = 0n
    let offered = 0n
    for (const address of store.tables.ofPair(pairId).orders) {
      const row = store.tables.actors.get(address)?.order
      const venueOrderId = row && ledger.clientIds.get(row.clientOrderId)?.orderId
      const order = venueOrderId === undefined ? undefined : ledger.orders.get(venueOrderId)
      if (order === undefined) continue
      if (order.terms.side === 'BUY') bought += order.filled
      else offered += order.filled + (isLive(order) ? remaining(order) : 0n)
    }
    if (offered > bought) report('I4', `${pairId} has sold and offers ${formatAmount(offered)} at the venue, of ${formatAmount(bought)} bought`)
  }
  return {
    venueChanged: ({ terms }) => {
      const pairId = terms.side === 'SELL' ? store.tables.actors.get(orderAddress(terms.clientOrderId))?.order?.pairId : undefined
      if (pairId !== undefined) check(pairId)
    },
  }
}
