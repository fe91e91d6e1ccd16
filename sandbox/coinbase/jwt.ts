import type { ApiKey } from './keys.ts'

/** Why a token is not accepted; the venue itself tells clients nothing but "Unauthorized". */
export type TokenFault = 'malformed' | 'unknown key' | 'wrong algorithm' | 'bad signature' | 'no nonce' | 'wrong issuer' | 'not yet valid' | 'expired' | 'wrong uri'

/** What a token is checked against. `uris` are the acceptable spellings; none for WebSocket tokens. */
export interface TokenCheck {
  readonly keys: ReadonlyMap<string, ApiKey>
  readonly nowMs: number
  readonly uris?: readonly string[]
}

const LEEWAY_SECONDS = 5
const ISSUERS: ReadonlySet<unknown> = new Set(['cdp', 'coinbase-cloud'])

/** Verifies a JWT of the venue (coinbase-advanced-trade.md 2.1, all claim dialects, 5 s leeway). Undefined: accepted. */
export function tokenFault(token: string, check: TokenCheck): TokenFault | undefined {
  const parts = token.split('.')
  const [head = '', body = '', signature = ''] = parts
  const header = decodePart(head)
  const payload = decodePart(body)
  if (parts.length !== 3 || !header || !payload) return 'malformed'
  const key = check.keys.get(String(header['kid']))
  if (!key || payload['sub'] !== key.name) return 'unknown key'
  if (header['alg'] !== key.algorithm) return 'wrong algorithm'
  if (!key.holds(`${head}.${body}`, Buffer.from(signature, 'base64url'))) return 'bad signature'
  if (typeof header['nonce'] !== 'string' || header['nonce'] === '') return 'no nonce'
  return claimsFault(payload, check)
}

/**
 * The spellings of the `uri` claim that are right for a request: the host as called. Over plain HTTP, which only loopback speaks, clients that cut
 * `https://` off their base URL misspell it, and that is forgiven: ccxt leaves `http://` in, coinbase-api cuts one letter of the host.
 */
export function acceptableUris(method: string, host: string, path: string): string[] {
  const name = host.split(':')[0] ?? host
  return [host, `http://${host}`, host.slice(1), name].map((spelling) => `${method} ${spelling}${path}`)
}

function claimsFault(payload: Record<string, unknown>, check: TokenCheck): TokenFault | undefined {
  const now = check.nowMs / 1000
  const { iss, nbf, exp, uri, uris } = payload
  if (!ISSUERS.has(iss)) return 'wrong issuer'
  if (typeof nbf !== 'number' || nbf > now + LEEWAY_SECONDS) return 'not yet valid'
  if (typeof exp !== 'number' || exp < now - LEEWAY_SECONDS) return 'expired'
  if (!check.uris) return undefined
  const claimed: unknown[] = Array.isArray(uris) ? uris : [uri]
  return claimed.some((one) => check.uris?.includes(String(one))) ? undefined : 'wrong uri'
}

function decodePart(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
