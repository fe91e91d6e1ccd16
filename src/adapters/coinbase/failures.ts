/** What went wrong, from status and body to the desk's closed union (coinbase-advanced-trade.md 8, 5.7). */
import type { CancelOutcome, Failure, FailureKind, RefusalReason, SendOutcome } from '../../domain/failure.ts'
import { refusalReasons } from './refusal-reasons.ts'
import type { HttpAnswer } from '../venue-kit/transport.ts'
import type { OrderPreview } from '../../ports/venue.ts'
import { readCancelResults, readCreateAnswer, readEditAnswer, readErrorBody, readPreviewAnswer, type CreateAnswer, type ErrorBody } from './answers.ts'

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  400: 'badRequest',
  401: 'unauthorised',
  403: 'forbidden',
  404: 'notFound',
  408: 'timeout',
  429: 'rateLimited',
}

const kindOf = (status: number): FailureKind => {
  if (status === 200) return 'malformed'
  // A redirect is not this venue speaking: a proxy or a captive portal.
  if (status >= 500 || (status >= 300 && status < 400)) return 'unavailable'
  return kindByStatus[status] ?? (status >= 400 ? 'badRequest' : 'malformed')
}

/** The failure that an answer other than a readable 200 stands for. */
export const failureOf = (answer: HttpAnswer): Failure => {
  const kind = kindOf(answer.status)
  const retry = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }
  return { kind, detail: `HTTP ${answer.status}${said(readErrorBody(answer.text))}`, ...retry }
}

const said = ({ code, message }: ErrorBody): string => {
  const words = [code, message].filter((part) => part !== undefined).map(cleaned)
  return words.length === 0 ? '' : `: ${words.join(', ')}`
}

/** One line, bounded, without control characters and without anything shaped like a token. */
const cleaned = (text: string): string =>
  text
    .replaceAll(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 200)

/** True when the venue says that it knows no such order, as opposed to no such path. */
export const isUnknownOrder = (answer: HttpAnswer): boolean => {
  const { code } = readErrorBody(answer.text)
  return answer.status === 404 && (code === 'NOT_FOUND' || code === 'unknown')
}

/** The reason that counts among the three places it has been seen in (5.7), without the prefix. */
export const refusalCode = (places: readonly (string | undefined)[]): string | undefined =>
  places.find((place) => place !== undefined && !place.startsWith('UNKNOWN_') && !place.startsWith('PREVIEW_UNKNOWN_'))?.replace(/^PREVIEW_/, '')

/** What an answer to a create proves. Anything that is not listed proves nothing. */
export const sendOutcome = (answer: HttpAnswer, clientOrderId: string): SendOutcome => {
  const read = answer.status === 200 ? readCreateAnswer(answer.text) : undefined
  if (read === undefined) return refusedByStatus(answer) ?? { kind: 'unknown', failure: failureOf(answer) }
  return read.success ? acceptedAs(read, clientOrderId) : refusedAs(read)
}

const acceptedAs = ({ orderId, clientOrderId: echoed }: CreateAnswer, clientOrderId: string): SendOutcome => {
  if (orderId === undefined) return unreadable('success without an order id')
  if (echoed !== undefined && echoed !== clientOrderId) return unreadable('the answer speaks of another client order id')
  return { kind: 'accepted', venueOrderId: orderId }
}

const refusedAs = ({ orderId, reasons, message }: CreateAnswer): SendOutcome => {
  const code = refusalCode(reasons)
  const detail = [code ?? 'no reason', ...(message === undefined ? [] : [cleaned(message)])].join(': ')
  if (code === 'DUPLICATE_CLIENT_ORDER_ID') return { kind: 'exists', ...(orderId === undefined ? {} : { venueOrderId: orderId }) }
  const reason = code === undefined ? undefined : refusalReasons.get(code)
  if (reason === undefined) return unreadable(`refused for an unlisted reason (${detail})`)
  // A refusal that names an order contradicts itself.
  return orderId === undefined ? { kind: 'refused', reason, detail } : unreadable(`a refusal with an order id (${detail})`)
}

const unreadable = (detail: string): SendOutcome => ({ kind: 'unknown', failure: { kind: 'malformed', detail } })

/**
 * The statuses that are documented as "not executed", each only with its documented body: a 401 is a token that was
 * not accepted, a 403 a missing permission, a 400 a request that was not understood. A 429 is not among them: whether
 * it means "not processed" is uncertain (7).
 */
const refusedByStatus = (answer: HttpAnswer): SendOutcome | undefined => {
  const body = readErrorBody(answer.text)
  const reason = statusReason(answer.status, body)
  return reason === undefined ? undefined : { kind: 'refused', reason, detail: `HTTP ${answer.status}${said(body)}` }
}

const statusReason = (status: number, { code, reason }: ErrorBody): RefusalReason | undefined => {
  if (status === 401) return 'notPermitted'
  if (status === 403) return code === 'PERMISSION_DENIED' ? 'notPermitted' : undefined
  if (status !== 400) return undefined
  const listed = refusalReasons.get(refusalCode([reason]) ?? '')
  return listed ?? (code === 'INVALID_ARGUMENT' || code === 'invalid_request' ? 'badRequest' : undefined)
}

/** What an answer to a cancel of one order says (5.9); results are matched by id, not by position. */
export const cancelOutcome = (answer: HttpAnswer, venueOrderId: string): CancelOutcome => {
  const results = answer.status === 200 ? readCancelResults(answer.text) : undefined
  const result = results?.find(({ orderId }) => orderId === venueOrderId)
  if (result === undefined) return { kind: 'unknown', failure: failureOf(answer) }
  return result.success ? { kind: 'requested' } : { kind: 'refused', detail: cleaned(result.reason ?? 'no reason') }
}

/** What an answer to an edit says (5.10); that it succeeded means that it was asked for. */
export const editOutcome = (answer: HttpAnswer): CancelOutcome => {
  const edit = answer.status === 200 ? readEditAnswer(answer.text) : undefined
  if (edit === undefined) return { kind: 'unknown', failure: failureOf(answer) }
  return edit.success ? { kind: 'requested' } : { kind: 'refused', detail: cleaned(edit.reason ?? 'no reason') }
}

/** A preview that would fail is a 200 with reasons; the reason "unknown" alone is none (5.10). Undefined: unreadable. */
export const previewOf = (answer: HttpAnswer): OrderPreview | undefined => {
  const preview = readPreviewAnswer(answer.text)
  if (preview === undefined) return undefined
  const code = refusalCode(preview.errors)
  if (code !== undefined) return { kind: 'refused', reason: refusalReasons.get(code) ?? 'other', detail: code }
  return preview.total === undefined || preview.fee === undefined ? undefined : { kind: 'possible', fee: preview.fee, total: preview.total }
}
