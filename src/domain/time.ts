/** Moments are whole milliseconds since 1970-01-01T00:00:00Z; durations are whole milliseconds. */

/** Milliseconds since the epoch. */
export type Millis = number

/**
 * Reads an RFC 3339 UTC stamp with any number of fraction digits (coinbase-advanced-trade.md, section 1).
 * Undefined when it is none.
 */
export const parseTimestamp = (text: string): Millis | undefined => {
  const at = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'))
  return Number.isNaN(at) ? undefined : at
}

/** RFC 3339 UTC with milliseconds. */
export const formatTimestamp = (at: Millis): string => new Date(at).toISOString()
