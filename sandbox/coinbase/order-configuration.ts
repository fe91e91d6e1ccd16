import { formatAmount, parseAmount } from '../exchange/amounts.ts'
import type { OrderTerms, Side, TimeInForce } from '../exchange/order.ts'
import { priceAtoms, products, type Product } from '../exchange/products.ts'
import { millisOf, rfc3339 } from './times.ts'

/** A request the dialect itself refuses: a reason of coinbase-advanced-trade.md 6.1 and 6.2, without any prefix. */
export interface Unreadable {
  readonly failure: string
}

interface Kind {
  readonly timeInForce: TimeInForce
  readonly limit: boolean
}

/** The kinds the sandbox trades (coinbase-advanced-trade.md 5.8). */
const KINDS: Readonly<Record<string, Kind>> = {
  market_market_ioc: { timeInForce: 'IOC', limit: false },
  sor_limit_ioc: { timeInForce: 'IOC', limit: true },
  limit_limit_gtc: { timeInForce: 'GTC', limit: true },
  limit_limit_gtd: { timeInForce: 'GTD', limit: true },
  limit_limit_fok: { timeInForce: 'FOK', limit: true },
}

/** Reads the order out of a create or preview body. `body` is any JSON object. */
export function readTerms(body: Readonly<Record<string, unknown>>): OrderTerms | Unreadable {
  const product = products.get(String(body['product_id']))
  if (!product) return { failure: 'INVALID_PRODUCT_ID' }
  const side = body['side']
  if (side !== 'BUY' && side !== 'SELL') return { failure: 'INVALID_SIDE' }
  const entries = Object.entries(record(body['order_configuration']))
  const [name, fields] = entries[0] ?? ['', {}]
  const kind = KINDS[name]
  if (!kind || entries.length !== 1) return { failure: 'UNSUPPORTED_ORDER_CONFIGURATION' }
  return readKind({ kind, fields: record(fields), product, side, clientOrderId: textOf(body['client_order_id']) })
}

interface Reading {
  readonly kind: Kind
  readonly fields: Readonly<Record<string, unknown>>
  readonly product: Product
  readonly side: Side
  readonly clientOrderId: string
}

function readKind({ kind, fields, product, side, clientOrderId }: Reading): OrderTerms | Unreadable {
  const size = readSize(fields, kind, side)
  if ('failure' in size) return size
  const price: { limitTicks?: number } | Unreadable = kind.limit ? readPrice(fields['limit_price'], product) : {}
  if ('failure' in price) return price
  const end: { endAtMs?: number } | Unreadable = kind.timeInForce === 'GTD' ? readEnd(fields['end_time']) : {}
  if ('failure' in end) return end
  const postOnly = fields['post_only'] === true
  if (postOnly && kind.timeInForce === 'FOK') return { failure: 'POST_ONLY_NOT_ALLOWED_WITH_FOK' }
  return { clientOrderId, productId: product.id, side, timeInForce: kind.timeInForce, postOnly, ...size, ...price, ...end }
}

function readSize(fields: Readonly<Record<string, unknown>>, kind: Kind, side: Side): { quantity: bigint } | { quoteSize: bigint } | Unreadable {
  const base = fields['base_size']
  const quote = fields['quote_size']
  const text = base ?? quote
  const value = typeof text === 'string' ? parseAmount(text) : undefined
  if (value === undefined) return { failure: typeof text === 'string' && /^\d*\.\d{19,}$/.test(text) ? 'INVALID_SIZE_PRECISION' : 'INVALID_REQUEST' }
  if (base !== undefined) return quote === undefined ? { quantity: value } : { failure: 'INVALID_REQUEST' }
  return kind.limit || side === 'SELL' ? { failure: 'UNSUPPORTED_ORDER_CONFIGURATION' } : { quoteSize: value }
}

function readPrice(text: unknown, product: Product): { limitTicks: number } | Unreadable {
  const price = typeof text === 'string' ? parseAmount(text) : undefined
  if (price === undefined || price === 0n) return { failure: 'INVALID_LIMIT_PRICE' }
  if (price % product.priceIncrement !== 0n) return { failure: 'INVALID_PRICE_PRECISION' }
  const ticks = Number(price / product.priceIncrement)
  return Number.isSafeInteger(ticks) ? { limitTicks: ticks } : { failure: 'INVALID_LIMIT_PRICE' }
}

function readEnd(text: unknown): { endAtMs: number } | Unreadable {
  const endAtMs = typeof text === 'string' ? millisOf(text) : undefined
  return endAtMs === undefined ? { failure: 'GTD_ORDERS_MUST_HAVE_END_TIME' } : { endAtMs }
}

/** The configuration object as the venue shows it back. */
export function showConfiguration(terms: OrderTerms): Record<string, unknown> {
  const product = products.get(terms.productId)
  const size = terms.quoteSize === undefined ? { base_size: formatAmount(terms.quantity ?? 0n) } : { quote_size: formatAmount(terms.quoteSize) }
  if (terms.limitTicks === undefined || !product) return { market_market_ioc: size }
  const limit = { ...size, limit_price: formatAmount(priceAtoms(product, terms.limitTicks)) }
  if (terms.timeInForce === 'IOC') return { sor_limit_ioc: limit }
  if (terms.timeInForce === 'FOK') return { limit_limit_fok: limit }
  if (terms.timeInForce === 'GTC') return { limit_limit_gtc: { ...limit, post_only: terms.postOnly } }
  return { limit_limit_gtd: { ...limit, end_time: rfc3339(terms.endAtMs ?? 0), post_only: terms.postOnly } }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
