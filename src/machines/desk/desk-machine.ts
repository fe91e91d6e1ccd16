/**
 * The desk as a whole: may it begin new trades?
 *
 * D1  Entries are allowed in `trading` only: after a restart and after every lost link the desk reconciles first.
 * D2  A pause outlives a restart; only `resume` ends it.
 * D3  A reconciliation that fails is tried again at a deadline, for ever, with a growing pause.
 * D4  Cover orders do not ask the desk: what was bought may be sold in every state.
 */
import { assign, setup } from 'xstate'
import type { Millis } from '../../domain/time.ts'
import { emitting, type Effect, type Stamped } from '../effect.ts'

export interface DeskContext {
  /** How often this desk has been started. */
  readonly starts: number
  readonly startedAt: Millis | null
  readonly paused: boolean
  readonly pausedBecause: string | null
  readonly reconciledAt: Millis | null
  /** News may have been missed until then: a reconciliation counts only when it began afterwards. */
  readonly missedUntil: Millis
  /** Why it last had to reconcile, for people. */
  readonly waitsBecause: string | null
  /** Reconciliations that failed in a row. */
  readonly failures: number
}

export const deskContext = (): DeskContext => ({
  starts: 0,
  startedAt: null,
  paused: false,
  pausedBecause: null,
  reconciledAt: null,
  missedUntil: 0,
  waitsBecause: null,
  failures: 0,
})

/** Events the desk takes. The host adds `at`, the moment of the turn. */
export type DeskEvent =
  | { readonly type: 'restarted' }
  /** Every actor is back from its rows and every claim is being resolved. */
  | { readonly type: 'restored' }
  /** A complete run ended that began then. */
  | { readonly type: 'reconciled'; readonly began: Millis }
  | { readonly type: 'reconciliationFailed'; readonly detail: string }
  /** A stream that orders or prices depend on was lost and is back, or news were missed. */
  | { readonly type: 'linkLost'; readonly detail: string }
  | { readonly type: 'linkRestored' }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'resume' }
  | { readonly type: 'stopRequested'; readonly reason: string }
  | { readonly type: 'deadlineDue'; readonly name: string }

type Event = Stamped<DeskEvent>
const is = <T extends DeskEvent['type']>(event: Event, type: T): event is Extract<Event, { readonly type: T }> =>
  event.type === type

const againMs = 2_000
const againMaxMs = 30_000
const reconcileAgainMs = (context: DeskContext): Millis => Math.min(againMs * 2 ** Math.min(context.failures, 8), againMaxMs)

const deskSetup = setup({
  types: { context: {} as DeskContext, events: {} as Event, emitted: {} as Effect },
  guards: {
    'is paused': ({ context }) => context.paused,
    'began too early': ({ context, event }) => is(event, 'reconciled') && event.began < context.missedUntil,
    'is the reconcile deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'reconcile',
  },
  actions: {
    'note the start': assign(({ context, event }) => ({ starts: context.starts + 1, startedAt: event.at, failures: 0, waitsBecause: 'the desk has started' })),
    'note the pause': assign(({ event }) => ({ paused: true, pausedBecause: is(event, 'pause') ? event.reason : null })),
    'forget the pause': assign({ paused: false, pausedBecause: null }),
    'note the reconciliation': assign(({ event }) => ({ reconciledAt: event.at, failures: 0, waitsBecause: null })),
    'note why it waits': assign(({ event }) => ({
      waitsBecause: is(event, 'linkLost') || is(event, 'reconciliationFailed') ? event.detail : null,
    })),
    'count on a new run only': assign(({ event }) => ({ missedUntil: event.at })),
    'count the failure': assign(({ context }) => ({ failures: context.failures + 1 })),
    reconcile: emitting<DeskContext, Event>(({ context }) => [
      { type: 'clearDeadline', name: 'reconcile' },
      { type: 'reconcile', reason: context.waitsBecause ?? 'the link is back' },
    ]),
    'reconcile later': emitting<DeskContext, Event>(({ context, event }) => [
      { type: 'setDeadline', name: 'reconcile', dueAt: event.at + reconcileAgainMs(context) },
    ]),
    'report the unexpected': emitting<DeskContext, Event>(({ event }) => [
      { type: 'unexpected', event: event.type, state: 'desk' },
    ]),
  },
})

const ignored = {}
const start = { target: 'recovering', actions: 'note the start' } as const
const stop = { target: 'stopping' } as const
const notePause = { actions: 'note the pause' } as const
const forgetPause = { actions: 'forget the pause' } as const
const lose = { target: 'cutOff', actions: 'note why it waits' } as const

export const deskMachine = deskSetup.createMachine({
  id: 'desk',
  context: deskContext(),
  initial: 'recovering',
  on: { '*': { actions: 'report the unexpected' } },
  states: {
    recovering: {
      on: {
        restarted: start,
        restored: { target: 'reconciling', actions: 'count on a new run only' },
        reconciled: ignored,
        reconciliationFailed: ignored,
        linkLost: ignored,
        linkRestored: ignored,
        pause: notePause,
        resume: forgetPause,
        stopRequested: stop,
        deadlineDue: ignored,
      },
    },
    reconciling: {
      entry: 'reconcile',
      on: {
        restarted: start,
        restored: ignored,
        reconciled: [
          { guard: 'began too early' },
          { guard: 'is paused', target: 'paused', actions: 'note the reconciliation' },
          { target: 'trading', actions: 'note the reconciliation' },
        ],
        reconciliationFailed: { actions: ['note why it waits', 'count the failure', 'reconcile later'] },
        linkLost: lose,
        // News may have been missed while the last run was under way: only a run that began afterwards counts.
        linkRestored: { target: 'reconciling', reenter: true, actions: 'count on a new run only' },
        pause: notePause,
        resume: forgetPause,
        stopRequested: stop,
        deadlineDue: [{ guard: 'is the reconcile deadline', actions: 'reconcile' }, ignored],
      },
    },
    trading: {
      on: {
        restarted: start,
        restored: ignored,
        reconciled: { actions: 'note the reconciliation' },
        reconciliationFailed: { target: 'reconciling', actions: 'note why it waits' },
        linkLost: lose,
        linkRestored: ignored,
        pause: { target: 'paused', actions: 'note the pause' },
        resume: ignored,
        stopRequested: stop,
        deadlineDue: ignored,
      },
    },
    paused: {
      on: {
        restarted: start,
        restored: ignored,
        reconciled: { actions: 'note the reconciliation' },
        reconciliationFailed: { target: 'reconciling', actions: 'note why it waits' },
        linkLost: lose,
        linkRestored: ignored,
        pause: notePause,
        resume: { target: 'trading', actions: 'forget the pause' },
        stopRequested: stop,
        deadlineDue: ignored,
      },
    },
    cutOff: {
      on: {
        restarted: start,
        restored: ignored,
        reconciled: ignored,
        reconciliationFailed: ignored,
        linkLost: { actions: 'note why it waits' },
        linkRestored: { target: 'reconciling', actions: 'count on a new run only' },
        pause: notePause,
        resume: forgetPause,
        stopRequested: stop,
        deadlineDue: ignored,
      },
    },
    stopping: {
      on: {
        restarted: start,
        restored: ignored,
        reconciled: ignored,
        reconciliationFailed: ignored,
        linkLost: ignored,
        linkRestored: ignored,
        pause: notePause,
        resume: forgetPause,
        stopRequested: ignored,
        deadlineDue: ignored,
      },
    },
  },
})
