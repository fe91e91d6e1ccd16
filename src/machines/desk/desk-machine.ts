/**
 * The desk as a whole: may it begin new trades?
 *
 * D1  Entries are allowed in `trading` only: after a restart and after every lost link the desk reconciles first.
 * D2  A pause outlives a restart; only `resume` ends it.
 * D3  A reconciliation that fails is tried again at a deadline, for ever, with a growing pause; a person is called when it keeps failing.
 * D4  Cover orders do not ask the desk: what was bought may be sold in every state.
 * D5  A restart loop is slowed down and then only watches: the count is in the row, so it survives every death (PR-09).
 * D6  A hindrance (a full disk, a clock that leapt) keeps entries back for as long as it is told, whatever the links say.
 * D7  A link that stays lost is told to a person.
 */
import { deskContext } from './desk-context.ts'
import { deskSetup } from './desk-setup.ts'

const ignored = {}
const start = { target: 'recovering', actions: ['note the start', 'watch over this life'] } as const
const lose = { target: 'cutOff', actions: 'note why it waits' } as const

const health = { guard: 'is the proof of health', actions: 'note the health' } as const
const observed = { guard: 'is the end of observing', actions: 'end the observation' } as const

/** What every state does alike. */
const always = {
  restarted: start,
  restored: ignored,
  reconciled: { actions: 'note the reconciliation' },
  linkRestored: ignored,
  hindered: { actions: ['note the hindrance', 'call a person'] },
  unhindered: { actions: 'forget the hindrance' },
  reconcileWanted: { actions: 'reconcile' },
  pause: { actions: 'note the pause' },
  resume: { actions: ['forget the pause', 'end the observation', 'forget the observation'] },
  stopRequested: { target: 'stopping', actions: 'note the health' },
  deadlineDue: [health, observed, ignored],
} as const

/** Up to date with the venue; entries may still have to wait for something else. */
const upToDate = {
  ...always,
  reconciliationFailed: { target: 'reconciling', actions: 'note why it waits' },
  linkLost: lose,
} as const

export const deskMachine = deskSetup.createMachine({
  id: 'desk',
  context: deskContext(),
  initial: 'recovering',
  on: { '*': { actions: 'report the unexpected' } },
  states: {
    recovering: {
      on: {
        ...always,
        restored: { target: 'reconciling', actions: 'count on a new run only' },
        reconcileWanted: ignored,
        reconciled: ignored,
        reconciliationFailed: ignored,
        linkLost: ignored,
      },
    },
    reconciling: {
      entry: 'reconcile',
      on: {
        ...always,
        reconciled: [{ guard: 'began too early' }, { target: 'reconciled', actions: 'note the reconciliation' }],
        reconciliationFailed: { actions: ['note why it waits', 'count the failure', 'call a person when it keeps failing', 'reconcile later'] },
        linkLost: lose,
        // News may have been missed while the last run was under way: only a run that began afterwards counts.
        linkRestored: { target: 'reconciling', reenter: true, actions: 'count on a new run only' },
        deadlineDue: [{ guard: 'is the reconcile deadline', actions: 'reconcile' }, health, observed, ignored],
      },
    },
    reconciled: {
      always: [
        { guard: 'is paused', target: 'paused' },
        { guard: 'must observe', target: 'observing' },
        { guard: 'is hindered', target: 'hindered' },
        { target: 'trading' },
      ],
    },
    trading: {
      on: {
        ...upToDate,
        pause: { target: 'paused', actions: 'note the pause' },
        hindered: { target: 'hindered', actions: ['note the hindrance', 'call a person'] },
      },
    },
    paused: {
      on: {
        ...upToDate,
        resume: { target: 'reconciled', actions: ['forget the pause', 'end the observation', 'forget the observation'] },
      },
    },
    observing: {
      on: {
        ...upToDate,
        pause: { target: 'paused', actions: 'note the pause' },
        resume: { target: 'reconciled', actions: ['end the observation', 'forget the observation'] },
        deadlineDue: [{ guard: 'is the end of observing', target: 'reconciled', actions: 'end the observation' }, health, ignored],
      },
    },
    hindered: {
      always: { guard: 'is hindered no more', target: 'reconciled' },
      on: { ...upToDate, pause: { target: 'paused', actions: 'note the pause' } },
    },
    cutOff: {
      entry: 'watch the outage',
      exit: 'watch the outage no more',
      on: {
        ...always,
        deadlineDue: [{ guard: 'is the long outage', actions: 'call a person about the outage' }, health, observed, ignored],
        reconcileWanted: ignored,
        reconciled: ignored,
        reconciliationFailed: ignored,
        linkLost: { actions: 'note why it waits' },
        linkRestored: { target: 'reconciling', actions: 'count on a new run only' },
      },
    },
    stopping: {
      on: {
        ...always,
        reconcileWanted: ignored,
        reconciled: ignored,
        reconciliationFailed: ignored,
        linkLost: ignored,
        stopRequested: ignored,
      },
    },
  },
})
