/**
 * The kill switch: one for the desk, durable, three levels.
 *
 * K1  A kill never weakens one that is on: `flatten` stays `flatten` until it is lifted.
 * K2  Only `unkill`, with a person's name and reason, lifts it; a restart does not.
 * K3  After it was lifted, limits come back in two steps, each earned by trades in a row without a loss.
 * K4  Every throw and every lift calls a person.
 */
import { setup } from 'xstate'
import { assign } from '../assign.ts'
import { emitting, type Effect, type Stamped } from '../effect.ts'
import { killSwitchContext, type KillLevel, type KillSwitchContext, type KillSwitchEvent } from './kill-switch-context.ts'

type Event = Stamped<KillSwitchEvent>
type Args = { readonly context: KillSwitchContext; readonly event: Event }
const is = <T extends KillSwitchEvent['type']>(event: Event, type: T): event is Extract<Event, { readonly type: T }> => event.type === type

const wants = (level: KillLevel) => ({ event }: Args): boolean => is(event, 'kill') && event.level === level

const killSwitchSetup = setup({
  types: { context: {} as KillSwitchContext, events: {} as Event, emitted: {} as Effect },
  guards: {
    'is for entries': wants('entries'),
    'is for orders': wants('orders'),
    'is for everything': wants('flatten'),
    'was a loss': ({ event }) => is(event, 'tradeClosed') && !event.clean,
    'earns a step': ({ context }) => context.clean + 1 >= context.cleanTrades,
  },
  actions: {
    'note who': assign(({ event }) => (is(event, 'tradeClosed') ? {} : { who: event.who, reason: event.reason, at: event.at })),
    'note the way back': assign(({ event }) => (is(event, 'unkill') ? { cleanTrades: event.cleanTrades, clean: 0 } : {})),
    'count a clean trade': assign(({ context }) => ({ clean: context.clean + 1 })),
    'begin to count anew': assign({ clean: 0 }),
    'call a person': emitting<KillSwitchContext, Event>(({ event }) =>
      is(event, 'kill')
        ? [{ type: 'alert', code: 'kill.thrown', detail: `${event.who} has thrown the kill switch (${event.level}): ${event.reason}` }]
        : is(event, 'unkill')
          ? [{ type: 'alert', code: 'kill.lifted', detail: `${event.who} has lifted the kill switch: ${event.reason}; limits come back in steps of ${event.cleanTrades} clean trades` }]
          : [],
    ),
    'tell of the step': emitting<KillSwitchContext, Event>(({ context }) => [
      { type: 'alert', code: 'kill.step', detail: `${context.cleanTrades} clean trades in a row: limits are raised` },
    ]),
    'report the unexpected': emitting<KillSwitchContext, Event>(({ event }) => [{ type: 'unexpected', event: event.type, state: 'kill-switch' }]),
  },
})

const noted = ['note who', 'call a person'] as const
const everything = { guard: 'is for everything', target: 'flatten', actions: noted } as const
const orders = { guard: 'is for orders', target: 'orders', actions: noted } as const
const entries = { guard: 'is for entries', target: 'entries', actions: noted } as const
const lifted = { target: 'quarter', actions: ['note who', 'note the way back', 'call a person'] } as const
const ignored = {}
/** Trades may still close while entries are stopped; they earn nothing. */
const thrown = { unkill: lifted, tradeClosed: ignored } as const

const comingBack = (next: 'half' | 'off') =>
  ({
    kill: [everything, orders, entries],
    unkill: ignored,
    tradeClosed: [
      { guard: 'was a loss', actions: 'begin to count anew' },
      { guard: 'earns a step', target: next, actions: ['begin to count anew', 'tell of the step'] },
      { actions: 'count a clean trade' },
    ],
  }) as const

export const killSwitchMachine = killSwitchSetup.createMachine({
  id: 'kill-switch',
  context: killSwitchContext(),
  initial: 'off',
  on: { '*': { actions: 'report the unexpected' } },
  states: {
    off: { on: { kill: [everything, orders, entries], unkill: ignored, tradeClosed: ignored } },
    entries: { on: { ...thrown, kill: [everything, orders, { actions: noted }] } },
    orders: { on: { ...thrown, kill: [everything, { actions: noted }] } },
    flatten: { on: { ...thrown, kill: { actions: noted } } },
    quarter: { on: comingBack('half') },
    half: { on: comingBack('off') },
  },
})
