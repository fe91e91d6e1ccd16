/** JSON as the venue means it: its ids are 64-bit integers (binance-spot.md 0), which a JavaScript number cannot all hold. */
import { parseJson } from '../venue-kit/reading.ts'

/** Only a run of so many digits can be an integer that a number would round. */
const longRun = 16
const digitZero = 48
const digitNine = 57

const isDigit = (text: string, index: number): boolean => {
  const code = text.charCodeAt(index)
  return code >= digitZero && code <= digitNine
}

/** Whether there is such a run: each has a digit at every sixteenth place, so only those are looked at. */
const hasLongRun = (text: string): boolean => {
  for (let index = longRun - 1; index < text.length; index += longRun) {
    if (!isDigit(text, index)) continue
    let first = index
    while (isDigit(text, first - 1)) first--
    let end = index + 1
    while (isDigit(text, end)) end++
    if (end - first >= longRun) return true
  }
  return false
}

interface Reviving {
  (text: string, revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown
}

/** Integers beyond 2^53 become texts of their digits; undefined when the text is no JSON. */
export const parseExactly = (text: string): unknown => {
  if (!hasLongRun(text)) return parseJson(text)
  try {
    return (JSON.parse as Reviving)(text, (_key, value, { source }) => (typeof value === 'number' && !Number.isSafeInteger(value) && isInteger(source) ? source : value))
  } catch {
    return undefined
  }
}

const isInteger = (source: string | undefined): boolean => source !== undefined && /^-?\d{16,19}$/.test(source)
