/**
 * Everything that can go wrong between the desk and a venue, as one closed union. Adapters translate
 * status codes and texts into it at the edge; nothing inward reads a venue's prose.
 */
import type { Millis } from './time.ts'

/** Why a call to a venue gave no usable answer. */
export type FailureKind =
  /** No connection, reset, name not resolved. */
  | 'network'
  | 'timeout'
  /** 5xx, maintenance page, or the venue says that it cannot tell. */
  | 'unavailable'
  /** An answer that cannot be read. */
  | 'malformed'
  | 'rateLimited'
  | 'banned'
  /** Bad key, bad signature. */
  | 'unauthorised'
  /** The key lacks the permission. */
  | 'forbidden'
  | 'clockSkew'
  | 'badRequest'
  | 'notFound'

export interface Failure {
  readonly kind: FailureKind
  /** One line for people; never holds a secret. */
  readonly detail: string
  /** Set for rateLimited and banned where the venue says how long. */
  readonly retryAfterMs?: Millis
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }
export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const failed = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure })

/** Why a venue refused an order, normalised. */
export type RefusalReason =
  | 'insufficientFunds'
  | 'wouldCross'
  | 'badPrecision'
  | 'badSize'
  | 'badPrice'
  | 'instrumentUnavailable'
  | 'tooManyOrders'
  | 'rateLimited'
  | 'notPermitted'
  | 'badRequest'
  | 'other'

/**
 * What became of one create request. Only `accepted`, and `refused` (a listed code that the venue documents
 * as "not executed"), are knowledge; the default for everything else is `unknown` (docs/guarantees.md).
 */
export type SendOutcome =
  | { readonly kind: 'accepted'; readonly venueOrderId: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly detail: string }
  /** The venue says that it has this client order id already: evidence that the first one arrived. */
  | { readonly kind: 'exists'; readonly venueOrderId?: string }
  | { readonly kind: 'unknown'; readonly failure: Failure }

/** What became of one cancel request; any answer leads to a look-up, only the look-up ends the order. */
export type CancelOutcome =
  | { readonly kind: 'requested' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly failure: Failure }
