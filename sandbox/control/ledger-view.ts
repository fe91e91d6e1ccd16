import { formatAmount } from '../exchange/amounts.ts'
import type { ClientIdRecord, Ledger } from '../exchange/ledger.ts'
import { productOf } from '../exchange/ledger.ts'
import type { Fill, Order } from '../exchange/order.ts'
import { priceAtoms } from '../exchange/products.ts'

/** How long after the last change the ledger counts as settled. */
const QUIET_MS = 500

/**
 * `GET /ledger`: everything the judge knows, amounts as decimal strings, times RFC 3339. `prefix` keeps only client order ids that begin with it
 * (fills follow their orders; balances stay whole). Ids that were written but never became an order appear with state "REFUSED" or "never-admitted".
 */
export function ledgerView(ledger: Ledger, prefix: string, nowMs: number): Record<string, unknown> {
  const chosen = (order: Order | undefined): boolean => order !== undefined && order.terms.clientOrderId.startsWith(prefix)
  const orders = ledger.orderList.filter(chosen).map((order) => showOrder(order, ledger))
  const strays = [...ledger.clientIds].filter(([id, record]) => record.orderId === undefined && id.startsWith(prefix)).map(([id, record]) => showStray(id, record))
  const fills = ledger.fills.filter((fill) => chosen(ledger.orders.get(fill.orderId)))
  const lastChange = Math.max(0, ledger.orderList.at(-1)?.createdAt ?? 0, ledger.fills.at(-1)?.at ?? 0)
  const cancelling = [...ledger.live.values()].some((order) => order.status === 'CANCEL_QUEUED')
  return {
    orders: [...orders, ...strays],
    fills: fills.map((fill) => showFill(fill, ledger)),
    balances: showBalances(ledger),
    settled: !cancelling && nowMs - lastChange >= QUIET_MS,
    open: ledger.live.size,
  }
}

function showOrder(order: Order, ledger: Ledger): Record<string, unknown> {
  const { terms } = order
  return {
    clientOrderId: terms.clientOrderId,
    venueOrderId: order.orderId,
    writes: ledger.clientIds.get(terms.clientOrderId)?.writes ?? 0,
    state: order.status,
    side: terms.side,
    product: terms.productId,
    quantity: terms.quantity === undefined ? null : formatAmount(terms.quantity),
    quoteSize: terms.quoteSize === undefined ? null : formatAmount(terms.quoteSize),
    price: terms.limitTicks === undefined ? null : formatAmount(priceAtoms(productOf(order), terms.limitTicks)),
    postOnly: terms.postOnly,
    filled: formatAmount(order.filled),
    filledValue: formatAmount(order.filledValue),
    fees: formatAmount(order.fees),
    held: formatAmount(order.hold),
    createdAt: new Date(order.createdAt).toISOString(),
    updatedAt: new Date(order.updatedAt).toISOString(),
  }
}

function showStray(clientOrderId: string, record: ClientIdRecord): Record<string, unknown> {
  return {
    clientOrderId,
    venueOrderId: null,
    writes: record.writes,
    state: record.refusal === undefined ? 'never-admitted' : 'REFUSED',
    ...(record.refusal === undefined ? {} : { reason: record.refusal }),
    side: null,
    product: null,
    quantity: null,
    price: null,
    filled: '0',
    createdAt: new Date(record.firstAt).toISOString(),
  }
}

function showFill(fill: Fill, ledger: Ledger): Record<string, unknown> {
  return {
    entryId: fill.entryId,
    tradeId: fill.tradeId,
    venueOrderId: fill.orderId,
    clientOrderId: ledger.orders.get(fill.orderId)?.terms.clientOrderId ?? null,
    product: fill.productId,
    side: fill.side,
    price: formatAmount(fill.price),
    quantity: formatAmount(fill.quantity),
    value: formatAmount(fill.value),
    fee: formatAmount(fill.fee),
    feeAsset: fill.feeAsset,
    liquidity: fill.liquidity,
    at: new Date(fill.at).toISOString(),
  }
}

function showBalances(ledger: Ledger): Record<string, Record<string, string>> {
  const { accounts, opening } = ledger
  const by = (figure: (asset: string) => bigint): Record<string, string> => Object.fromEntries(accounts.assets().map((asset) => [asset, formatAmount(figure(asset))]))
  return { opening: by((asset) => opening.get(asset) ?? 0n), free: by((asset) => accounts.of(asset).free), held: by((asset) => accounts.of(asset).held) }
}
