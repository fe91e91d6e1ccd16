/** I12 and I5: with the faults over, everything comes to an end, everything bought is on offer, and both books agree. */
import { ledgerView } from '../../sandbox/control/ledger-view.ts'
import { amount, formatAmount, multiply } from '../../sandbox/exchange/amounts.ts'
import type { Desk } from '../../src/actors/desk.ts'
import { audit, type Ledger as LedgerView } from '../../src/app/audit.ts'
import type { MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { parseClientOrderId } from '../../src/domain/client-order-id.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import type { Ledger } from '../../sandbox/exchange/ledger.ts'

const undecided: ReadonlySet<string> = new Set(['submitting', 'resolving', 'cancelling'])
/** Differences that only move money are about the account, the others about the work. */
const isMoney = (difference: string): boolean => difference.includes('the books say')

/** What keeps the world from being at peace, each with the invariant it would break; empty when it is. */
export const unrest = (desk: Desk | undefined, store: MemoryStore, ledger: Ledger): readonly (readonly [invariant: string, detail: string])[] => {
  if (desk === undefined) return [['I12', 'no desk runs']]
  const rows = [...store.tables.actors.values()]
  const state = rows.find(({ kind }) => kind === 'desk')?.state
  const cheap = [
    ...(state === 'trading' ? [] : [`the desk is ${state}`]),
    ...desk.connections.filter(({ state }) => state !== 'live').map(({ name, state }) => `the ${name} stream is ${state}`),
    ...desk.prices.filter(({ state }) => state !== 'live').map(({ instrument, state }) => `the price of ${instrument} is ${state}`),
    ...rows.flatMap((row) => unrestOf(row)),
  ].map((detail) => ['I12', detail] as const)
  // The audit reads both books whole: only worth its while when nothing else stirs.
  return cheap.length > 0 ? cheap : disagreements(rows, store, ledger)
}

const unrestOf = ({ address, order, tradePair, state, context }: ActorRecord): readonly string[] => {
  if (order !== undefined && undecided.has(state)) return [`${address} is ${state}`]
  if (tradePair !== undefined && state === 'held') return [`${address} is held: ${String(context['heldBecause'])}`]
  return []
}

const disagreements = (rows: readonly ActorRecord[], { install, tables }: MemoryStore, ledger: Ledger): readonly (readonly [string, string])[] => {
  const known = new Set(rows.map(({ order }) => order?.clientOrderId))
  const { differences } = audit(withoutStrangers(ledgerView(ledger, '', 0) as unknown as LedgerView, known, install), {
    install,
    orders: rows.filter(({ order }) => order !== undefined),
    pairs: rows.filter(({ tradePair }) => tradePair !== undefined),
    fills: [...tables.fills.values()],
  })
  return differences.map((detail) => [isMoney(detail) ? 'I5' : 'I12', detail])
}

/** What other people bought and sold on the account is no business of the desk's books. */
const withoutStrangers = (view: LedgerView, known: ReadonlySet<string | undefined>, install: string): LedgerView => {
  const opening = new Map(Object.entries(view.balances.opening).map(([asset, text]) => [asset, amount(text)]))
  const move = (asset: string, atoms: bigint): void => void opening.set(asset, (opening.get(asset) ?? 0n) + atoms)
  for (const { clientOrderId, product, side, price, quantity, fee, feeAsset } of view.fills) {
    if (known.has(clientOrderId) || parseClientOrderId(clientOrderId)?.install === install) continue
    const [base = '', quote = ''] = product.split('-')
    const sign = side === 'BUY' ? 1n : -1n
    move(base, sign * amount(quantity))
    move(quote, -sign * multiply(amount(price), amount(quantity)))
    move(feeAsset, -amount(fee))
  }
  return { ...view, balances: { ...view.balances, opening: Object.fromEntries([...opening].map(([asset, atoms]) => [asset, formatAmount(atoms)])) } }
}
