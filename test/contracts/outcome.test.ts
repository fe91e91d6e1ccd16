/** What a failed commit means (src/adapters/postgres/outcome.ts): anything that is not understood is not known. */
import { DatabaseError } from 'pg'
import { expect, test } from 'vitest'
import { BatchTooLarge } from '../../src/adapters/postgres/commit.ts'
import { outcomeOf } from '../../src/adapters/postgres/outcome.ts'

const refusal = (code: string, constraint?: string): DatabaseError => Object.assign(new DatabaseError(`error ${code}`, 0, 'error'), { code, constraint })

test.each([
  ['a deadlock: the whole batch is asked about and written again (DB-11)', refusal('40P01')],
  ['a serialization failure (DB-11)', refusal('40001')],
  ['a write to disk that failed (DB-10)', refusal('58030')],
  ['a full disk (DB-09)', refusal('53100')],
  ['a server that is shutting down (DB-06)', refusal('57P01')],
  ['a statement that took too long (DB-12)', refusal('57014')],
  ['a standby that takes no writes', refusal('25006')],
  ['a connection that broke (DB-07)', new Error('Connection terminated unexpectedly')],
  ['something that is no error', 'oops'],
])('not known: %s', (_what, error) => {
  expect(outcomeOf(error).kind).toBe('inDoubt')
})

test.each([
  ['a second live order (OC-21)', refusal('23505', 'orders_one_live'), 'liveOrder'],
  ['a fill twice (FS-03)', refusal('23505', 'fills_once'), 'duplicateFill'],
  ['an event twice', refusal('23505', 'journal_once'), 'duplicateEvent'],
  ['more sold than held (FS-23)', refusal('23514', 'trade_pairs_cover'), 'cover'],
  ['a row without its owner', refusal('23503'), 'reference'],
  ['anything else the server understood and refused', refusal('22003'), 'other'],
  ['a batch that no text can hold: its half may be', new BatchTooLarge('Invalid string length'), 'other'],
  ['the cover check', refusal('ND002'), 'cover'],
] as const)('refused for good: %s', (_what, error, rule) => {
  expect(outcomeOf(error)).toMatchObject({ kind: 'refused', rule })
})

test('a lease that has moved on is lost, whatever else is wrong', () => {
  expect(outcomeOf(refusal('ND001'))).toEqual({ kind: 'epochLost' })
})
