/** Compares the exchange's own book with the desk's rows, once everything is at rest (I1, I3, I4, I5, I12). */
import { parseClientOrderId } from '../../src/domain/client-order-id.ts'
import { compare, minus, plus, quantity, sum, type Quantity } from '../../src/domain/decimal.ts'
import type { TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import type { DeskWorld } from './desk.ts'

const none = quantity('0')

/** Client order ids that were written to the network more than once. */
export const writtenTwice = ({ venue }: DeskWorld): readonly string[] => [...venue.writes].filter(([, times]) => times > 1).map(([id]) => id)

const fillDifferences = ({ venue, store }: DeskWorld): readonly string[] => {
  const booked = new Map([...store.tables.fills.values()].map(({ fill }) => [`${fill.tradeId} of ${fill.venueOrderId}`, fill.quantity]))
  const missing = venue.fills.flatMap((fill) => {
    const key = `${fill.tradeId} of ${fill.venueOrderId}`
    const amount = booked.get(key)
    booked.delete(key)
    return amount === fill.quantity ? [] : [`fill ${key}: ${fill.quantity} at the venue, ${amount ?? 'nothing'} in the rows`]
  })
  return [...missing, ...[...booked.keys()].map((key) => `fill ${key} is in the rows only`)]
}

const orderDifferences = (world: DeskWorld): readonly string[] => {
  const working = new Set(world.venue.working().map(({ clientOrderId }) => clientOrderId))
  return world.orderRows().flatMap(({ clientOrderId, state, live }) => {
    const works = working.delete(clientOrderId)
    const rests = state === 'pending' || state === 'partial'
    if (works && rests) return []
    return works || live ? [`${clientOrderId} is ${state} and ${works ? 'works' : 'does not work'} at the venue`] : []
  }).concat([...working].map((id) => `${id} works at the venue and no row explains it`))
}

const coverDifferences = (world: DeskWorld): readonly string[] => {
  const offered = new Map<string, Quantity>()
  for (const { clientOrderId, side, left } of world.venue.working()) {
    const pairId = parseClientOrderId(clientOrderId)?.pairId ?? clientOrderId
    if (side === 'sell') offered.set(pairId, plus(offered.get(pairId) ?? none, left))
  }
  return world.pairRows().flatMap(({ state, context }) => {
    const { pairId, held, sold } = context as unknown as TradePairContext
    const rest = minus(held, sold)
    const onOffer = offered.get(pairId) ?? none
    if (state === 'dust' || state === 'buying.partial') return []
    return rest === onOffer ? [] : [`${pairId} (${state}) holds ${rest} and offers ${onOffer}`]
  })
}

const balanceDifferences = (world: DeskWorld): readonly string[] => {
  const held = sum([none, ...world.pairRows().map(({ context }) => {
    const pair = context as unknown as TradePairContext
    return minus(pair.held, pair.sold)
  })])
  return compare(held, world.venue.baseHeld) === 0 ? [] : [`the rows hold ${held}, the account ${world.venue.baseHeld}`]
}

/** Everything in which the venue and the rows disagree; empty when all is well. */
export const differences = (world: DeskWorld): readonly string[] => [
  ...writtenTwice(world).map((id) => `${id} was written twice`),
  ...world.venue.violations,
  ...fillDifferences(world),
  ...orderDifferences(world),
  ...coverDifferences(world),
  ...balanceDifferences(world),
]
