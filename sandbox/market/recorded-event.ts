import { parseAmount } from '../exchange/amounts.ts'
import type { Product } from '../exchange/products.ts'

/** Something in a recording that cannot be understood: a sentence for the user without file and line. */
export class RecordingFault extends Error {}

/** A price text in whole ticks, cut towards zero; at least one. Throws RecordingFault on anything but a positive decimal. */
export function ticksOf(text: unknown, product: Product): number {
  const price = parseAmount(String(text))
  if (price === undefined || price < product.priceIncrement) throw new RecordingFault(`${JSON.stringify(text)} is not a price`)
  return Number(price / product.priceIncrement)
}

/** A size text in atoms, cut to the product's step. Throws RecordingFault on anything but a decimal. */
export function sizeOf(text: unknown, product: Product): bigint {
  const size = parseAmount(String(text).replace(/(\.\d{18})\d+$/, '$1'))
  if (size === undefined) throw new RecordingFault(`${JSON.stringify(text)} is not a size`)
  return size - (size % product.baseIncrement)
}

/** A JSON object out of a line. Throws RecordingFault. */
export function objectOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // The fault below says it for both cases.
  }
  throw new RecordingFault('the line is not a JSON object')
}
