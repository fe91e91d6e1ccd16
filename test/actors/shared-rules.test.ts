/** Rows of pairs as memory keeps them (src/actors/instrument-watch.ts): by the rules of now they share one copy. */
import { expect, test } from 'vitest'
import { withSharedRules } from '../../src/actors/instrument-watch.ts'
import { price } from '../../src/domain/decimal.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import { bitcoin, propose, startLoop } from '../support/loop.ts'

const pairId = '01JD5MZX8K4T7WQ2AA'

const rowOf = async (): Promise<ActorRecord> => {
  const { loop, journal } = await startLoop()
  await loop.ask(propose(pairId))
  const row = await journal.actor(`trade-pair/${pairId}`)
  if (row === undefined) throw new Error('the pair has no row')
  return structuredClone(row)
}

test('a pair by the rules of now has their own copy, and is the same for whoever looks', async () => {
  const row = await rowOf()
  const shared = withSharedRules(row, new Map([[bitcoin.id, bitcoin]]))
  expect(shared).toEqual(row)
  expect(shared.context['instrument']).toBe(bitcoin)
})

test('one that began by other rules keeps them until it is told of the new ones, and so does one that is listed no more', async () => {
  const row = await rowOf()
  expect(withSharedRules(row, new Map([[bitcoin.id, { ...bitcoin, tick: price('0.1') }]]))).toBe(row)
  expect(withSharedRules(row, new Map())).toBe(row)
})

test('a row of another kind is left as it is', async () => {
  const { loop, journal } = await startLoop()
  await loop.ask(propose(pairId))
  const order = await journal.actor(`order/ndab12-${pairId}-b1`)
  expect(order).toBeDefined()
  if (order !== undefined) expect(withSharedRules(order, new Map([[bitcoin.id, bitcoin]]))).toBe(order)
})
