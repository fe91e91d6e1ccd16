/** The words that the desk chart is written in: its guards and its actions. Each emits or assigns; none acts. */
import { setup } from 'xstate'
import { assign } from '../assign.ts'
import { emitting, type Effect, type Stamped } from '../effect.ts'
import { failuresToTell, hindranceAlert, longOutageMs, reconcileAgainMs, withStart, type DeskContext, type DeskEvent } from './desk-context.ts'

type Event = Stamped<DeskEvent>
const is = <T extends DeskEvent['type']>(event: Event, type: T): event is Extract<Event, { readonly type: T }> =>
  event.type === type

const isDeadline = (name: string) => ({ event }: { readonly event: Event }): boolean => is(event, 'deadlineDue') && event.name === name

const without = (hindrances: DeskContext['hindrances'], what: string): DeskContext['hindrances'] =>
  Object.fromEntries(Object.entries(hindrances).filter(([name]) => name !== what))

export const deskSetup = setup({
  types: { context: {} as DeskContext, events: {} as Event, emitted: {} as Effect },
  guards: {
    'is paused': ({ context }) => context.paused,
    'must observe': ({ context }) => context.observeUntil !== null,
    'is hindered': ({ context }) => Object.keys(context.hindrances).length > 0,
    'is hindered no more': ({ context }) => Object.keys(context.hindrances).length === 0,
    'began too early': ({ context, event }) => is(event, 'reconciled') && event.asked < context.asked,
    'is the reconcile deadline': isDeadline('reconcile'),
    'is the long outage': isDeadline('outage'),
    'is the proof of health': isDeadline('proven'),
    'is the end of observing': isDeadline('observe'),
  },
  actions: {
    'note the start': assign(({ context, event }) => (is(event, 'restarted') ? withStart(context, event.policy, event.at) : {})),
    'watch over this life': emitting<DeskContext, Event>(({ context, event }) => [
      ...(is(event, 'restarted') ? [{ type: 'setDeadline', name: 'proven', dueAt: event.at + event.policy.healthyAfterMs } as const] : []),
      ...(context.observeUntil === null ? [{ type: 'clearDeadline', name: 'observe' } as const] : observe(context, event, context.observeUntil)),
    ]),
    'note the health': assign({ shortLives: 0, proven: true }),
    'end the observation': assign({ observeUntil: null }),
    'forget the observation': emitting<DeskContext, Event>(() => [{ type: 'clearDeadline', name: 'observe' }]),
    'note the pause': assign(({ event }) => ({ paused: true, pausedBecause: is(event, 'pause') ? event.reason : null })),
    'forget the pause': assign({ paused: false, pausedBecause: null }),
    'note the hindrance': assign(({ context, event }) => (is(event, 'hindered') ? { hindrances: { ...context.hindrances, [event.what]: event.detail } } : {})),
    'call a person': emitting<DeskContext, Event>(({ event }) =>
      is(event, 'hindered') ? [{ type: 'alert', ...hindranceAlert(event.what), detail: `entries wait: ${event.detail}` }] : [],
    ),
    'forget the hindrance': assign(({ context, event }) => (is(event, 'unhindered') ? { hindrances: without(context.hindrances, event.what) } : {})),
    'note the reconciliation': assign(({ event }) => ({ reconciledAt: event.at, failures: 0, waitsBecause: null })),
    'note why it waits': assign(({ event }) => ({
      waitsBecause: is(event, 'linkLost') || is(event, 'reconciliationFailed') ? event.detail : null,
    })),
    'count on a new run only': assign(({ context }) => ({ asked: context.asked + 1 })),
    'count the failure': assign(({ context }) => ({ failures: context.failures + 1 })),
    'call a person when it keeps failing': emitting<DeskContext, Event>(({ context, event }) =>
      is(event, 'reconciliationFailed') && context.failures === failuresToTell
        ? [{ type: 'alert', code: 'desk.cannotReconcile', detail: `entries wait: the desk could not compare itself with the venue ${failuresToTell} times in a row: ${event.detail}` }]
        : [],
    ),
    'watch the outage': emitting<DeskContext, Event>(({ event }) => [{ type: 'setDeadline', name: 'outage', dueAt: event.at + longOutageMs }]),
    'watch the outage no more': emitting<DeskContext, Event>(() => [{ type: 'clearDeadline', name: 'outage' }]),
    'call a person about the outage': emitting<DeskContext, Event>(({ context }) => [
      { type: 'alert', code: 'desk.cutOff', detail: `entries wait: no stream for ${Math.round(longOutageMs / 60_000)} minutes (${context.waitsBecause ?? 'unknown'}); prices and orders are read by REST meanwhile, as far as the venue answers` },
    ]),
    reconcile: emitting<DeskContext, Event>(({ context, event }) => [
      { type: 'clearDeadline', name: 'reconcile' },
      { type: 'reconcile', reason: is(event, 'reconcileWanted') ? event.reason : (context.waitsBecause ?? 'the link is back'), asked: context.asked },
    ]),
    'reconcile later': emitting<DeskContext, Event>(({ context, event }) => [
      { type: 'setDeadline', name: 'reconcile', dueAt: event.at + reconcileAgainMs(context) },
    ]),
    'report the unexpected': emitting<DeskContext, Event>(({ event }) => [
      { type: 'unexpected', event: event.type, state: 'desk' },
    ]),
  },
})

const observe = (context: DeskContext, event: Event, until: number): readonly Effect[] => [
  { type: 'setDeadline', name: 'observe', dueAt: until },
  {
    type: 'alert',
    code: 'desk.restartLoop',
    detail: `the desk has ended ${context.shortLives} times in a row soon after its start; entries wait ${Math.round((until - event.at) / 1_000)} s`,
  },
]
