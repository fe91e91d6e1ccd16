import { describe, expect, test } from 'vitest'
import { cancelOutcome, failureOf, isUnknownOrder, refusalCode, sendOutcome } from '../../src/adapters/coinbase/failures.ts'
import { refusalReasons } from '../../src/adapters/coinbase/refusal-reasons.ts'
import type { FailureKind, RefusalReason } from '../../src/domain/failure.ts'

const answer = (status: number, body: unknown, more: { retryAfterMs?: number } = {}) => ({ status, text: typeof body === 'string' ? body : JSON.stringify(body), tookMs: 1, ...more })
const refusal = (fields: object, more: object = {}) => answer(200, { success: false, failure_reason: 'UNKNOWN_FAILURE_REASON', order_id: '', error_response: fields, ...more })
const accepted = (more: object = {}) => ({ success: true, success_response: { order_id: 'v1', product_id: 'ETH-USD', side: 'BUY', client_order_id: 'c1', ...more } })

describe('accepted', () => {
  test('200, success and an order id', () => {
    expect(sendOutcome(answer(200, accepted()), 'c1')).toEqual({ kind: 'accepted', venueOrderId: 'v1' })
    expect(sendOutcome(answer(200, accepted({ client_order_id: undefined })), 'c1')).toEqual({ kind: 'accepted', venueOrderId: 'v1' })
  })
  const doubts: [string, ReturnType<typeof answer>][] = [
    ['another client order id', answer(200, accepted({ client_order_id: 'c2' }))],
    ['no order id', answer(200, accepted({ order_id: '' }))],
    ['only the legacy order id', answer(200, { success: true, order_id: 'v1' })],
    ['success as a text', answer(200, { ...accepted(), success: 'true' })],
    ['status 201', answer(201, accepted())],
    ['not JSON', answer(200, '<html>ok</html>')],
    ['empty', answer(200, '')],
    ['an array', answer(200, [accepted()])],
  ]
  test.each(doubts)('unknown: %s', (_name, given) => expect(sendOutcome(given, 'c1').kind).toBe('unknown'))
})

describe('refused', () => {
  test.each([...refusalReasons])('%s is %s, in any of the three places', (code, reason) => {
    const unknown = 'UNKNOWN_FAILURE_REASON'
    const places = [
      { new_order_failure_reason: code },
      { error: code, new_order_failure_reason: unknown },
      { error: unknown, preview_failure_reason: `PREVIEW_${code}`, new_order_failure_reason: unknown },
      { error: code, preview_failure_reason: 'UNKNOWN_PREVIEW_FAILURE_REASON', new_order_failure_reason: '' },
    ]
    for (const fields of places) expect(sendOutcome(refusal(fields), 'c1')).toMatchObject({ kind: 'refused', reason })
  })

  test.each<[RefusalReason, string]>([
    ['insufficientFunds', 'INSUFFICIENT_FUND'],
    ['wouldCross', 'INVALID_LIMIT_PRICE_POST_ONLY'],
    ['badPrecision', 'INVALID_SIZE_PRECISION'],
    ['badSize', 'INVALID_BASE_SIZE_TOO_SMALL'],
    ['badPrice', 'INVALID_LIMIT_PRICE'],
    ['instrumentUnavailable', 'TRADING_DISABLED'],
    ['notPermitted', 'GEOFENCING_RESTRICTION'],
    ['badRequest', 'UNSUPPORTED_ORDER_CONFIGURATION'],
    ['other', 'COMMANDER_REJECTED_NEW_ORDER'],
  ])('%s has %s', (reason, code) => expect(refusalReasons.get(code)).toBe(reason))

  const doubts: [string, object, object?][] = [
    ['an unlisted reason', { new_order_failure_reason: 'SOMETHING_NEW' }],
    ['only unknown reasons', { error: 'UNKNOWN_FAILURE_REASON', preview_failure_reason: 'UNKNOWN_PREVIEW_FAILURE_REASON' }],
    ['no reason', {}],
    ['an order id beside the refusal', { error: 'INSUFFICIENT_FUND' }, { order_id: 'v1' }],
    ['a reason of an order that failed later', { error: 'TOO_MANY_OPEN_ORDERS' }],
  ]
  test.each(doubts)('unknown: %s', (_name, fields, more) => expect(sendOutcome(refusal(fields, more), 'c1').kind).toBe('unknown'))

  test('a refusal without error_response is unknown', () => expect(sendOutcome(answer(200, { success: false }), 'c1').kind).toBe('unknown'))
  test('a refusal by a status other than 200 does not count by its body', () => {
    expect(sendOutcome(answer(500, { success: false, error_response: { error: 'INSUFFICIENT_FUND' } }), 'c1').kind).toBe('unknown')
  })
})

test('a duplicate id is evidence that the first one arrived (OC-07)', () => {
  expect(sendOutcome(refusal({ error: 'DUPLICATE_CLIENT_ORDER_ID' }), 'c1')).toEqual({ kind: 'exists' })
  expect(sendOutcome(refusal({ error: 'DUPLICATE_CLIENT_ORDER_ID' }, { order_id: 'v1' }), 'c1')).toEqual({ kind: 'exists', venueOrderId: 'v1' })
})

describe('a create by status', () => {
  const rows: [string, ReturnType<typeof answer>, string, string][] = [
    ['401, plain text', answer(401, 'Unauthorized\n'), 'refused', 'notPermitted'],
    ['401, JSON', answer(401, { error: 'UNAUTHORIZED', code: 16, message: 'Unauthorized' }), 'refused', 'notPermitted'],
    ['403, missing scope', answer(403, { error: 'PERMISSION_DENIED', error_details: 'Missing required scopes' }), 'refused', 'notPermitted'],
    ['400, INVALID_ARGUMENT', answer(400, { error: 'INVALID_ARGUMENT', message: 'bad' }), 'refused', 'badRequest'],
    ['400, invalid_request', answer(400, { error: 'invalid_request', error_description: 'bad' }), 'refused', 'badRequest'],
    ['400, preview reason', answer(400, { error: 'X', preview_failure_reason: 'PREVIEW_INSUFFICIENT_FUND' }), 'refused', 'insufficientFunds'],
    ['403, a wall of HTML', answer(403, '<html>blocked</html>'), 'unknown', 'forbidden'],
    ['400, unlisted', answer(400, { error: 'SOMETHING' }), 'unknown', 'badRequest'],
    ['400, HTML', answer(400, '<html>'), 'unknown', 'badRequest'],
    ['404', answer(404, { error: 'NOT_FOUND' }), 'unknown', 'notFound'],
    ['408', answer(408, ''), 'unknown', 'timeout'],
    ['429', answer(429, { errors: [{ id: 'rate_limit_exceeded', message: 'Too many requests' }] }), 'unknown', 'rateLimited'],
    ['301', answer(301, ''), 'unknown', 'unavailable'],
    ...[500, 502, 503, 504].map((status): [string, ReturnType<typeof answer>, string, string] => [String(status), answer(status, '<html>maintenance</html>'), 'unknown', 'unavailable']),
  ]
  test.each(rows)('%s', (_name, given, kind, what) => {
    const outcome = sendOutcome(given, 'c1')
    expect(outcome.kind).toBe(kind)
    expect(outcome.kind === 'refused' ? outcome.reason : outcome.kind === 'unknown' ? outcome.failure.kind : '').toBe(what)
  })
})

describe('failures of reads', () => {
  test.each<[number, FailureKind]>([
    [200, 'malformed'],
    [204, 'malformed'],
    [302, 'unavailable'],
    [400, 'badRequest'],
    [401, 'unauthorised'],
    [403, 'forbidden'],
    [404, 'notFound'],
    [408, 'timeout'],
    [418, 'badRequest'],
    [429, 'rateLimited'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
  ])('HTTP %i is %s', (status, kind) => expect(failureOf(answer(status, '')).kind).toBe(kind))

  test('the venue says how long', () => expect(failureOf(answer(429, '', { retryAfterMs: 3000 })).retryAfterMs).toBe(3000))

  test('the words are one bounded line and hold no token (SE-07)', () => {
    const { detail } = failureOf(answer(400, { error: 'INVALID_ARGUMENT', message: `bad\n\u001B[31m eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJrIn0.c2ln ${'x'.repeat(1000)}` }))
    expect(detail).not.toContain('eyJ')
    expect(detail).not.toMatch(/\p{Cc}/u)
    expect(detail.length).toBeLessThan(300)
    expect(detail.startsWith('HTTP 400: INVALID_ARGUMENT, bad')).toBe(true)
  })

  test.each([null, 1, [], { errors: [] }, { errors: 'x' }, { error: 5 }, { errors: [null] }])('any shape of an error body can be read: %j', (body) => {
    expect(failureOf(answer(400, body)).kind).toBe('badRequest')
  })

  test('an unknown order is not an unknown path', () => {
    expect(isUnknownOrder(answer(404, { error: 'NOT_FOUND', message: 'order with this orderID was not found' }))).toBe(true)
    expect(isUnknownOrder(answer(404, { error: 'unknown' }))).toBe(true)
    expect(isUnknownOrder(answer(404, { errors: [{ id: 'not_found', message: 'Not found' }] }))).toBe(false)
    expect(isUnknownOrder(answer(404, '<html>'))).toBe(false)
  })
})

describe('cancels', () => {
  const results = [
    { success: true, failure_reason: 'UNKNOWN_CANCEL_FAILURE_REASON', order_id: 'a' },
    { success: false, failure_reason: 'ORDER_IS_FULLY_FILLED', order_id: 'b' },
  ]
  test('results are matched by id', () => {
    expect(cancelOutcome(answer(200, { results }), 'a')).toEqual({ kind: 'requested' })
    expect(cancelOutcome(answer(200, { results }), 'b')).toEqual({ kind: 'refused', detail: 'ORDER_IS_FULLY_FILLED' })
    expect(cancelOutcome(answer(200, { results }), 'c').kind).toBe('unknown')
  })
  test.each([400, 401, 403, 404, 429, 500])('HTTP %i proves nothing', (status) => expect(cancelOutcome(answer(status, { results }), 'a').kind).toBe('unknown'))
})

test('the first reason that says something counts', () => {
  expect(refusalCode([undefined, 'UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_SIDE'])).toBe('INVALID_SIDE')
  expect(refusalCode(['UNKNOWN_FAILURE_REASON'])).toBeUndefined()
})

