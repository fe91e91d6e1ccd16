import { amount, formatAmount } from './amounts.ts'
import type { Fill, FinalStatus, OrderTerms } from './order.ts'

/** Every fact the ledger keeps, in the order it happened. `at` is milliseconds since 1970. */
export type LedgerEvent =
  | { readonly type: 'opened'; readonly at: number; readonly balances: Readonly<Record<string, bigint>> }
  | { readonly type: 'requested'; readonly at: number; readonly clientOrderId: string }
  | { readonly type: 'refused'; readonly at: number; readonly clientOrderId: string; readonly reason: string }
  | { readonly type: 'admitted'; readonly at: number; readonly orderId: string; readonly terms: OrderTerms; readonly hold: bigint }
  | { readonly type: 'filled'; readonly at: number; readonly fill: Fill; readonly holdAfter: bigint }
  | { readonly type: 'cancelRequested'; readonly at: number; readonly orderId: string }
  | { readonly type: 'ended'; readonly at: number; readonly orderId: string; readonly status: FinalStatus; readonly message: string; readonly cancelId?: string }
  | { readonly type: 'amended'; readonly at: number; readonly orderId: string; readonly clientOrderId: string; readonly quantity: bigint; /** Only where the price changes too. */ readonly limitTicks?: number; readonly hold: bigint }
  | { readonly type: 'wiped'; readonly at: number; readonly balances: Readonly<Record<string, bigint>> }

const AMOUNT_KEYS: ReadonlySet<string> = new Set(['hold', 'holdAfter', 'quantity', 'quoteSize', 'price', 'value', 'fee'])

/** One line of the journal: JSON with every amount as a decimal string. `balances` shows the touched balances afterwards, for readers of the file. */
export function encode(event: LedgerEvent, balances: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...event, after: balances }, (_key, value: unknown) => (typeof value === 'bigint' ? formatAmount(value) : value))
}

/** The event of one journal line. Throws on a line that is not JSON. */
export function decode(line: string): LedgerEvent {
  const event = JSON.parse(line, (key, value: unknown) => (AMOUNT_KEYS.has(key) && typeof value === 'string' ? amount(value) : value)) as LedgerEvent & { after?: unknown }
  delete event.after
  if (event.type !== 'opened' && event.type !== 'wiped') return event
  return { ...event, balances: Object.fromEntries(Object.entries(event.balances).map(([asset, value]) => [asset, amount(String(value))])) }
}
