/** The lookout raises what holds, after as long as its kind asks for, and ends what holds no more (O1, O2). */
import { expect, test } from 'vitest'
import { conditionsOf, type Facts } from '../../src/actors/alerting/conditions.ts'
import { Lookout } from '../../src/actors/alerting/lookout.ts'
import { Alerts } from '../../src/actors/alerts.ts'
import { DeskView } from '../../src/actors/desk-view.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import { keyText } from '../../src/ports/alerts.ts'
import { ManualClock, recordingLog } from '../support/clock.ts'

const record = (over: Partial<ActorRecord>): ActorRecord => ({ address: 'desk', kind: 'desk', version: 1, seq: 1, state: 'trading', since: 0, context: {}, finished: false, ...over })
const deskContext = { paused: false, pausedBecause: null, failures: 0, waitsBecause: null, observeUntil: null, hindrances: {} }
const pair = (state: string): ActorRecord => record({ address: 'trade-pair/p-1', kind: 'trade-pair', state, context: { pairId: 'p-1', instrument: { id: 'BTC-USD' }, held: '1', sold: '0', buy: { price: '100' }, heldBecause: 'a person said so' }, tradePair: { pairId: 'p-1' } as NonNullable<ActorRecord['tradePair']> })
const connection = (state: string) => ({ name: 'market', venue: 'v', state, since: 0, attempt: 0, lastFrameAt: null, lastEventAt: null, fallback: 'off', gaps: 0, reconnects: 0, polls: 0, lastEnd: 'closed' }) as Facts['connections'][number]
const priced = (state: 'live' | 'stale') => ({ instrument: 'BTC-USD', bid: null, ask: null, at: null, ageMs: null, source: null, state, rejected: 0, lastProblem: null }) as Facts['prices'][number]

const begin = () => {
  const clock = new ManualClock()
  const view = new DeskView()
  const told: string[] = []
  const alerts = new Alerts({ clock, log: recordingLog(), closer: () => false, sink: { raise: (alert) => void told.push(keyText(alert)), clear: (key) => void told.push(`end of ${keyText(key)}`) } })
  const facts: { -readonly [K in keyof Facts]: Facts[K] } = { view, instruments: new Map(), connections: [connection('live')], troubles: [], prices: [priced('live')], awayMs: undefined, commitMs: 3 }
  const lookout = new Lookout({ alerts, clock, view, facts: () => facts })
  view.take(record({ context: deskContext }))
  lookout.start()
  return { clock, view, told, alerts, facts, lookout }
}

test('a quiet desk tells nothing', async () => {
  const { clock, told } = begin()
  await clock.advance(600_000)
  expect(told).toEqual([])
})

test.each<[string, (made: ReturnType<typeof begin>) => void, (made: ReturnType<typeof begin>) => void, number, string]>([
  ['a stream that is lost', ({ facts }) => { facts.connections = [connection('backingOff')] }, ({ facts }) => { facts.connections = [connection('live')] }, 60_000, 'link.lost market'],
  ['a price that is old', ({ facts }) => { facts.prices = [priced('stale')] }, ({ facts }) => { facts.prices = [priced('live')] }, 60_000, 'prices.stale BTC-USD'],
  ['a pair that is not covered', ({ view }) => view.take(pair('filled')), ({ view }) => view.take(pair('sellPlaced.pending')), 120_000, 'pair.uncovered p-1'],
  ['a pair that is held', ({ view }) => view.take(pair('held')), ({ view }) => view.take(pair('sellPlaced.pending')), 0, 'pair.held p-1'],
  ['a store that is away', ({ facts }) => { facts.awayMs = 6_000 }, ({ facts }) => { facts.awayMs = undefined }, 0, 'journal.away'],
  ['a commit that takes long', ({ facts }) => { facts.commitMs = 6_000 }, ({ facts }) => { facts.commitMs = 10 }, 0, 'journal.slow'],
  ['a pause', ({ view }) => view.take(record({ state: 'paused', context: { ...deskContext, paused: true, pausedBecause: 'lunch' } })), ({ view }) => view.take(record({ context: deskContext })), 300_000, 'desk.paused'],
  ['a hindrance', ({ view }) => view.take(record({ state: 'hindered', context: { ...deskContext, hindrances: { 'breaker/x': 'unreadable' } } })), ({ view }) => view.take(record({ context: deskContext })), 0, 'desk.hindered breaker/x'],
  ['a kill switch', ({ view }) => view.take(record({ address: 'kill-switch', kind: 'kill-switch', state: 'orders', context: { who: 'ann', reason: 'odd' } })), ({ view }) => view.take(record({ address: 'kill-switch', kind: 'kill-switch', state: 'quarter', context: { who: 'ann', reason: 'fine' } })), 0, 'kill.thrown'],
])('%s is told after its while, once, and so is its end', async (_what, worsen, mend, afterMs, key) => {
  const made = begin()
  await made.clock.advance(5_000)
  worsen(made)
  await made.clock.advance(Math.max(afterMs - 2_000, 0))
  expect(made.told).toEqual([])
  await made.clock.advance(5_000)
  expect(made.told).toEqual([key])
  await made.clock.advance(300_000)
  mend(made)
  await made.clock.advance(2_000)
  expect(made.told).toEqual([key, `end of ${key}`])
})

test('what comes and goes within its while is told never', async () => {
  const { clock, facts, told } = begin()
  for (let gap = 0; gap < 10; gap++) {
    facts.connections = [connection('connecting')]
    await clock.advance(50_000)
    facts.connections = [connection('live')]
    await clock.advance(5_000)
  }
  expect(told).toEqual([])
})

test('a pair that may not be covered because everything is halted is not called uncovered, and a delisted price not stale', () => {
  const { view, facts } = begin()
  view.take(pair('filled'))
  facts.prices = [priced('stale')]
  facts.instruments = new Map([['BTC-USD', { status: 'delisted' }]]) as unknown as Facts['instruments']
  view.take(record({ address: 'kill-switch', kind: 'kill-switch', state: 'flatten', context: { who: 'ann', reason: 'odd' } }))
  expect(conditionsOf(facts).map(({ code }) => code)).toEqual(['kill.thrown'])
})

test('what has ended says it all: the kill’s end is not told a second time as a lift', () => {
  const { alerts, told } = begin()
  alerts.raise({ code: 'kill.thrown', detail: 'thrown' })
  alerts.raise({ code: 'kill.lifted', detail: 'lifted' })
  alerts.raise({ code: 'kill.lifted', detail: 'lifted, though nobody here heard of the kill' })
  expect(told).toEqual(['kill.thrown', 'end of kill.thrown', 'kill.lifted'])
})
