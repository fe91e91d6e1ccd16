/** I1 and I2: a client order id is written once, one order of a leg lives at a time, and nothing leaves before its row says so. */
import { isLive } from '../../sandbox/exchange/order.ts'
import { orderAddress } from '../../src/domain/address.ts'
import type { Books, Checker, Report } from './checker.ts'

const create = '/api/v3/brokerage/orders'
const cancel = '/api/v3/brokerage/orders/batch_cancel'
/** States in which nobody may have asked for a cancel yet. */
const uncancelled: ReadonlySet<string> = new Set(['submitting', 'resolving', 'pending', 'partial'])

export const oneSend = ({ store, ledger }: Books, report: Report): Checker => {
  const written = new Set<string>()
  const living = new Map<string, Set<string>>()
  const rowOf = (clientOrderId: string) => store.tables.actors.get(orderAddress(clientOrderId))
  const onCreate = (id: string): void => {
    if (written.has(id)) report('I1', `${id} is written a second time`)
    written.add(id)
    if (rowOf(id) === undefined) report('I2', `the create of ${id} leaves and no row knows it`)
  }
  const onCancel = (venueOrderId: string): void => {
    const id = ledger.orders.get(venueOrderId)?.terms.clientOrderId
    const row = id === undefined ? undefined : rowOf(id)
    if (row === undefined) report('I2', `the cancel of ${venueOrderId} leaves and no row knows it`)
    else if (uncancelled.has(row.state)) report('I2', `the cancel of ${id} leaves while its row is ${row.state}`)
  }
  return {
    leaves: ({ method, url, body }) => {
      if (method !== 'POST') return
      if (url.pathname === create) onCreate(String(body['client_order_id']))
      else if (url.pathname === cancel) for (const id of body['order_ids'] as readonly string[]) onCancel(id)
    },
    venueChanged: (order) => {
      const { clientOrderId } = order.terms
      const row = rowOf(clientOrderId)?.order
      if (row === undefined) return
      const leg = `${row.pairId} ${row.leg}`
      const alive = living.get(leg) ?? new Set<string>()
      living.set(leg, alive)
      if (isLive(order)) alive.add(clientOrderId)
      else alive.delete(clientOrderId)
      if (alive.size > 1) report('I1', `${leg} has ${alive.size} live orders at the venue: ${[...alive].join(', ')}`)
    },
  }
}
