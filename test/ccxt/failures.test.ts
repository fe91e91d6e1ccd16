/** Every class of ccxt's errors, and things that are none. */
import * as ccxt from 'ccxt'
import { describe, expect, test } from 'vitest'
import { cancelOutcome, failureOf, sendOutcome } from '../../src/adapters/ccxt/failures.ts'
import { redactor } from '../../src/adapters/ccxt/redact.ts'
import { thrown } from './structural.ts'

const redact = redactor(undefined)
type ErrorClass = new (message: string) => Error
const isErrorClass = (value: unknown): value is ErrorClass => typeof value === 'function' && (value === ccxt.BaseError || value.prototype instanceof ccxt.BaseError)
const classes = Object.entries<unknown>(ccxt).flatMap(([name, value]): [string, ErrorClass][] => (isErrorClass(value) ? [[name, value]] : []))

/** What each stands for: of a read, of a create, of a cancel. */
const expected: Readonly<Record<string, readonly [kind: string, create: string, cancel: string]>> = {
  BaseError: ['unavailable', 'unknown', 'unknown'],
  ExchangeError: ['unavailable', 'unknown', 'unknown'],
  AuthenticationError: ['unauthorised', 'unknown', 'unknown'],
  PermissionDenied: ['forbidden', 'unknown', 'unknown'],
  AccountNotEnabled: ['forbidden', 'unknown', 'unknown'],
  AccountSuspended: ['forbidden', 'unknown', 'unknown'],
  ArgumentsRequired: ['badRequest', 'unknown', 'unknown'],
  BadRequest: ['badRequest', 'unknown', 'refused'],
  BadSymbol: ['badRequest', 'unknown', 'unknown'],
  OperationRejected: ['badRequest', 'unknown', 'unknown'],
  NoChange: ['badRequest', 'unknown', 'unknown'],
  MarginModeAlreadySet: ['badRequest', 'unknown', 'unknown'],
  MarketClosed: ['badRequest', 'instrumentUnavailable', 'unknown'],
  ManualInteractionNeeded: ['badRequest', 'unknown', 'unknown'],
  RestrictedLocation: ['forbidden', 'unknown', 'unknown'],
  InsufficientFunds: ['badRequest', 'insufficientFunds', 'unknown'],
  InvalidAddress: ['badRequest', 'unknown', 'unknown'],
  AddressPending: ['badRequest', 'unknown', 'unknown'],
  InvalidOrder: ['badRequest', 'other', 'refused'],
  OrderNotFound: ['notFound', 'unknown', 'refused'],
  OrderNotCached: ['badRequest', 'unknown', 'unknown'],
  OrderImmediatelyFillable: ['badRequest', 'wouldCross', 'unknown'],
  OrderNotFillable: ['badRequest', 'other', 'unknown'],
  DuplicateOrderId: ['badRequest', 'exists', 'unknown'],
  ContractUnavailable: ['badRequest', 'unknown', 'unknown'],
  NotSupported: ['badRequest', 'unknown', 'refused'],
  InvalidProxySettings: ['badRequest', 'unknown', 'unknown'],
  ExchangeClosedByUser: ['badRequest', 'unknown', 'unknown'],
  OperationFailed: ['unavailable', 'unknown', 'unknown'],
  NetworkError: ['network', 'unknown', 'unknown'],
  DDoSProtection: ['rateLimited', 'unknown', 'unknown'],
  RateLimitExceeded: ['rateLimited', 'unknown', 'unknown'],
  ExchangeNotAvailable: ['unavailable', 'unknown', 'unknown'],
  OnMaintenance: ['unavailable', 'unknown', 'unknown'],
  InvalidNonce: ['clockSkew', 'unknown', 'unknown'],
  ChecksumError: ['malformed', 'unknown', 'unknown'],
  RequestTimeout: ['timeout', 'unknown', 'unknown'],
  BadResponse: ['malformed', 'unknown', 'unknown'],
  NullResponse: ['malformed', 'unknown', 'unknown'],
  CancelPending: ['unavailable', 'unknown', 'unknown'],
  UnsubscribeError: ['unavailable', 'unknown', 'unknown'],
}

test('the table below names every class that the installed ccxt has', () => {
  expect(classes.map(([name]) => name).sort()).toEqual(Object.keys(expected).sort())
})

test.each(classes)('%s is one kind of failure, and proves of a create and of a cancel what is listed', (name, Class) => {
  const error = new Class('no')
  const create = sendOutcome(error, redact)
  const proves = create.kind === 'refused' ? create.reason : create.kind
  expect([failureOf(error, redact).kind, proves, cancelOutcome(error, redact).kind]).toEqual(expected[name])
})

describe('a class', () => {
  test('is told by its name, so that a second copy of the library means the same', () => {
    expect(failureOf(thrown(['RequestTimeout', 'NetworkError']), redact).kind).toBe('timeout')
    expect(sendOutcome(thrown(['InsufficientFunds']), redact)).toMatchObject({ kind: 'refused', reason: 'insufficientFunds' })
  })

  test('that is new is a failure like its nearest ancestor, and proves nothing of a create, whatever it inherits', () => {
    const news = thrown(['OrderHeldForReview', 'InvalidOrder', 'ExchangeError', 'BaseError'])
    expect(failureOf(news, redact).kind).toBe('badRequest')
    expect(sendOutcome(news, redact)).toMatchObject({ kind: 'unknown' })
  })

  test('of an unknown order is heard in the words that ccxt lists for it and does not find', () => {
    expect(failureOf(new ccxt.ExchangeError('coinbase {"error":"NOT_FOUND","error_details":"order with this orderID was not found"}'), redact).kind).toBe('notFound')
  })
})

describe('an invalid order', () => {
  test.each([
    ['binance {"code":-2010,"msg":"Duplicate order sent."}', 'exists'],
    ['x clientOrderId already exists', 'exists'],
  ])('that says "%s" may be alive', (words, kind) => {
    expect(sendOutcome(new ccxt.InvalidOrder(words), redact).kind).toBe(kind)
  })

  test.each([
    ['EOrder:Post only order', 'wouldCross'],
    ['precision is over the maximum', 'badPrecision'],
    ['minimum not met', 'badSize'],
    ['price out of band', 'badPrice'],
    ['no', 'other'],
  ])('that says "%s" was refused, and its prose is a hint: %s', (words, reason) => {
    expect(sendOutcome(new ccxt.InvalidOrder(words), redact)).toMatchObject({ kind: 'refused', reason })
  })
})

test.each<[string, unknown]>([
  ['undefined', undefined],
  ['a text', 'InsufficientFunds'],
  ['an error of the language', new TypeError('x is not a function')],
  ['an object without a prototype', Object.create(null)],
  ['a thing that does not let itself be looked at', new Proxy({}, { getPrototypeOf: () => { throw new Error('no') }, get: () => { throw new Error('no') } })],
])('%s that was thrown is an answer that cannot be read, and proves nothing', (_what, odd) => {
  expect(failureOf(odd, redact).kind).toBe('malformed')
  expect(sendOutcome(odd, redact).kind).toBe('unknown')
  expect(cancelOutcome(odd, redact).kind).toBe('unknown')
})
