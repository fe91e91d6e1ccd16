import type { IncomingMessage } from 'node:http'

const MAX_BYTES = 1_000_000

/** The request's JSON object; `{}` for an empty body, undefined for anything else or more than a megabyte. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer = chunk as Buffer
    bytes += buffer.length
    if (bytes > MAX_BYTES) return undefined
    chunks.push(buffer)
  }
  if (bytes === 0) return {}
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
