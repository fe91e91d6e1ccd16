/** What went wrong, from status and body to the desk's closed union (binance-spot.md 9, 13). */
import type { CancelOutcome, Failure, FailureKind, RefusalReason, SendOutcome } from '../../domain/failure.ts'
import type { HttpAnswer } from '../venue-kit/transport.ts'
import { formatVenueName, type VenueName } from './names.ts'
import { refusalReason, saysDuplicate } from './refusal-reasons.ts'
import { readCancelled, readErrorBody, readPlaced, type ErrorBody } from './wire.ts'

const kindByCode: ReadonlyMap<number, FailureKind> = new Map<number, FailureKind>([
  ...[-1000, -1001, -1006, -1007, -1008].map((code): [number, FailureKind] => [code, 'unavailable']),
  ...[-1002, -1022, -2014, -2015].map((code): [number, FailureKind] => [code, 'unauthorised']),
  ...[-1003, -1015].map((code): [number, FailureKind] => [code, 'rateLimited']),
  [-1021, 'clockSkew'],
  ...[-2013, -2026].map((code): [number, FailureKind] => [code, 'notFound']),
])

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  400: 'badRequest',
  401: 'unauthorised',
  403: 'forbidden',
  404: 'notFound',
  408: 'timeout',
  418: 'banned',
  429: 'rateLimited',
  // The location is refused; no key and no patience mends that.
  451: 'forbidden',
}

/** The code says why; where the status says that the venue is ill, or that another speaks for it, its word does not count. */
const kindOf = (status: number, code: number | undefined): FailureKind => {
  if (status === 200) return 'malformed'
  // A redirect is not this venue speaking: a proxy or a captive portal.
  if (status >= 500 || (status >= 300 && status < 400)) return 'unavailable'
  const byCode = code === undefined || status === 418 ? undefined : kindByCode.get(code)
  return byCode ?? kindByStatus[status] ?? (status >= 400 ? 'badRequest' : 'malformed')
}

/** The failure that an answer other than a readable 200 stands for. */
export const failureOf = (answer: HttpAnswer): Failure => {
  const body = readErrorBody(answer.text)
  const retry = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }
  return { kind: kindOf(answer.status, body.code), detail: `HTTP ${answer.status}${said(body)}`, ...retry }
}

const said = ({ code, message }: ErrorBody): string => {
  const words = [...(code === undefined ? [] : [String(code)]), ...(message === undefined ? [] : [cleaned(message)])]
  return words.length === 0 ? '' : `: ${words.join(' ')}`
}

/** One line, bounded, without control characters and without anything as long as a key or a signature. */
export const cleaned = (text: string): string =>
  text
    .replaceAll(/[A-Za-z0-9+/=_%-]{40,}/g, '[long]')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 200)

/** The refusal that is said of a dead key, and of a live one during a temporary ban (12). */
export const isKeyRefusal = (answer: HttpAnswer): boolean => readErrorBody(answer.text).code === -2015

export const isClockSkew = (answer: HttpAnswer): boolean => answer.status !== 200 && readErrorBody(answer.text).code === -1021

/** True when the venue says that it knows no such order, as opposed to no such path. That proves nothing by itself (12). */
export const isUnknownOrder = (answer: HttpAnswer): boolean => answer.status === 400 && readErrorBody(answer.text).code === -2013

/** What was asked for, to be compared with what is answered. */
export interface AskedOrder {
  readonly instrument: string
  readonly symbol: string
  readonly clientOrderId: string
}

/** What an answer to a create proves. Anything that is not listed proves nothing. */
export const sendOutcome = (answer: HttpAnswer, asked: AskedOrder): SendOutcome => {
  if (answer.status === 200) return placedAs(answer, asked)
  const body = readErrorBody(answer.text)
  if (!refusing(answer.status)) return { kind: 'unknown', failure: failureOf(answer) }
  if (saysDuplicate(body)) return { kind: 'exists' }
  const refusal = refusalOf(answer)
  return refusal === undefined ? { kind: 'unknown', failure: failureOf(answer) } : { kind: 'refused', ...refusal }
}

/** The statuses with which the venue refuses; 408 and 409 may stand for something that was done (9). */
const refusing = (status: number): boolean => [400, 401, 403, 418, 429].includes(status)

const placedAs = ({ text }: HttpAnswer, { instrument, symbol, clientOrderId }: AskedOrder): SendOutcome => {
  const placed = readPlaced(text)
  if (placed === undefined) return unreadable('success without an order id')
  if (placed.clientOrderId !== clientOrderId || placed.symbol !== symbol) return unreadable('the answer speaks of another order')
  return { kind: 'accepted', venueOrderId: formatVenueName({ instrument, id: placed.orderId }) }
}

/** The reason for which the venue documents that it refuses; undefined where it may mean something else. */
export const refusalOf = (answer: HttpAnswer): { readonly reason: RefusalReason; readonly detail: string } | undefined => {
  const body = readErrorBody(answer.text)
  const reason = refusing(answer.status) ? refusalReason(body) : undefined
  return reason && { reason, detail: `HTTP ${answer.status}${said(body)}` }
}

const unreadable = (detail: string): SendOutcome => ({ kind: 'unknown', failure: { kind: 'malformed', detail } })

/**
 * What an answer to a cancel says. `-2011 Unknown order sent.` is said of unknown, filled and cancelled orders alike (12):
 * the look-up tells which.
 */
export const cancelOutcome = (answer: HttpAnswer, { id }: VenueName): CancelOutcome => {
  if (answer.status === 200 && readCancelled(answer.text)?.orderId === id) return { kind: 'requested' }
  const body = readErrorBody(answer.text)
  if (answer.status === 400 && body.code === -2011) return { kind: 'refused', detail: `-2011 ${cleaned(body.message ?? 'no reason')}` }
  return { kind: 'unknown', failure: failureOf(answer) }
}

/** What an answer to an amend says (5.3): that it succeeded means that it was asked for. */
export const amendOutcome = (answer: HttpAnswer): CancelOutcome => {
  if (answer.status === 200) return { kind: 'requested' }
  const refusal = refusalOf(answer)
  const { code, message } = readErrorBody(answer.text)
  if (refusal !== undefined || code === -2038) return { kind: 'refused', detail: `${code ?? ''} ${cleaned(message ?? 'no reason')}` }
  return { kind: 'unknown', failure: failureOf(answer) }
}
