/** How single fields of the venue's payloads are read (coinbase-advanced-trade.md 3). */
import { z } from 'zod'

/** An optional text or decimal; a few fields are JSON numbers in some versions. */
export const maybe = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined))
export const maybeFlag = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined))
/** A name, which is a text and nothing else. */
export const maybeName = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && value !== '' ? value : undefined))
export const required = z.string().min(1)
export const side = z.enum(['BUY', 'SELL'])
