/** Rows against the venue's word (src/domain/reconciliation.ts, R1 to R3). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quantity } from '../../src/domain/decimal.ts'
import type { OrderReport, VenueOrderStatus } from '../../src/domain/order.ts'
import { reconcileOrders, type ExpectedOrder, type Finding } from '../../src/domain/reconciliation.ts'

const idOf = (n: number, install = 'ab12'): string => `nd${install}-01JD5MZX8K4T7WQ2A${n}-b1`
const row = (n: number, over: Partial<ExpectedOrder> = {}): ExpectedOrder => ({ clientOrderId: idOf(n), venueOrderId: `v-${n}`, filled: quantity('0'), quantity: quantity('1'), state: 'pending', ...over })
const report = (n: number, over: Partial<OrderReport> = {}): OrderReport => ({ venueOrderId: `v-${n}`, clientOrderId: idOf(n), instrument: 'BTC-USD', side: 'buy', status: 'open', executed: quantity('0'), ...over })
const kinds = (expected: readonly ExpectedOrder[], listed: readonly OrderReport[]) => reconcileOrders(expected, listed, 'ab12').map((finding) => finding.kind)

describe('an order of the rows', () => {
  test('that the venue works as the rows say is no finding', () => {
    expect(kinds([row(1)], [report(1)])).toEqual([])
  })

  test.each([
    ['more executed', row(1), report(1, { executed: quantity('0.1') })],
    ['an end', row(1), report(1, { status: 'cancelled' })],
    ['an id that was not known', row(1, { venueOrderId: null }), report(1)],
    ['the fate of a claim', row(1, { state: 'submitting' }), report(1)],
    ['the fate of one being resolved', row(1, { state: 'resolving' }), report(1)],
  ] as const)('is news when the venue tells of %s', (_what, expected, word) => {
    expect(reconcileOrders([expected], [word], 'ab12')).toEqual([{ kind: 'news', expected, report: word }])
  })

  test('that executed what is booked is no finding', () => {
    expect(kinds([row(1, { filled: quantity('0.1') })], [report(1, { executed: quantity('0.1') })])).toEqual([])
  })

  test('that is not listed is asked for by its id; that is all a missing entry says (R1)', () => {
    expect(reconcileOrders([row(1)], [], 'ab12')).toEqual([{ kind: 'missing', expected: row(1), venueOrderId: 'v-1' }])
  })

  test('that is not listed and has no id is left to its own look-ups', () => {
    expect(kinds([row(1, { venueOrderId: null, state: 'resolving' })], [])).toEqual([])
  })
})

describe('an order that the rows do not know', () => {
  test('with our mark, working, is an orphan (R2)', () => {
    expect(reconcileOrders([], [report(1)], 'ab12')).toEqual([{ kind: 'orphan', report: report(1) }])
  })

  test('with our mark, ended with something executed, is one too: a lost claim may have filled at once', () => {
    expect(reconcileOrders([], [report(1, { status: 'filled', executed: quantity('0.1') })], 'ab12').map((finding) => finding.kind)).toEqual(['orphan'])
  })

  test('with our mark that has ended with nothing executed is nothing to tell of', () => {
    expect(kinds([], [report(1, { status: 'cancelled' })])).toEqual([])
  })

  test.each([['another mark', idOf(2, 'zz99')], ['none', ''], ['a name of its own', 'by hand']])('with %s is foreign while it works, and nothing once it has ended (R3)', (_what, clientOrderId) => {
    expect(kinds([], [report(2, { clientOrderId })])).toEqual(['foreign'])
    expect(kinds([], [report(2, { clientOrderId, status: 'filled', executed: quantity('0.1') })])).toEqual([])
  })
})

const statuses: readonly VenueOrderStatus[] = ['pending', 'open', 'filled', 'cancelled', 'expired', 'failed', 'unknown']
const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constantFrom('submitting', 'resolving', 'pending', 'partial', 'cancelling')), { selector: ([n]) => n }).map((list) => list.map(([n, known, state]) => row(n, { venueOrderId: known ? `v-${n}` : null, state })))
const reports = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(...statuses), fc.constantFrom('0', '0.1')), { selector: ([n]) => n }).map((list) => list.map(([n, status, executed]) => report(n, { status, executed: quantity(executed) })))

test('the same words twice give the same findings, in any order; every live order is found at most once', () => {
  fc.assert(
    fc.property(rows, reports, (expected, listed) => {
      const findings = reconcileOrders(expected, listed, 'ab12')
      expect(reconcileOrders(expected, listed, 'ab12')).toEqual(findings)
      const idOfFinding = (finding: Finding): string => ('expected' in finding ? finding.expected.clientOrderId : finding.report.clientOrderId)
      const ids = (list: typeof findings) => list.map((finding) => `${finding.kind} ${idOfFinding(finding)}`)
      expect(ids(reconcileOrders(expected, listed.toReversed(), 'ab12')).sort()).toEqual(ids(findings).sort())
      expect(new Set(ids(findings)).size).toBe(findings.length)
      // A missing entry never speaks of an end.
      const present = new Set(listed.map((one) => one.clientOrderId))
      for (const finding of findings) expect(present.has(idOfFinding(finding))).toBe(finding.kind !== 'missing')
    }),
  )
})
