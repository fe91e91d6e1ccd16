/** docs/machines/desk.md, the total table. */
import type { StateValueFrom } from 'xstate'
import { deskContext, deskMachine, type DeskEvent } from '../../src/machines/desk/desk-machine.ts'
import { testTable, type TotalTable } from './total-table.ts'

type State = StateValueFrom<typeof deskMachine>

const event = (type: DeskEvent['type']): object => {
  const bodies: Record<DeskEvent['type'], object> = {
    restarted: {},
    restored: {},
    reconciled: { began: 9_999 },
    reconciliationFailed: { detail: 'timeout' },
    linkLost: { detail: 'market: closed' },
    linkRestored: {},
    pause: { reason: 'a person' },
    resume: {},
    stopRequested: { reason: 'a person' },
    deadlineDue: { name: 'reconcile' },
  }
  return { type, at: 10_000, ...bodies[type] }
}

const table: TotalTable<State, DeskEvent['type']> = {
  recovering: {
    restarted: 'stays',
    restored: 'reconciling',
    reconciled: 'ignored',
    reconciliationFailed: 'ignored',
    linkLost: 'ignored',
    linkRestored: 'ignored',
    pause: 'stays',
    resume: 'ignored',
    stopRequested: 'stopping',
    deadlineDue: 'ignored',
  },
  reconciling: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'trading',
    reconciliationFailed: 'stays',
    linkLost: 'cutOff',
    linkRestored: 'stays',
    pause: 'stays',
    resume: 'ignored',
    stopRequested: 'stopping',
    deadlineDue: 'stays',
  },
  trading: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'stays',
    reconciliationFailed: 'reconciling',
    linkLost: 'cutOff',
    linkRestored: 'ignored',
    pause: 'paused',
    resume: 'ignored',
    stopRequested: 'stopping',
    deadlineDue: 'ignored',
  },
  paused: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'stays',
    reconciliationFailed: 'reconciling',
    linkLost: 'cutOff',
    linkRestored: 'ignored',
    pause: 'stays',
    resume: 'trading',
    stopRequested: 'stopping',
    deadlineDue: 'ignored',
  },
  cutOff: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'ignored',
    reconciliationFailed: 'ignored',
    linkLost: 'stays',
    linkRestored: 'reconciling',
    pause: 'stays',
    resume: 'ignored',
    stopRequested: 'stopping',
    deadlineDue: 'ignored',
  },
  stopping: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'ignored',
    reconciliationFailed: 'ignored',
    linkLost: 'ignored',
    linkRestored: 'ignored',
    pause: 'stays',
    resume: 'ignored',
    stopRequested: 'ignored',
    deadlineDue: 'ignored',
  },
}

testTable<State, DeskEvent>('desk', {
  machine: deskMachine,
  contextOf: (state) => ({ ...deskContext(), starts: 1, startedAt: 1, paused: state === 'paused', pausedBecause: state === 'paused' ? 'an earlier reason' : null }),
  eventOf: event,
  table,
})
