/** docs/machines/desk.md, the total table. */
import type { StateValueFrom } from 'xstate'
import { deskContext, type DeskContext, type DeskEvent } from '../../src/machines/desk/desk-context.ts'
import { deskMachine } from '../../src/machines/desk/desk-machine.ts'
import { defaultTuning } from '../../src/actors/desk-options.ts'
import { testTable, type TotalTable } from './total-table.ts'

/** `reconciled` is passed through at once. */
type State = Exclude<StateValueFrom<typeof deskMachine>, 'reconciled'>

const deadline = (state: State): string => (state === 'observing' ? 'observe' : state === 'reconciling' ? 'reconcile' : 'proven')

const event = (type: DeskEvent['type'], state: State): object => {
  const bodies: Record<DeskEvent['type'], object> = {
    restarted: { policy: defaultTuning.restarts },
    restored: {},
    reconciled: { asked: 1 },
    reconciliationFailed: { detail: 'timeout' },
    linkLost: { detail: 'market: closed' },
    linkRestored: {},
    pause: { reason: 'a person' },
    resume: {},
    stopRequested: { reason: 'a person' },
    hindered: { what: 'disk', detail: 'nearly full' },
    unhindered: { what: 'clock' },
    deadlineDue: { name: deadline(state) },
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
    hindered: 'stays',
    unhindered: 'ignored',
    pause: 'stays',
    resume: 'stays',
    stopRequested: 'stopping',
    deadlineDue: 'stays',
  },
  reconciling: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'trading',
    reconciliationFailed: 'stays',
    linkLost: 'cutOff',
    linkRestored: 'stays',
    hindered: 'stays',
    unhindered: 'ignored',
    pause: 'stays',
    resume: 'stays',
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
    hindered: 'hindered',
    unhindered: 'ignored',
    pause: 'paused',
    resume: 'stays',
    stopRequested: 'stopping',
    deadlineDue: 'stays',
  },
  paused: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'stays',
    reconciliationFailed: 'reconciling',
    linkLost: 'cutOff',
    linkRestored: 'ignored',
    hindered: 'stays',
    unhindered: 'ignored',
    pause: 'stays',
    resume: 'trading',
    stopRequested: 'stopping',
    deadlineDue: 'stays',
  },
  observing: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'stays',
    reconciliationFailed: 'reconciling',
    linkLost: 'cutOff',
    linkRestored: 'ignored',
    hindered: 'stays',
    unhindered: 'ignored',
    pause: 'paused',
    resume: 'trading',
    stopRequested: 'stopping',
    deadlineDue: 'trading',
  },
  hindered: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'stays',
    reconciliationFailed: 'reconciling',
    linkLost: 'cutOff',
    linkRestored: 'ignored',
    hindered: 'stays',
    unhindered: 'trading',
    pause: 'paused',
    resume: 'stays',
    stopRequested: 'stopping',
    deadlineDue: 'stays',
  },
  cutOff: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'ignored',
    reconciliationFailed: 'ignored',
    linkLost: 'stays',
    linkRestored: 'reconciling',
    hindered: 'stays',
    unhindered: 'ignored',
    pause: 'stays',
    resume: 'stays',
    stopRequested: 'stopping',
    deadlineDue: 'stays',
  },
  stopping: {
    restarted: 'recovering',
    restored: 'ignored',
    reconciled: 'ignored',
    reconciliationFailed: 'ignored',
    linkLost: 'ignored',
    linkRestored: 'ignored',
    hindered: 'stays',
    unhindered: 'ignored',
    pause: 'stays',
    resume: 'stays',
    stopRequested: 'ignored',
    deadlineDue: 'stays',
  },
}

testTable<State, DeskEvent>('desk', {
  machine: deskMachine,
  contextOf: (state): DeskContext => ({
    ...deskContext(),
    starts: 1,
    startedAt: 1,
    shortLives: 1,
    proven: false,
    observeUntil: state === 'observing' ? 60_000 : null,
    hindrances: state === 'hindered' ? { clock: 'it leapt' } : {},
    paused: state === 'paused',
    pausedBecause: state === 'paused' ? 'an earlier reason' : null,
  }),
  eventOf: event,
  table,
})
