import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import { formatAmount } from '../exchange/amounts.ts'
import { priceAtoms, type Product } from '../exchange/products.ts'
import { objectOf, RecordingFault, sizeOf, ticksOf } from './recorded-event.ts'

/**
 * The sandbox's own recording: JSON lines, the first `{"format":"nightdesk-market","version":1,"products":[...]}`, then quotes
 * `{"at","product","bid","bidSize","ask","askSize"}` and trades `{"at","product","price","size","makerSide"}`; `at` in milliseconds since 1970,
 * figures as decimal text.
 */
export interface RecordingHeader {
  readonly format: 'nightdesk-market'
  readonly version: 1
  readonly products: readonly string[]
}

/** The header, if the line is one. */
export function readHeader(line: string): RecordingHeader | undefined {
  if (!line.startsWith('{')) return undefined
  const header = objectOf(line)
  if (header['format'] !== 'nightdesk-market') return undefined
  if (header['version'] !== 1 || !Array.isArray(header['products'])) throw new RecordingFault('the recording is of another version')
  return { format: 'nightdesk-market', version: 1, products: header['products'].map(String) }
}

/** The event of a line if it belongs to `product`. Throws RecordingFault. */
export function readOwnLine(line: string, product: Product): MarketEvent | undefined {
  const row = objectOf(line)
  const { at, makerSide } = row
  if (row['product'] !== product.id && row['product'] !== product.recordedAs) return undefined
  if (typeof at !== 'number') throw new RecordingFault('"at" is not a number')
  if ('bid' in row) {
    return { kind: 'quote', atMs: at, quote: { bid: ticksOf(row['bid'], product), ask: ticksOf(row['ask'], product), bidSize: sizeOf(row['bidSize'], product), askSize: sizeOf(row['askSize'], product) } }
  }
  if (makerSide !== 'BUY' && makerSide !== 'SELL') throw new RecordingFault('the line is neither a quote nor a trade')
  return { kind: 'trade', atMs: at, trade: { price: ticksOf(row['price'], product), quantity: sizeOf(row['size'], product), makerSide } }
}

/** The line of an event that happened at `atMs` since 1970. */
export function writeOwnLine(event: MarketEvent, product: Product, atMs: number): string {
  const price = (ticks: number): string => formatAmount(priceAtoms(product, ticks))
  const head = { at: atMs, product: product.id }
  if (event.kind === 'trade') return JSON.stringify({ ...head, price: price(event.trade.price), size: formatAmount(event.trade.quantity), makerSide: event.trade.makerSide })
  const { bid, ask, bidSize, askSize } = event.quote
  return JSON.stringify({ ...head, bid: price(bid), bidSize: formatAmount(bidSize), ask: price(ask), askSize: formatAmount(askSize) })
}
