/**
 * What the library threw, in the desk's closed unions. Classes are told by their names along the prototype chain, so that no
 * class of the library has to be imported, and a second copy of it means the same.
 *
 * F1  A create was refused only where the error's own class says so of the order itself. A class that a follow-up request or
 *     an intermediary may cause (key, limit, nonce, not found, bad request) proves nothing, and neither does a class that is
 *     new to us, whatever it inherits.
 */
import type { CancelOutcome, Failure, FailureKind, RefusalReason, SendOutcome } from '../../domain/failure.ts'
import type { Redact } from './redact.ts'

/** ccxt 4.5.84, `base/errors.js`; a class that is not listed is what its nearest listed ancestor is. */
const kinds: ReadonlyMap<string, FailureKind> = new Map([
  ['RequestTimeout', 'timeout'],
  ['DDoSProtection', 'rateLimited'],
  ['RateLimitExceeded', 'rateLimited'],
  ['ExchangeNotAvailable', 'unavailable'],
  ['InvalidNonce', 'clockSkew'],
  ['ChecksumError', 'malformed'],
  ['NetworkError', 'network'],
  ['BadResponse', 'malformed'],
  ['OperationFailed', 'unavailable'],
  ['PermissionDenied', 'forbidden'],
  ['AccountSuspended', 'forbidden'],
  ['AuthenticationError', 'unauthorised'],
  ['RestrictedLocation', 'forbidden'],
  ['OrderNotFound', 'notFound'],
  ['InvalidOrder', 'badRequest'],
  ['InsufficientFunds', 'badRequest'],
  ['InvalidAddress', 'badRequest'],
  ['OperationRejected', 'badRequest'],
  ['BadRequest', 'badRequest'],
  ['ArgumentsRequired', 'badRequest'],
  ['NotSupported', 'badRequest'],
  ['InvalidProxySettings', 'badRequest'],
  ['ExchangeClosedByUser', 'badRequest'],
  // The exchange has answered with an error that the library cannot name: an internal one, as likely as not.
  ['ExchangeError', 'unavailable'],
  ['BaseError', 'unavailable'],
])

/** Words that the library itself lists as `OrderNotFound` and then does not find, because it looks in another field (coinbase). */
const unknownOrder = /order with this orderID was not found/

/** Deeper than the library's own hierarchy. */
const deepest = 12

/** The names of a thing's class and its ancestors, nearest first; never throws. */
const classesOf = (thrown: unknown): readonly string[] => {
  const names: string[] = []
  try {
    let at: unknown = typeof thrown === 'object' && thrown !== null ? Object.getPrototypeOf(thrown) : undefined
    for (let depth = 0; typeof at === 'object' && at !== null && depth < deepest; depth += 1) {
      const { constructor } = at
      if (typeof constructor === 'function') names.push(constructor.name)
      at = Object.getPrototypeOf(at)
    }
  } catch {
    // A thing that does not let itself be looked at has no class.
  }
  return names
}

const wordsOf = (thrown: unknown): string => {
  try {
    return thrown instanceof Error && typeof thrown.message === 'string' ? thrown.message : ''
  } catch {
    return ''
  }
}

/** Something else than an error of the library is an answer on which the library itself stumbled. */
const kindOf = (classes: readonly string[]): FailureKind => {
  const listed = classes.find((name) => kinds.has(name))
  return (listed === undefined ? undefined : kinds.get(listed)) ?? 'malformed'
}

/** The failure that a thrown thing stands for. */
export const failureOf = (thrown: unknown, redact: Redact): Failure => {
  const classes = classesOf(thrown)
  const words = wordsOf(thrown)
  const kind = classes[0] === 'ExchangeError' && unknownOrder.test(words) ? 'notFound' : kindOf(classes)
  return { kind, detail: redact(`${classes[0] ?? 'not an error'}: ${words}`) }
}

/** F1: refused, whatever comes before or after the write. `InvalidOrder` says why in prose only. */
const refusals: ReadonlyMap<string, RefusalReason | 'inProse'> = new Map([
  ['InsufficientFunds', 'insufficientFunds'],
  ['OrderImmediatelyFillable', 'wouldCross'],
  ['OrderNotFillable', 'other'],
  ['MarketClosed', 'instrumentUnavailable'],
  ['InvalidOrder', 'inProse'],
])

/** Hints for people: that the order was refused is the class's word, not the prose's. */
const hints: readonly (readonly [RegExp, RefusalReason])[] = [
  [/post.?only|immediately/i, 'wouldCross'],
  [/precision|tick|decimal/i, 'badPrecision'],
  [/size|lot|notional|amount|quantity|minimum|qty/i, 'badSize'],
  [/price/i, 'badPrice'],
]

const reasonIn = (words: string): RefusalReason => hints.find(([pattern]) => pattern.test(words))?.[1] ?? 'other'

/** Some exchanges say "duplicate" with the class of an invalid order (binance: -2010 `Duplicate order sent.`); such an order may be alive. */
const duplicate = /duplicat|already (?:exist|used)|repeated/i

/** What a create that threw proves; anything that is not listed proves nothing. */
export const sendOutcome = (thrown: unknown, redact: Redact): SendOutcome => {
  const words = wordsOf(thrown)
  const [own = ''] = classesOf(thrown)
  const failure = failureOf(thrown, redact)
  const refusal = refusals.get(own)
  if (own === 'DuplicateOrderId' || (refusal === 'inProse' && duplicate.test(words))) return { kind: 'exists' }
  if (refusal === undefined) return { kind: 'unknown', failure }
  return { kind: 'refused', reason: refusal === 'inProse' ? reasonIn(words) : refusal, detail: failure.detail }
}

/** A cancel that the exchange turned down; whether the order is still there, the look-up tells. */
const turnedDown: ReadonlySet<string> = new Set(['OrderNotFound', 'InvalidOrder', 'BadRequest', 'NotSupported'])

export const cancelOutcome = (thrown: unknown, redact: Redact): CancelOutcome => {
  const failure = failureOf(thrown, redact)
  return turnedDown.has(classesOf(thrown)[0] ?? '') ? { kind: 'refused', detail: failure.detail } : { kind: 'unknown', failure }
}
