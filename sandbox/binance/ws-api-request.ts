/** A frame of a WebSocket API client: `id` comes back as it was sent, `values` are the parameters as the signature spells them (binance-spot.md 3.3, 4.1). */
export interface SocketRequest {
  readonly id: string | number | null
  readonly method: string
  readonly values: ReadonlyMap<string, string>
}

/** Reads a frame; undefined for what is no request. */
export function readSocketRequest(text: string): SocketRequest | undefined {
  const frame = objectOf(text)
  if (!frame) return undefined
  const { id = null, method, params = {} } = frame
  if (typeof method !== 'string' || typeof params !== 'object' || params === null) return undefined
  if (id !== null && typeof id !== 'string' && typeof id !== 'number') return undefined
  return { id, method, values: new Map(Object.entries(params).map(([name, value]) => [name, spelled(value)])) }
}

function spelled(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
