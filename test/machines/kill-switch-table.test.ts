/** docs/machines/kill-switch.md, the total table. */
import type { StateValueFrom } from 'xstate'
import { describe, expect, test } from 'vitest'
import { killSwitchContext, shareIn, type KillLevel, type KillSwitchContext, type KillSwitchEvent } from '../../src/machines/kill-switch/kill-switch-context.ts'
import { killSwitchMachine } from '../../src/machines/kill-switch/kill-switch-machine.ts'
import { Story } from './story.ts'
import { testTable, type TotalTable } from './total-table.ts'

type State = StateValueFrom<typeof killSwitchMachine>

const bodies: Record<KillSwitchEvent['type'], object> = {
  kill: { level: 'orders', who: 'ann', reason: 'enough' },
  unkill: { who: 'ann', reason: 'it was a drill', cleanTrades: 2 },
  tradeClosed: { clean: true },
}

const table: TotalTable<State, KillSwitchEvent['type']> = {
  off: { kill: 'orders', unkill: 'ignored', tradeClosed: 'ignored' },
  entries: { kill: 'orders', unkill: 'quarter', tradeClosed: 'ignored' },
  orders: { kill: 'stays', unkill: 'quarter', tradeClosed: 'ignored' },
  flatten: { kill: 'stays', unkill: 'quarter', tradeClosed: 'ignored' },
  quarter: { kill: 'orders', unkill: 'ignored', tradeClosed: 'stays' },
  half: { kill: 'orders', unkill: 'ignored', tradeClosed: 'stays' },
}

testTable<State, KillSwitchEvent>('kill-switch', {
  machine: killSwitchMachine,
  contextOf: () => ({ ...killSwitchContext(), cleanTrades: 2 }),
  eventOf: (type) => ({ type, at: 10_000, ...bodies[type] }),
  table,
})

const kill = (level: KillLevel): KillSwitchEvent => ({ type: 'kill', level, who: 'ann', reason: 'enough' })
const unkill: KillSwitchEvent = { type: 'unkill', who: 'bob', reason: 'all is well', cleanTrades: 2 }
const closed = (clean: boolean): KillSwitchEvent => ({ type: 'tradeClosed', clean })
const story = (): Story<KillSwitchContext> =>
  new Story<KillSwitchContext>({
    machine: killSwitchMachine,
    at: 1_000,
    invariants: ({ event, before, after }) => {
      const stopped = ['off', 'entries', 'orders', 'flatten'].indexOf(before.state)
      if (event.type === 'kill' && stopped > 0) expect(['off', 'entries', 'orders', 'flatten'].indexOf(after.state), 'K1: a kill never weakens one').toBeGreaterThanOrEqual(stopped)
      if (stopped > 0 && !['entries', 'orders', 'flatten'].includes(after.state)) expect(event.type, 'K2: only unkill lifts it').toBe('unkill')
    },
  })

describe('stories of the kill switch', () => {
  test('a weaker kill changes who and why, not the level (K1)', () => {
    story().on(kill('flatten')).becomes('flatten').on(kill('entries')).becomes('flatten').knows({ who: 'ann', reason: 'enough', at: 1_000 })
    story().on(kill('entries')).becomes('entries').on(kill('entries')).becomes('entries').on(kill('flatten')).becomes('flatten')
  })

  test('limits come back by trades in a row without a loss (K3)', () => {
    story()
      .on(kill('entries')).on(unkill).becomes('quarter').knows({ who: 'bob', clean: 0, cleanTrades: 2 })
      .on(closed(true)).becomes('quarter').on(closed(false)).knows({ clean: 0 })
      .on(closed(true)).on(closed(true)).becomes('half').knows({ clean: 0 })
      .on(closed(true)).on(closed(true)).becomes('off')
    expect(['off', 'quarter', 'half', 'entries'].map(shareIn)).toEqual(['1', '0.25', '0.5', '1'])
  })

  test('a kill on the way back stops again, and the way back begins anew', () => {
    story().on(kill('orders')).on(unkill).on(closed(true)).on(closed(true)).becomes('half').on(kill('orders')).becomes('orders').on(unkill).becomes('quarter').knows({ clean: 0 })
  })

  test('every throw and every lift calls a person (K4)', () => {
    story().on(kill('orders')).does('alert kill.thrown').on(unkill).does('alert kill.lifted')
  })
})
