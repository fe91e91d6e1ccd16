/** Moments are whole milliseconds since 1970-01-01T00:00:00Z; durations are whole milliseconds. */

/** Milliseconds since the epoch. */
export type Millis = number

const digitZero = 48

/** The whole number that is written from one place to before another; NaN where there is anything but digits. */
const numberIn = (text: string, from: number, to: number): number => {
  let value = 0
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - digitZero
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

const isBetween = (least: number, value: number, most: number): boolean => value >= least && value <= most

const isStampShaped = (text: string): boolean =>
  text.length > 23 && text[4] === '-' && text[7] === '-' && text[10] === 'T' && text[13] === ':' && text[16] === ':' && text[19] === '.' && text.endsWith('Z')

/** Of `2026-09-30T12:00:05.520000001Z`, which every tick of a market carries; NaN for every other form. */
const readStamp = (text: string): Millis => {
  if (!isStampShaped(text)) return Number.NaN
  const [year, month, day] = [numberIn(text, 0, 4), numberIn(text, 5, 7), numberIn(text, 8, 10)]
  const [hour, minute, second] = [numberIn(text, 11, 13), numberIn(text, 14, 16), numberIn(text, 17, 19)]
  const isDate = year >= 1000 && isBetween(1, month, 12) && isBetween(1, day, 31)
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && numberIn(text, 23, text.length - 1) >= 0
  return isDate && isTime ? Date.UTC(year, month - 1, day, hour, minute, second, numberIn(text, 20, 23)) : Number.NaN
}

/**
 * Reads an RFC 3339 UTC stamp with any number of fraction digits (coinbase-advanced-trade.md, section 1).
 * Undefined when it is none.
 */
export const parseTimestamp = (text: string): Millis | undefined => {
  const stamp = readStamp(text)
  const at = Number.isNaN(stamp) ? Date.parse(text.replace(/(\.\d{3})\d+/, '$1')) : stamp
  return Number.isNaN(at) ? undefined : at
}

/** RFC 3339 UTC with milliseconds. */
export const formatTimestamp = (at: Millis): string => new Date(at).toISOString()
