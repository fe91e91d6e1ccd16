/**
 * The sandbox's ledger against the rows: two books, kept by different code with different arithmetic, that must
 * agree in every order, fill and balance.
 */
import { z } from 'zod'
import { parseClientOrderId } from '../domain/client-order-id.ts'
import { compare, minus, money, plus, quantity, sum, times, type Quantity } from '../domain/decimal.ts'
import { isSellable, type Instrument } from '../domain/instrument.ts'
import { sellableOf } from '../domain/profit.ts'
import type { ActorRecord, FillRecord } from '../domain/records.ts'
import type { TradePairContext } from '../machines/trade-pair/trade-pair-context.ts'

const amount = z.string()

export const ledgerSchema = z.object({
  orders: z.array(
    z.object({
      clientOrderId: z.string(),
      venueOrderId: z.string().nullish(),
      writes: z.number(),
      state: z.string(),
      side: z.string().nullish(),
      quantity: amount.nullish(),
      price: amount.nullish(),
      filled: amount.nullish(),
    }),
  ),
  fills: z.array(
    z.object({
      entryId: z.string(),
      venueOrderId: z.string(),
      clientOrderId: z.string(),
      product: z.string(),
      side: z.string(),
      price: amount,
      quantity: amount,
      fee: amount,
      feeAsset: z.string(),
    }),
  ),
  balances: z.object({ opening: z.record(z.string(), amount), free: z.record(z.string(), amount), held: z.record(z.string(), amount) }),
})

export type Ledger = z.infer<typeof ledgerSchema>

/** What the rows say, complete. */
export interface Books {
  readonly install: string
  readonly orders: readonly ActorRecord[]
  readonly pairs: readonly ActorRecord[]
  readonly fills: readonly FillRecord[]
}

export interface Audit {
  /** Client order ids written to the venue more than once, and legs with two live orders. */
  readonly duplicates: number
  /** Venue orders with our mark that the rows do not know, or that live there and ended here. */
  readonly orphans: number
  readonly missingFills: number
  readonly phantomFills: number
  /** Lots above the venue's minimum with no live or unresolved sell, not dust, not held. */
  readonly uncovered: number
  /** Every asset: opening + booked fills = what the venue holds. */
  readonly balanced: boolean
  readonly clean: boolean
  /** One sentence for each difference, the first fifty. */
  readonly differences: readonly string[]
}

const liveThere: ReadonlySet<string> = new Set(['PENDING', 'OPEN', 'QUEUED', 'CANCEL_QUEUED', 'EDIT_QUEUED'])

const duplicates = (ledger: Ledger, books: Books): readonly string[] => {
  const twice = ledger.orders.filter((order) => order.writes > 1).map((order) => `${order.clientOrderId} was written ${order.writes} times`)
  const legs = new Map<string, number>()
  for (const { clientOrderId, state } of ledger.orders) {
    const name = parseClientOrderId(clientOrderId)
    if (name?.install !== books.install || !liveThere.has(state)) continue
    const leg = `${name.pairId} ${name.leg}`
    legs.set(leg, (legs.get(leg) ?? 0) + 1)
  }
  return [...twice, ...[...legs].filter(([, live]) => live > 1).map(([leg, live]) => `${leg} has ${live} live orders at the venue`)]
}

const orphans = (ledger: Ledger, books: Books): readonly string[] => {
  const known = new Map(books.orders.flatMap((record) => (record.order === undefined ? [] : [[record.order.clientOrderId, record.order] as const])))
  return ledger.orders.flatMap(({ clientOrderId, state, venueOrderId }) => {
    if (parseClientOrderId(clientOrderId)?.install !== books.install || !venueOrderId) return []
    const row = known.get(clientOrderId)
    if (row === undefined) return [`${clientOrderId} is at the venue (${state}) and in no row`]
    return liveThere.has(state) && !row.live ? [`${clientOrderId} lives at the venue (${state}) and has ended here`] : []
  })
}

/** Ours: with our mark, or an order that somebody placed by hand and a row has adopted. */
const isOwn = (books: Books): ((clientOrderId: string) => boolean) => {
  const known = new Set(books.orders.map((record) => record.order?.clientOrderId))
  return (clientOrderId) => parseClientOrderId(clientOrderId)?.install === books.install || known.has(clientOrderId)
}

const fillDifferences = (ledger: Ledger, books: Books): { readonly missing: readonly string[]; readonly phantom: readonly string[] } => {
  const own = isOwn(books)
  const there = new Map(ledger.fills.filter((fill) => own(fill.clientOrderId)).map((fill) => [fill.entryId, fill]))
  const here = new Map(books.fills.map((record) => [record.fill.tradeId, record.fill]))
  const differs = [...there].filter(([id, fill]) => {
    const own = here.get(id)
    return own !== undefined && (compare(own.quantity, quantity(fill.quantity)) !== 0 || compare(own.price, quantity(fill.price)) !== 0 || compare(own.fee, money(fill.fee)) !== 0)
  })
  return {
    missing: [...there.values()].filter((fill) => !here.has(fill.entryId)).map((fill) => `fill ${fill.entryId} of ${fill.clientOrderId} (${fill.quantity} at ${fill.price}) is not booked`),
    phantom: [
      ...[...here.keys()].filter((id) => !there.has(id)).map((id) => `fill ${id} is booked and not at the venue`),
      ...differs.map(([id]) => `fill ${id} is booked with other figures than the venue's`),
    ],
  }
}

const atRest: ReadonlySet<string> = new Set(['held', 'dust', 'closed', 'abandoned', 'closedExternally', 'buying.pending', 'buying.partial'])

const uncovered = (books: Books): readonly string[] => {
  const covered = new Set(books.orders.flatMap(({ order }) => (order?.live === true && order.leg === 'sell' ? [order.pairId] : [])))
  return books.pairs.flatMap((record) => {
    const context = record.context as unknown as TradePairContext & { readonly instrument: Instrument }
    const rest = minus(context.held, context.sold)
    const { sellable } = sellableOf(context.instrument, compare(rest, quantity('0')) > 0 ? rest : quantity('0'))
    if (covered.has(context.pairId) || atRest.has(record.state)) return []
    return isSellable(context.instrument, context.buy.price, sellable) ? [`${context.pairId} holds ${sellable} with no sell (${record.state})`] : []
  })
}

/** Opening balance and our own booked fills against what the venue holds, asset by asset. */
const unbalanced = (ledger: Ledger, books: Books): readonly string[] => {
  const { opening, free, held } = ledger.balances
  const flows = new Map<string, Quantity[]>()
  const flow = (asset: string, delta: Quantity): void => void flows.set(asset, [...(flows.get(asset) ?? []), delta])
  for (const { fill } of books.fills) {
    const [base = '', quote = ''] = fill.instrument.split('-')
    const value = quantity(times(fill.price, fill.quantity))
    const sign = (positive: boolean, of: Quantity): Quantity => (positive ? of : minus(quantity('0'), of))
    flow(base, sign(fill.side === 'buy', fill.quantity))
    flow(quote, sign(fill.side === 'sell', value))
    flow(fill.feeAsset, minus(quantity('0'), quantity(fill.fee)))
  }
  return [...new Set([...Object.keys(opening), ...flows.keys()])].flatMap((asset) => {
    const expected = sum([quantity(opening[asset] ?? '0'), ...(flows.get(asset) ?? [])])
    const found = plus(quantity(free[asset] ?? '0'), quantity(held[asset] ?? '0'))
    return compare(expected, found) === 0 ? [] : [`${asset}: the books say ${expected}, the venue holds ${found}`]
  })
}

const maxDifferences = 50

/** Compares both books. Pure; a difference that is only in flight goes away with the next look. */
export const audit = (ledger: Ledger, books: Books): Audit => {
  const twice = duplicates(ledger, books)
  const strays = orphans(ledger, books)
  const { missing, phantom } = fillDifferences(ledger, books)
  const bare = uncovered(books)
  const off = unbalanced(ledger, books)
  const differences = [...twice, ...strays, ...missing, ...phantom, ...bare, ...off]
  return {
    duplicates: twice.length,
    orphans: strays.length,
    missingFills: missing.length,
    phantomFills: phantom.length,
    uncovered: bare.length,
    balanced: off.length === 0,
    clean: differences.length === 0,
    differences: differences.slice(0, maxDifferences),
  }
}
