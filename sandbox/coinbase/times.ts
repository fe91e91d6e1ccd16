/** Milliseconds since 1970 as RFC 3339 UTC with six fraction digits. */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`
}

/** The envelope's form: nine fraction digits (coinbase-advanced-trade.md 9.2). */
export function rfc3339Nano(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000000Z`
}

/** Milliseconds since 1970 of an RFC 3339 text with any number of fraction digits; undefined when it is none. */
export function millisOf(text: string): number | undefined {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
