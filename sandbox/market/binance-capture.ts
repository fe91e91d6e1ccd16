import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import type { Product } from '../exchange/products.ts'
import { objectOf, RecordingFault, sizeOf, ticksOf } from './recorded-event.ts'

/** A line of a raw Binance combined stream: `<receive time in ns> <json>`. */
export const BINANCE_LINE = /^(\d{16,20}) (\{.*\})\s*$/

/**
 * The event of one captured line: `bookTicker` is the quote, `trade` the tape (`m`: the buyer was resting); every other stream is passed over.
 * `atMs` is the receive time since 1970. Throws RecordingFault.
 */
export function readBinanceLine(line: string, product: Product): MarketEvent | undefined {
  const match = BINANCE_LINE.exec(line)
  if (!match) throw new RecordingFault('the line is not "<nanoseconds> <json>"')
  const atMs = Number(match[1]) / 1e6
  const message = objectOf(match[2] ?? '')
  const { stream, data } = message as { stream?: unknown; data?: Record<string, unknown> }
  if (typeof stream !== 'string' || !data) return undefined
  if (stream.endsWith('@bookTicker')) {
    return { kind: 'quote', atMs, quote: { bid: ticksOf(data['b'], product), ask: ticksOf(data['a'], product), bidSize: sizeOf(data['B'], product), askSize: sizeOf(data['A'], product) } }
  }
  if (!stream.endsWith('@trade')) return undefined
  return { kind: 'trade', atMs, trade: { price: ticksOf(data['p'], product), quantity: sizeOf(data['q'], product), makerSide: data['m'] === true ? 'BUY' : 'SELL' } }
}
