import { expect, test } from 'vitest'
import { Novelties, vocabulary } from '../../src/adapters/venue-kit/novelties.ts'
import { MemoryLog } from '../support/venue-hosts.ts'

const order = vocabulary('id side status note', { side: 'BUY SELL', status: 'OPEN FILLED' })

test('what the documents know is no news; new fields and new words are counted, each by itself', () => {
  const log = new MemoryLog()
  const novelties = new Novelties(log)
  for (const row of [{ id: 1, side: 'BUY', status: 'OPEN', note: 'free text' }, { status: '' }, { status: null }, null, 7, 'row', [], undefined]) novelties.row('order', row, order)
  expect(novelties.counts).toEqual(new Map())
  for (let times = 0; times < 12; times += 1) novelties.row('order', { id: 1, side: 'BUY', status: 'PAUSED', colour: 'red' }, order)
  expect(novelties.counts).toEqual(new Map([['field order.colour', 12], ['word order.status=PAUSED', 12]]))
  expect(log.lines).toEqual([1, 1, 10, 10].map((count, index) => ({ level: 'info', event: 'venue.novelty', fields: { what: index % 2 === 0 ? 'field order.colour' : 'word order.status=PAUSED', count } })))
})

test('events without a use are told quietly', () => {
  const log = new MemoryLog()
  const novelties = new Novelties(log)
  novelties.ignored('balanceUpdate')
  novelties.ignored(undefined)
  expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([['debug', { what: 'event balanceUpdate', count: 1 }], ['debug', { what: 'event unnamed', count: 1 }]])
})

test('however many there are, and however long, what is kept is bounded', () => {
  const novelties = new Novelties(new MemoryLog())
  for (let number = 0; number < 1_000; number += 1) novelties.row('order', { [`f${number}${'x'.repeat(1_000)}`]: 1 }, order)
  expect(novelties.counts.size).toBe(201)
  expect(Math.max(...[...novelties.counts.keys()].map((name) => name.length))).toBeLessThanOrEqual(80)
  expect([...novelties.counts.values()].reduce((all, count) => all + count, 0)).toBe(1_000)
})
