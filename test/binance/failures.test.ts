import { describe, expect, test } from 'vitest'
import { cancelOutcome, failureOf, isUnknownOrder, sendOutcome } from '../../src/adapters/binance/failures.ts'
import type { HttpAnswer } from '../../src/adapters/venue-kit/transport.ts'
import type { FailureKind, RefusalReason } from '../../src/domain/failure.ts'

const answer = (status: number, body: unknown, changes: Partial<HttpAnswer> = {}): HttpAnswer => ({ status, text: typeof body === 'string' ? body : JSON.stringify(body), tookMs: 1, ...changes })
const error = (status: number, code: number, msg = ''): HttpAnswer => answer(status, { code, msg })
const asked = { instrument: 'BTC-USDT', symbol: 'BTCUSDT', clientOrderId: 'c1' }
const outcome = (given: HttpAnswer) => sendOutcome(given, asked)
const placed = { symbol: 'BTCUSDT', orderId: 28, orderListId: -1, clientOrderId: 'c1', transactTime: 1507725176595, price: '0.1', origQty: '1.0', executedQty: '0.0', status: 'NEW', side: 'BUY' }

describe('a create is accepted', () => {
  test('by an answer that names the order and our id', () => expect(outcome(answer(200, placed))).toEqual({ kind: 'accepted', venueOrderId: 'BTC-USDT:28' }))
  test('whatever its status is by then: the look-up tells', () => expect(outcome(answer(200, { ...placed, status: 'EXPIRED_IN_MATCH' })).kind).toBe('accepted'))
  test('with an id beyond 2^53, digit by digit', () => {
    expect(outcome(answer(200, JSON.stringify(placed).replace('"orderId":28', '"orderId":9007199254740993')))).toEqual({ kind: 'accepted', venueOrderId: 'BTC-USDT:9007199254740993' })
  })
  test.each([
    ['of another client order id', { ...placed, clientOrderId: 'c2' }],
    ['of another symbol', { ...placed, symbol: 'ETHUSDT' }],
    ['without an order id', { ...placed, orderId: undefined }],
    ['with a negative order id', { ...placed, orderId: -1 }],
    ['that is an error with status 200', { code: -2010, msg: 'Account has insufficient balance for requested action.' }],
    ['that is empty', ''],
    ['of HTML', '<html>login</html>'],
    ['that is cut', '{"symbol":"BTCUSDT","orderId":28'],
  ])('but not by one %s', (_name, body) => expect(outcome(answer(200, body)).kind).toBe('unknown'))
})

describe('a create is refused by a listed code', () => {
  const rows: [number, number, string, RefusalReason][] = [
    [400, -1013, 'Filter failure: PRICE_FILTER', 'badPrice'],
    [400, -1013, 'Filter failure: PERCENT_PRICE_BY_SIDE', 'badPrice'],
    [400, -1013, 'Filter failure: LOT_SIZE', 'badSize'],
    [400, -1013, 'Filter failure: NOTIONAL', 'badSize'],
    [400, -1013, 'Filter failure: A_FILTER_OF_TOMORROW', 'other'],
    [400, -1013, 'Market is closed.', 'instrumentUnavailable'],
    [400, -1013, 'Invalid quantity.', 'badSize'],
    [400, -1013, 'something new', 'other'],
    [400, -1014, 'Unsupported order combination.', 'badRequest'],
    [429, -1015, 'Too many new orders; current limit is 50 orders per 10 SECOND.', 'rateLimited'],
    [429, -1003, 'Too many requests queued.', 'rateLimited'],
    [418, -1003, 'Way too much request weight used; IP banned until 1659146400000.', 'rateLimited'],
    [400, -1016, 'This service is no longer available.', 'instrumentUnavailable'],
    [400, -1020, 'This operation is not supported.', 'badRequest'],
    [400, -1021, 'Timestamp for this request is outside of the recvWindow.', 'other'],
    [400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.", 'other'],
    [401, -1002, 'You are not authorized to execute this request.', 'notPermitted'],
    [400, -1022, 'Signature for this request is not valid.', 'notPermitted'],
    ...[-1100, -1101, -1102, -1103, -1104, -1105, -1106, -1108, -1114, -1115, -1116, -1117, -1118, -1119, -1120, -1127, -1128, -1130, -1131, -1145, -1151].map((code): [number, number, string, RefusalReason] => [400, code, 'text', 'badRequest']),
    [400, -1111, "Parameter 'quantity' has too much precision.", 'badPrecision'],
    [400, -1112, 'No orders on book for symbol.', 'instrumentUnavailable'],
    [400, -1121, 'Invalid symbol.', 'instrumentUnavailable'],
    [400, -1220, 'symbol does not match requested status', 'instrumentUnavailable'],
    [400, -2010, 'Account has insufficient balance for requested action.', 'insufficientFunds'],
    [400, -2010, 'Order would immediately match and take.', 'wouldCross'],
    [400, -2010, 'Market is closed.', 'instrumentUnavailable'],
    [400, -2010, 'Filter failure: MAX_NUM_ORDERS', 'tooManyOrders'],
    [400, -2010, 'Filter failure: MAX_POSITION', 'badSize'],
    [400, -2010, 'Price * QTY is zero or less.', 'badSize'],
    [400, -2010, 'This action is disabled on this account.', 'notPermitted'],
    [400, -2010, 'This account may not place or cancel orders.', 'notPermitted'],
    [400, -2010, 'This symbol is not permitted for this account.', 'notPermitted'],
    [400, -2010, 'Rest API trading is not enabled.', 'notPermitted'],
    [400, -2010, 'Limit orders require GTC for this phase.', 'instrumentUnavailable'],
    [401, -2014, 'API-key format invalid.', 'notPermitted'],
    [401, -2015, 'Invalid API-key, IP, or permissions for action.', 'notPermitted'],
  ]
  test.each(rows)('HTTP %i, %i %s: %s', (status, code, message, reason) => expect(outcome(error(status, code, message))).toMatchObject({ kind: 'refused', reason }))
})

test.each([[400, -2010, 'Duplicate order sent.'], [400, -1013, 'Duplicate order sent.']])('a duplicate is evidence that the first one is open: HTTP %i, %i (OC-07)', (status, code, message) => {
  expect(outcome(error(status, code, message))).toEqual({ kind: 'exists' })
})

describe('a create is unknown', () => {
  const rows: [string, HttpAnswer, FailureKind][] = [
    ['-1000', error(400, -1000, 'An unknown error occurred while processing the request.'), 'unavailable'],
    ['-1001', error(500, -1001, 'Internal error; unable to process your request. Please try again.'), 'unavailable'],
    ['-1006', error(500, -1006, 'An unexpected response was received from the message bus. Execution status unknown.'), 'unavailable'],
    ['-1007 with whatever status', error(400, -1007, 'Timeout waiting for response from backend server.'), 'unavailable'],
    ['-1007 with 408', error(408, -1007), 'unavailable'],
    ['-1008', error(503, -1008, 'Server is currently overloaded with other requests.'), 'unavailable'],
    ['a listed refusal with a status of the broken', error(503, -2010, 'Account has insufficient balance for requested action.'), 'unavailable'],
    ['-2010 with a text that is not listed', error(400, -2010, 'Something else happened.'), 'badRequest'],
    ['a code that is not listed', error(400, -9999, 'New.'), 'badRequest'],
    ['409', error(409, -2021, 'Order cancel-replace partially failed.'), 'badRequest'],
    ['a firewall', answer(403, '<html>blocked</html>'), 'forbidden'],
    ['a refused location', answer(451, { code: 0, msg: 'Service unavailable from a restricted location' }), 'forbidden'],
    ['a removed path', answer(410, '<html>gone</html>'), 'badRequest'],
    ['404', answer(404, '<html>'), 'notFound'],
    ['408', answer(408, ''), 'timeout'],
    ['418 without a word', answer(418, ''), 'banned'],
    ['429 without a word', answer(429, ''), 'rateLimited'],
    ['a redirect', answer(302, ''), 'unavailable'],
    ...[500, 502, 503, 504].map((status): [string, HttpAnswer, FailureKind] => [String(status), answer(status, '<html>maintenance</html>'), 'unavailable']),
  ]
  test.each(rows)('%s', (_name, given, kind) => expect(outcome(given)).toMatchObject({ kind: 'unknown', failure: { kind } }))
})

describe('failures of reads', () => {
  test.each<[number, number, FailureKind]>([
    [400, -1021, 'clockSkew'],
    [400, -1022, 'unauthorised'],
    [401, -1002, 'unauthorised'],
    [401, -2014, 'unauthorised'],
    [401, -2015, 'unauthorised'],
    [429, -1003, 'rateLimited'],
    [418, -1003, 'banned'],
    [400, -1121, 'badRequest'],
    [400, -2013, 'notFound'],
    [400, -2026, 'notFound'],
    [500, -1001, 'unavailable'],
  ])('HTTP %i with %i is %s', (status, code, kind) => expect(failureOf(error(status, code, 'text')).kind).toBe(kind))

  test('the venue says how long', () => expect(failureOf(answer(429, '', { retryAfterMs: 3000 })).retryAfterMs).toBe(3000))

  test('the words are one bounded line and hold nothing as long as a key (SE-07)', () => {
    const { detail } = failureOf(error(400, -1100, `Illegal\n\u001B[31m signature=${'ab12'.repeat(16)} ${'x '.repeat(1000)}`))
    expect(detail).not.toContain('ab12ab12')
    expect(detail).not.toMatch(/\p{Cc}/u)
    expect(detail.length).toBeLessThan(300)
    expect(detail.startsWith('HTTP 400: -1100 Illegal')).toBe(true)
  })

  test.each([null, 1, [], 'x', { code: 'x' }, { msg: 5 }, { code: 1.5 }])('any shape of an error body can be read: %j', (body) => expect(failureOf(answer(400, JSON.stringify(body))).kind).toBe('badRequest'))

  test('an unknown order is not an unknown path', () => {
    expect(isUnknownOrder(error(400, -2013, 'Order does not exist.'))).toBe(true)
    expect(isUnknownOrder(error(500, -2013, 'Order does not exist.'))).toBe(false)
    expect(isUnknownOrder(answer(404, '<html>'))).toBe(false)
  })
})

describe('a cancel', () => {
  const name = { instrument: 'BTC-USDT', id: '28' }
  const done = { symbol: 'BTCUSDT', origClientOrderId: 'c1', orderId: 28, clientOrderId: 'cancelMyOrder1', status: 'CANCELED', executedQty: '0' }
  test('is requested when the venue names the order', () => expect(cancelOutcome(answer(200, done), name)).toEqual({ kind: 'requested' }))
  test('of something that is not open is refused, and the look-up says what it is (FS-07)', () => expect(cancelOutcome(error(400, -2011, 'Unknown order sent.'), name)).toEqual({ kind: 'refused', detail: '-2011 Unknown order sent.' }))
  test.each([answer(200, { ...done, orderId: 29 }), answer(200, '<html>'), error(400, -1021), error(400, -1007), answer(500, done), answer(403, ''), error(401, -2015)])('proves nothing otherwise: %j', (given) => {
    expect(cancelOutcome(given, name).kind).toBe('unknown')
  })
})
