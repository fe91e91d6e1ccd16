import { errors } from './api-error.ts'
import type { ApiKey } from './keys.ts'

/** What a request says about who sends it. `signed` are the bytes its signature must be of. */
export interface Credentials {
  readonly apiKey: string | undefined
  readonly signature: string | undefined
  readonly signed: string
}

/** When a request was made and for how long it may be taken; milliseconds. */
export interface RequestTime {
  readonly timestamp: number
  readonly recvWindow: number
}

const DEFAULT_WINDOW_MS = 5000
const LARGEST_WINDOW_MS = 60_000
const LEAD_MS = 1000
/** A time from here on is in microseconds (binance-spot.md 2). */
const MICROSECONDS_FROM = 1e14

/** The signed text of a REST request: query directly followed by body, as they came, without the signature itself (binance-spot.md 3.2). */
export function restPayload(query: string, body: string): string {
  return [query, body].map((part) => part.split('&').filter((pair) => !pair.startsWith('signature=')).join('&')).join('')
}

/** The signed text of a WebSocket API request: every parameter but the signature, by name, not encoded (binance-spot.md 3.3). */
export function socketPayload(values: ReadonlyMap<string, string>): string {
  const names = [...values.keys()].filter((name) => name !== 'signature').sort()
  return names.map((name) => `${name}=${values.get(name)}`).join('&')
}

/** The key that signed the request. Throws -2014, -2015, -1102 or -1022. */
export function authenticate({ apiKey, signature, signed }: Credentials, keys: ReadonlyMap<string, ApiKey>): ApiKey {
  if (apiKey === undefined || !/^[\w-]{10,128}$/.test(apiKey)) throw errors.badKeyFormat()
  const key = keys.get(apiKey)
  if (!key) throw errors.badKey()
  if (signature === undefined || signature === '') throw errors.missing('signature')
  if (!key.holds(signed, signature)) throw errors.badSignature()
  return key
}

/** The request's time and window. Throws -1102, -1100 or -1131. */
export function requestTimeOf(values: ReadonlyMap<string, string>): RequestTime {
  const timestamp = values.get('timestamp') ?? ''
  const recvWindow = values.get('recvWindow') ?? String(DEFAULT_WINDOW_MS)
  if (!/^\d{1,17}$/.test(timestamp)) throw errors.missing('timestamp')
  if (!/^\d{1,8}(\.\d{1,3})?$/.test(recvWindow)) throw errors.illegal('recvWindow', String.raw`^[0-9]{1,5}(\.[0-9]{1,3})?$`)
  if (Number(recvWindow) > LARGEST_WINDOW_MS) throw errors.windowTooLarge()
  const at = Number(timestamp)
  return { timestamp: at < MICROSECONDS_FROM ? at : at / 1000, recvWindow: Number(recvWindow) }
}

/** Throws -1021 with one of its two texts unless the request may be taken now (binance-spot.md 3.4). */
export function checkTime({ timestamp, recvWindow }: RequestTime, nowMs: number): void {
  if (timestamp >= nowMs + LEAD_MS) throw errors.aheadOfServer()
  if (nowMs - timestamp > recvWindow) throw errors.outsideWindow()
}
