/**
 * Parameters and their signature. The two ways of the venue are opposites: REST signs the percent-encoded text in the
 * order in which it is sent (binance-spot.md 3.2), the WebSocket API signs the bare text in alphabetical order (3.3).
 */
import type { RequestKey } from './sign.ts'

export type Params = readonly (readonly [name: string, value: string])[]

/** A quotation mark would be encoded by the URL itself, after the signature. */
const encoded = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27')

/** `a=1&b=2`, percent-encoded. */
export const queryOf = (params: Params): string => params.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')

/** The query of a signed REST call: these bytes are signed, and these bytes are sent. */
export const signedQuery = (key: RequestKey, params: Params): string => {
  const query = queryOf(params)
  return `${query}&signature=${encoded(key.sign(query))}`
}

/** Values as they stand in the JSON: decimals as texts, times and counts as numbers. */
export type SocketParams = Readonly<Record<string, string | number>>

/** The parameters of a signed WebSocket API request; the key's name is signed with them. */
export const signedParams = (key: RequestKey, params: SocketParams): SocketParams => {
  const all = { ...params, apiKey: key.apiKey }
  const payload = Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return { ...all, signature: key.sign(payload) }
}
