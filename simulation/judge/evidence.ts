/** I7 and I8: an end in the rows is the venue's own, "it never lived" stays true for ever, and only the leader writes. */
import type { Order } from '../../sandbox/exchange/order.ts'
import { orderAddress } from '../../src/domain/address.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import type { Books, Checker, Report } from './checker.ts'

/** What the venue must say of an order for each end of its row. */
const words: Readonly<Record<string, string>> = { filled: 'FILLED', cancelled: 'CANCELLED', expired: 'EXPIRED' }
const neverLived: ReadonlySet<string> = new Set(['absent', 'rejected'])

export const evidence = ({ store, ledger }: Books, report: Report): Checker => {
  const known = new Map<string, string>()
  const atVenue = (clientOrderId: string): Order | undefined => {
    const venueOrderId = ledger.clientIds.get(clientOrderId)?.orderId
    return venueOrderId === undefined ? undefined : ledger.orders.get(venueOrderId)
  }
  const check = ({ order, state }: ActorRecord): void => {
    if (order === undefined) return
    const there = atVenue(order.clientOrderId)
    const word = words[state]
    if (word !== undefined && there?.status !== word) report('I7', `${order.clientOrderId} is ${state} here and ${there?.status ?? 'unknown'} at the venue`)
    // An order that was admitted and failed is rejected too; one that does anything else lives, or has lived.
    if (neverLived.has(state) && there !== undefined && !(state === 'rejected' && there.status === 'FAILED')) report('I7', `${order.clientOrderId} is ${state} here and ${there.status} at the venue`)
  }
  return {
    committed: ({ batch, epoch, life }) => {
      if (epoch !== store.epoch) report('I8', `process ${life} of epoch ${epoch} commits in epoch ${store.epoch}`)
      for (const record of batch.turns.flatMap((turn) => turn.actors)) {
        if (record.order === undefined || known.get(record.address) === record.state) continue
        known.set(record.address, record.state)
        check(record)
      }
    },
    venueChanged: ({ terms, status }) => {
      const row = store.tables.actors.get(orderAddress(terms.clientOrderId))
      if (row !== undefined && neverLived.has(row.state) && status !== 'FAILED') report('I8', `${terms.clientOrderId} is ${status} at the venue after it was found ${row.state}`)
    },
    atRest: () => {
      for (const record of store.tables.actors.values()) check(record)
    },
  }
}
