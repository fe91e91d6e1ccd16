/** docs/machines/breaker.md, the total table: each state with a breaker that is typically in it. */
import type { StateValueFrom } from 'xstate'
import type { BreakerKind } from '../../src/domain/breaker.ts'
import { money } from '../../src/domain/decimal.ts'
import { emptyTally, type BreakerContext, type BreakerEvent, type Trip } from '../../src/machines/breaker/breaker-context.ts'
import { breakerMachine } from '../../src/machines/breaker/breaker-machine.ts'
import { begun, contextOf, ended, marked, midnight, noon, policies, refused, reset, stood, worsened } from './breaker-scenario.ts'
import { testTable, type LeafPath, type TotalTable } from './total-table.ts'

type State = Exclude<LeafPath<StateValueFrom<typeof breakerMachine>>, 'tripped'>

const kinds: Readonly<Record<State, BreakerKind>> = { clear: 'dailyLoss', 'tripped.timed': 'dailyLoss', 'tripped.lasting': 'staleData', 'tripped.stopped': 'drawdown' }
const trip: Trip = { number: 1, at: noon, reason: 'too much', evidence: { counted: '20', limit: '20', since: noon }, ends: 'period', until: midnight }
const ends: Readonly<Record<State, Partial<BreakerContext>>> = {
  clear: {},
  'tripped.timed': { trip, trips: 1 },
  'tripped.lasting': { trip: { ...trip, ends: 'condition', until: null }, trips: 1 },
  'tripped.stopped': { trip: { ...trip, ends: 'person', until: null }, trips: 1, tally: { ...emptyTally, peak: money('30') } },
}

const table: TotalTable<State, BreakerEvent['type']> = {
  clear: { configured: 'stays', profitBooked: 'tripped.timed', marked: 'stays', orderBegun: 'ignored', orderRefused: 'ignored', orderStood: 'ignored', worsened: 'ignored', recovered: 'ignored', reset: 'ignored', deadlineDue: 'ignored' },
  'tripped.timed': { configured: 'stays', profitBooked: 'stays', marked: 'stays', orderBegun: 'ignored', orderRefused: 'ignored', orderStood: 'ignored', worsened: 'ignored', recovered: 'ignored', reset: 'clear', deadlineDue: 'stays' },
  'tripped.lasting': { configured: 'stays', profitBooked: 'ignored', marked: 'ignored', orderBegun: 'ignored', orderRefused: 'ignored', orderStood: 'ignored', worsened: 'ignored', recovered: 'clear', reset: 'clear', deadlineDue: 'ignored' },
  'tripped.stopped': { configured: 'stays', profitBooked: 'stays', marked: 'ignored', orderBegun: 'ignored', orderRefused: 'ignored', orderStood: 'ignored', worsened: 'ignored', recovered: 'ignored', reset: 'clear', deadlineDue: 'ignored' },
}

const events: Readonly<Record<BreakerEvent['type'], BreakerEvent>> = {
  configured: { type: 'configured', policy: policies.errorRate },
  profitBooked: ended('-25'),
  marked: marked(noon, '0', '0'),
  orderBegun: begun,
  orderRefused: refused,
  orderStood: stood,
  worsened,
  recovered: { type: 'recovered' },
  reset,
  deadlineDue: { type: 'deadlineDue', name: 'end 1' },
}

testTable<State, BreakerEvent>('breaker', {
  machine: breakerMachine,
  contextOf: (state) => contextOf(kinds[state], ends[state]),
  eventOf: (type) => ({ ...events[type], at: noon }),
  table,
})
