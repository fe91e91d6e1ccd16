/** What the venue answers to creates, cancels, edits and previews, and its error bodies (coinbase-advanced-trade.md 5.7 to 5.10, 8). */
import { z } from 'zod'
import type { Money } from '../../domain/decimal.ts'
import { isRecord, parseJson, present, readMoney, textOf } from '../venue-kit/reading.ts'
import { maybe, maybeName } from './fields.ts'

/** The answer to a create, both shapes of it (5.7). */
export interface CreateAnswer {
  readonly success: boolean
  readonly orderId: string | undefined
  readonly clientOrderId: string | undefined
  /** The three places of the reason, in the order in which they count. */
  readonly reasons: readonly (string | undefined)[]
  readonly message: string | undefined
}

const createSchema = z.object({
  success: z.boolean(),
  order_id: maybeName,
  // An echo that is no text makes the whole answer unreadable: it may be about another order.
  success_response: z.object({ order_id: maybeName, client_order_id: z.string().nullish() }).nullish(),
  error_response: z
    .object({ error: maybe, message: maybe, error_details: maybe, preview_failure_reason: maybe, new_order_failure_reason: maybe })
    .nullish(),
})

export const readCreateAnswer = (text: string): CreateAnswer | undefined => {
  const read = createSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  const { success, success_response: good, error_response: bad, order_id: legacyId } = read.data
  return {
    success,
    // The top-level order id is a legacy field: it never makes a success, but in a refusal it is a contradiction.
    orderId: success ? good?.order_id : (legacyId ?? good?.order_id),
    clientOrderId: good?.client_order_id || undefined,
    reasons: [bad?.new_order_failure_reason, bad?.error, bad?.preview_failure_reason],
    message: bad?.message ?? bad?.error_details,
  }
}

export interface CancelResult {
  readonly success: boolean
  readonly orderId: string
  readonly reason: string | undefined
}

const cancelSchema = z.object({ results: z.array(z.object({ success: z.boolean(), failure_reason: maybe, order_id: z.string() })) })

export const readCancelResults = (text: string): readonly CancelResult[] | undefined => {
  const read = cancelSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  return read.data.results.map(({ success, failure_reason: reason, order_id: orderId }) => ({ success, orderId, reason }))
}

/** The answer to an edit, every shape of it that was seen (5.10). */
export interface EditAnswer {
  readonly success: boolean
  readonly reason: string | undefined
}

const editError = z.object({ edit_failure_reason: maybe, preview_failure_reason: maybe })
const editSchema = z.object({
  success: z.boolean(),
  errors: z.union([z.array(editError), editError]).nullish().catch(undefined),
  error_response: z.object({ error_details: maybe, edit_order_failure_reason: maybe }).nullish().catch(undefined),
})

export const readEditAnswer = (text: string): EditAnswer | undefined => {
  const read = editSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  const { success, errors, error_response: other } = read.data
  const [first] = Array.isArray(errors) ? errors : [errors]
  return { success, reason: first?.edit_failure_reason ?? first?.preview_failure_reason ?? other?.edit_order_failure_reason ?? other?.error_details }
}

/** The answer to a preview (5.10). */
export interface PreviewAnswer {
  readonly errors: readonly string[]
  readonly total: Money | undefined
  readonly fee: Money | undefined
}

const previewSchema = z.object({ errs: z.array(z.string()).nullish(), order_total: maybe, commission_total: maybe })

export const readPreviewAnswer = (text: string): PreviewAnswer | undefined => {
  const read = previewSchema.safeParse(parseJson(text))
  if (!read.success) return undefined
  const { errs, order_total: total, commission_total: fee } = read.data
  return { errors: errs ?? [], total: readMoney(total), fee: readMoney(fee) }
}

/** What an error body of any shape says (8). */
export interface ErrorBody {
  readonly code?: string
  readonly message?: string
  /** A refusal reason in a 4xx. */
  readonly reason?: string
}

export const readErrorBody = (text: string): ErrorBody => {
  const body = parseJson(text)
  if (!isRecord(body)) return {}
  const first: unknown = Array.isArray(body['errors']) ? body['errors'][0] : undefined
  const inner = isRecord(first) ? first : {}
  return present<ErrorBody>({
    code: textOf(body['error']) ?? textOf(inner['id']),
    message: textOf(body['message']) ?? textOf(body['error_details']) ?? textOf(body['error_description']) ?? textOf(inner['message']),
    reason: textOf(body['preview_failure_reason']),
  })
}
