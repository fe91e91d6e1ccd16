/** The guards and actions of the breaker chart. */
import { setup } from 'xstate'
import { assign } from '../assign.ts'
import type { BreakerEnd } from '../../domain/breaker.ts'
import { formatTimestamp } from '../../domain/time.ts'
import { emitting, type Effect, type Stamped } from '../effect.ts'
import type { BreakerContext, BreakerEvent, BreakerInput, Trip } from './breaker-context.ts'
import { afterTrip, counted, endName, isOver, tripOf } from './breaker-rules.ts'

type Event = Stamped<BreakerEvent>
type Args = { readonly context: BreakerContext; readonly event: Event }

const trips = (...ends: readonly BreakerEnd[]) => ({ context, event }: Args): boolean => {
  const trip = tripOf(context, event)
  return trip !== undefined && ends.includes(trip.ends)
}

const scopeOf = ({ instrument }: BreakerContext): string => (instrument === null ? 'no new entries' : `no new entries on ${instrument}`)
const endings: Readonly<Record<BreakerEnd, string>> = { time: 'its time is over', period: 'its day or hour is over', condition: 'the trouble is over', person: 'a person' }

const untilOf = ({ until, ends }: Trip): string => (until === null ? (ends === 'person' ? 'until a person resets it' : 'until it is over') : `until ${formatTimestamp(until)}`)

const whyOver = (trip: Trip | null, event: Event): string => {
  if (event.type === 'reset') return `${event.who} has reset it: ${event.reason}`
  return event.type === 'configured' ? 'it was switched off in the configuration' : endings[trip?.ends ?? 'condition']
}

const waitForEnd = (trip: Trip | null): readonly Effect[] => (trip === null || trip.until === null ? [] : [{ type: 'setDeadline', name: endName(trip), dueAt: trip.until }])
const waitNoMore = (trip: Trip | null): readonly Effect[] => (trip === null ? [] : [{ type: 'clearDeadline', name: endName(trip) }])

export const breakerSetup = setup({
  types: { context: {} as BreakerContext, events: {} as Event, emitted: {} as Effect, input: {} as BreakerInput },
  guards: {
    'is too much for a while': trips('time', 'period'),
    'is too much while it lasts': trips('condition'),
    'is too much until a person looks': trips('person'),
    'lasts longer now': ({ context, event }) => (tripOf(context, event)?.until ?? 0) > (context.trip?.until ?? 0),
    'is counted': ({ context, event }) => counted(context, event) !== context.tally,
    'its end has come': ({ context, event }) => isOver(context, event),
    'is its end': ({ context, event }) => event.type === 'deadlineDue' && context.trip !== null && event.name === endName(context.trip),
    'is switched off': ({ event }) => event.type === 'configured' && event.policy === null,
  },
  actions: {
    'take the limits': assign(({ event }) => (event.type === 'configured' ? { policy: event.policy } : {})),
    count: assign(({ context, event }) => ({ tally: counted(context, event) })),
    'count and trip': assign(({ context, event }) => {
      const trip = tripOf(context, event)
      return trip === undefined ? {} : { tally: counted(context, event), trip, trips: trip.number }
    }),
    'wait for its end': emitting<BreakerContext, Event>(({ context }) => waitForEnd(context.trip)),
    'wait for its end no more': emitting<BreakerContext, Event>(({ context }) => waitNoMore(context.trip)),
    'forget the trip': assign(({ context }) => ({ tally: afterTrip(context), trip: null })),
    'call a person': emitting<BreakerContext, Event>(({ context }) =>
      context.trip === null ? [] : [{ type: 'alert', code: context.kind === 'cooldown' ? 'breaker.cooldown' : 'breaker.tripped', subject: context.name, detail: `${scopeOf(context)} (${context.name}): ${context.trip.reason}; ${untilOf(context.trip)}` }],
    ),
    'tell of the end': emitting<BreakerContext, Event>(({ context, event }) => [
      { type: 'alert', code: 'breaker.ended', subject: context.name, detail: `${context.name} keeps no entries back any more: ${whyOver(context.trip, event)}` },
    ]),
    'report the unexpected': emitting<BreakerContext, Event>(({ context, event }) => [{ type: 'unexpected', event: event.type, state: context.name }]),
  },
})
