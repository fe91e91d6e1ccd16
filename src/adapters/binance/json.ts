/** JSON as the venue means it: its ids are 64-bit integers (binance-spot.md 0), which a JavaScript number cannot all hold. */
import { parseJson } from '../venue-kit/reading.ts'

/** Only such a text can hold an integer that a number would round. */
const longDigits = /\d{16}/

interface Reviving {
  (text: string, revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown
}

/** Integers beyond 2^53 become texts of their digits; undefined when the text is no JSON. */
export const parseExactly = (text: string): unknown => {
  if (!longDigits.test(text)) return parseJson(text)
  try {
    return (JSON.parse as Reviving)(text, (_key, value, { source }) => (typeof value === 'number' && !Number.isSafeInteger(value) && isInteger(source) ? source : value))
  } catch {
    return undefined
  }
}

const isInteger = (source: string | undefined): boolean => source !== undefined && /^-?\d{16,19}$/.test(source)
