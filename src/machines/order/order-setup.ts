/** The words that the order chart is written in: its guards and its actions. Each emits or assigns; none acts. */
import { setup } from 'xstate'
import { assign } from '../assign.ts'
import { pairAddress } from '../../domain/address.ts'
import { isFinished } from '../../domain/order.ts'
import { emitting, type Effect, type Stamped } from '../effect.ts'
import type { OrderContext, OrderEvent, OrderInput } from './order-context.ts'
import * as rules from './order-rules.ts'

type Event = Stamped<OrderEvent>
type Args = { readonly context: OrderContext; readonly event: Event }
type On<T extends OrderEvent['type']> = Extract<Event, { readonly type: T }>

const is = <T extends OrderEvent['type']>(event: Event, type: T): event is On<T> => event.type === type

const lookUp = ({ context, event }: Args): readonly Effect[] => [
  { type: 'lookUp', clientOrderId: context.clientOrderId, venueOrderId: context.venueOrderId, since: context.claimedAt },
  { type: 'setDeadline', name: 'resolve', dueAt: event.at + rules.lookUpPause(context) },
]

const askCancel = ({ context, event }: Args): readonly Effect[] => [
  ...(context.venueOrderId === null
    ? []
    : [{ type: 'sendCancel', clientOrderId: context.clientOrderId, venueOrderId: context.venueOrderId } as const]),
  { type: 'setDeadline', name: 'cancel', dueAt: event.at + context.policy.cancelAgainMs },
]

const readFills = ({ context, event }: Args): readonly Effect[] =>
  context.venueOrderId === null || !rules.isShortOfFills(context)
    ? [{ type: 'clearDeadline', name: 'fills' }]
    : [
        { type: 'fetchFills', clientOrderId: context.clientOrderId, venueOrderId: context.venueOrderId },
        { type: 'setDeadline', name: 'fills', dueAt: event.at + rules.lookUpPause(context) },
      ]

/** A fills deadline that was told before the fills came means nothing any more. */
const isSettled = ({ context, event }: Args): boolean => is(event, 'deadlineDue') && event.name === 'fills' && !rules.isShortOfFills(context)

const isOverdue = ({ context, event }: Args): boolean =>
  !context.flagged && !isSettled({ context, event }) && event.at - (context.doubtSince ?? context.openedAt) >= context.policy.flagAfterMs

const flag = ({ context }: Args, code: 'order.unresolved' | 'order.namesake', detail: string): readonly Effect[] => [
  { type: 'tell', to: pairAddress(context.pairId), event: { type: 'orderUnresolved', leg: context.leg, orderId: context.clientOrderId } as { type: string } },
  { type: 'alert', code, subject: context.clientOrderId, detail: `${context.clientOrderId} ${detail}` },
]

const sayResolved = (context: OrderContext): readonly Effect[] =>
  context.flagged
    ? [{ type: 'tell', to: pairAddress(context.pairId), event: { type: 'orderResolved', leg: context.leg, orderId: context.clientOrderId } as { type: string } }]
    : []

const ended = (end: string) =>
  emitting<OrderContext, Event>(({ context }) => [
    ...['answer', 'resolve', 'cancel', 'fills'].map((name) => ({ type: 'clearDeadline', name }) as const),
    {
      type: 'tell',
      to: pairAddress(context.pairId),
      event: { type: 'legEnded', leg: context.leg, orderId: context.clientOrderId, end, reason: context.reason ?? '' } as { type: string },
    },
  ])

export const orderSetup = setup({
  types: {
    context: {} as OrderContext,
    events: {} as Event,
    input: {} as OrderInput,
    emitted: {} as Effect,
  },
  guards: {
    'was adopted': ({ context }) => context.adopted !== undefined,
    'speaks of another order': ({ context, event }) => is(event, 'reported') && rules.isNamesake(context, event.report),
    'filled completely': ({ context }) => rules.isComplete(context),
    'cancelled by the venue': ({ context }) => rules.hasEnded(context, 'cancelled'),
    'expired at the venue': ({ context }) => rules.hasEnded(context, 'expired'),
    'failed at the venue': ({ context }) => rules.hasEnded(context, 'failed'),
    'has fills': ({ context }) => rules.hasFills(context),
    'brings new fills': ({ context, event }) =>
      is(event, 'fillsListed') && rules.newFills(context, event.fills).length > 0,
    'a cancel was wanted': ({ context }) => context.cancelWanted,
    'proves absence': ({ context, event }) => is(event, 'notFound') && rules.isProvenAbsent(context, event),
    'counts as a miss': ({ context, event }) => is(event, 'notFound') && rules.countsAsMiss(context, event),
    'is the answer deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'answer',
    'is the look-up deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'resolve',
    'is the fills deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'fills',
    'is the cancel deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'cancel',
  },
  actions: {
    'send the order': emitting<OrderContext, Event>(({ context }) => [
      { type: 'setDeadline', name: 'answer', dueAt: context.openedAt + context.policy.answerWithinMs },
      { type: 'sendOrder', clientOrderId: context.clientOrderId },
    ]),
    'note the venue order id': assign(({ context, event }) =>
      is(event, 'accepted') ? { venueOrderId: context.venueOrderId ?? event.venueOrderId } : {},
    ),
    'note why it ended': assign(({ context, event }) => {
      if (is(event, 'rejected')) return { reason: `${event.reason}: ${event.detail}` }
      if (is(event, 'withdrawn')) return { reason: event.reason }
      if (is(event, 'notFound')) return { reason: 'proven never to have existed' }
      return { reason: context.reason }
    }),
    'note the report': assign(({ context, event }) =>
      is(event, 'reported') ? rules.withReport(context, event.report) : {},
    ),
    'announce new fills': emitting<OrderContext, Event>(({ context, event }) =>
      is(event, 'fillsListed') ? rules.bookingEffects(context, rules.newFills(context, event.fills)) : [],
    ),
    'note new fills': assign(({ context, event }) =>
      is(event, 'fillsListed') ? rules.withFills(context, event.fills) : {},
    ),
    'read fills that are missing': emitting<OrderContext, Event>(readFills),
    'wait for fills that are missing': emitting<OrderContext, Event>((args) =>
      readFills(args).filter((effect) => effect.type !== 'fetchFills'),
    ),
    'count the look-up': assign(({ context }) => ({ lookUps: context.lookUps + 1 })),
    'look it up': emitting<OrderContext, Event>(lookUp),
    'note the miss': assign(({ context, event }) => {
      if (!is(event, 'notFound') || (context.missed !== null && context.missed.askedAt <= event.askedAt)) return {}
      return { missed: { askedAt: event.askedAt, ...(event.askingMs !== undefined && { askingMs: event.askingMs }) } }
    }),
    'forget the miss': assign({ missed: null }),
    'want a cancel': assign({ cancelWanted: true }),
    'ask for the cancel': emitting<OrderContext, Event>(askCancel),
    'flag when overdue': emitting<OrderContext, Event>((args) =>
      isOverdue(args) ? flag(args, 'order.unresolved', `has been in doubt for ${args.event.at - (args.context.doubtSince ?? args.context.openedAt)} ms`) : [],
    ),
    'note the flag': assign(({ context, event }) => ({ flagged: context.flagged || isOverdue({ context, event }) })),
    'report the namesake': emitting<OrderContext, Event>((args) =>
      args.context.flagged ? [] : flag(args, 'order.namesake', 'is spoken of by the venue as an order that was never asked for: its id was used by somebody else'),
    ),
    'raise the flag': assign({ flagged: true }),
    'begin to doubt': assign(({ context, event }) => ({ doubtSince: context.doubtSince ?? event.at })),
    'note the shortage': assign(({ context, event }) => (rules.isShortOfFills(context) ? { doubtSince: context.doubtSince ?? event.at } : {})),
    'settle the doubt': emitting<OrderContext, Event>(({ context }) => (rules.isShortOfFills(context) ? [] : sayResolved(context))),
    'forget the doubt': assign(({ context }) => (rules.isShortOfFills(context) ? {} : { doubtSince: null, flagged: false })),
    'stop waiting for an answer': emitting<OrderContext, Event>(() => [
      { type: 'clearDeadline', name: 'answer' },
      { type: 'clearDeadline', name: 'resolve' },
    ]),
    'cancel what should not live': emitting<OrderContext, Event>(({ context, event }) =>
      is(event, 'reported') && !isFinished(event.report.status)
        ? [{ type: 'sendCancel', clientOrderId: context.clientOrderId, venueOrderId: event.report.venueOrderId }]
        : [],
    ),
    'warn of life after the end': emitting<OrderContext, Event>(({ context, event }) => [
      { type: 'alert', code: 'order.lateNews', subject: context.clientOrderId, detail: `${context.clientOrderId} had ended when ${event.type} arrived` },
    ]),
    'say that its fate is known': emitting<OrderContext, Event>(({ context }) => sayResolved(context)),
    'lower the flag': assign({ flagged: false, doubtSince: null }),
    'report the unexpected': emitting<OrderContext, Event>(({ context, event }) => [
      { type: 'unexpected', event: event.type, state: context.clientOrderId },
    ]),
    'tell the pair it is filled': ended('filled'),
    'tell the pair it was cancelled': ended('cancelled'),
    'tell the pair it expired': ended('expired'),
    'tell the pair it was rejected': ended('rejected'),
    'tell the pair it is absent': ended('absent'),
  },
})
