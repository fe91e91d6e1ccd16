import type { RequestClass } from '../control/fault-kinds.ts'
import type { Parameters } from './parameters.ts'
import type { Venue } from './venue.ts'

/** Something a client can ask for, over REST, over the WebSocket API or over both, with the same parameters and the same answer (binance-spot.md 4.5). */
export interface Method {
  /** `GET /order`, below `/api/v3`. */
  readonly rest: string | undefined
  /** `order.status`. */
  readonly socket: string | undefined
  /** Whether it needs a signature. */
  readonly signed: boolean
  readonly kind: RequestClass
  readonly weight: (values: ReadonlyMap<string, string>) => number
  /** A success costs nothing (binance-spot.md 5). */
  readonly freeOnSuccess: boolean
  /** Reads the parameters and answers what to do; both throw ApiError. */
  readonly prepare: Prepare
}

export type Prepare = (venue: Venue, parameters: Parameters) => () => unknown

interface Traits {
  readonly signed?: boolean
  readonly kind?: RequestClass
  readonly weight: number | Method['weight']
  readonly freeOnSuccess?: boolean
}

/** `names` are the REST request and the WebSocket API method with a bar between; a dash for none. */
export function method(names: string, traits: Traits, prepare: Prepare): Method {
  const [rest, socket] = names.split('|').map((name) => (name.trim() === '-' ? undefined : name.trim()))
  const { weight, signed = false, kind = 'reads', freeOnSuccess = false } = traits
  return { rest, socket, signed, kind, weight: typeof weight === 'number' ? () => weight : weight, freeOnSuccess, prepare }
}
