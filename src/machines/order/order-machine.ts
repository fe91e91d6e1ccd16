/**
 * One order's life, from the claim to its end.
 *
 * O1  A failed request is not a failed order: only the venue's word, or the proof of absence, ends it (I7).
 * O2  The chart never sends a create but on its own start; nothing leads back to `submitting` (I1).
 * O3  Filled quantity is the sum of booked fills; an end is entered only when they match the venue's count.
 * O4  An end takes late fills and stays the end (FS-23).
 * O5  Status and quantity never go back (I6).
 * O6  A look-up that finds nothing means nothing before the claim's window and margins have passed (OC-05, OC-12).
 * O7  Every wait is a deadline row; the chart has no timer, no promise and no final state.
 * O8  No doubt is silent: an order in doubt for `flagAfterMs` calls a person and has its pair held, whatever state it is in;
 *     when the doubt is over the pair goes on by itself.
 * O9  A word about an order that was never asked for is not believed, whatever id it carries (A4).
 */
import { orderContext } from './order-context.ts'
import { orderSetup } from './order-setup.ts'

/** The venue's own word, or every booked fill, ends a live order (O1, O3). */
const ends = [
  { guard: 'filled completely', target: 'filled' },
  { guard: 'cancelled by the venue', target: 'cancelled' },
  { guard: 'expired at the venue', target: 'expired' },
  { guard: 'failed at the venue', target: 'rejected' },
] as const

const takeReport = ['note the report', 'read fills that are missing', 'note the shortage'] as const
const takeFills = ['announce new fills', 'note new fills', 'wait for fills that are missing', 'note the shortage'] as const
const settle = ['settle the doubt', 'forget the doubt'] as const
const doubt = ['flag when overdue', 'note the flag'] as const
/** Said and forgotten on the way into an end: an ended order is in no doubt. */
const known = ['say that its fate is known', 'lower the flag'] as const
const namesake = { guard: 'speaks of another order', actions: ['report the namesake', 'raise the flag'] } as const
const ignored = {}

/** What an order without a certain fate does with news (O1). */
const uncertain = {
  accepted: { target: 'pending', actions: 'note the venue order id' },
  rejected: { target: 'rejected', actions: 'note why it ended' },
  withdrawn: { target: 'absent', actions: 'note why it ended' },
  // A fill or a report can overtake the answer to the create (FS-01).
  reported: [namesake, { target: 'pending', actions: takeReport }],
  fillsListed: [{ guard: 'brings new fills', target: 'pending', actions: takeFills }, ignored],
  cancelRequested: { actions: 'want a cancel' },
  cancelAnswered: ignored,
} as const

/** What an order known to be at the venue does with news; a late answer to the create changes nothing. */
const atTheVenue = {
  accepted: ignored,
  rejected: ignored,
  outcomeUnknown: ignored,
  // An acknowledged order is never dropped because a look-up missed it; one that stays unknown calls a person (OC-12, FS-17).
  notFound: { actions: ['begin to doubt', ...doubt] },
  reported: [namesake, { actions: [...takeReport, ...settle] }],
  fillsListed: { actions: [...takeFills, ...settle] },
  deadlineDue: [
    { guard: 'is the fills deadline', actions: ['read fills that are missing', 'count the look-up', ...doubt] },
    ignored,
  ],
} as const

/** What an ended order still takes: late fills, and nothing else (O4). */
const afterTheEnd = {
  accepted: ignored,
  rejected: ignored,
  outcomeUnknown: ignored,
  notFound: ignored,
  cancelRequested: ignored,
  cancelAnswered: ignored,
  restarted: ignored,
  reported: [namesake, { actions: [...takeReport, ...settle] }],
  fillsListed: [
    { guard: 'brings new fills', actions: [...takeFills, ...settle, 'warn of life after the end'] },
    { actions: ['wait for fills that are missing', ...settle] },
  ],
  deadlineDue: atTheVenue.deadlineDue,
} as const

/** An end that says "it never lived": a live report is a mistake to undo, loudly. */
const neverLived = {
  ...afterTheEnd,
  reported: [namesake, { actions: [...takeReport, 'cancel what should not live', 'warn of life after the end'] }],
} as const

export const orderMachine = orderSetup.createMachine({
  id: 'order',
  context: ({ input }) => orderContext(input),
  initial: 'begun',
  on: { '*': { actions: 'report the unexpected' } },
  states: {
    begun: { always: [{ guard: 'was adopted', target: 'pending' }, { target: 'submitting' }] },
    submitting: {
      entry: 'send the order',
      exit: 'stop waiting for an answer',
      on: {
        ...uncertain,
        outcomeUnknown: 'resolving',
        notFound: ignored,
        deadlineDue: [{ guard: 'is the answer deadline', target: 'resolving' }, ignored],
        restarted: 'resolving',
      },
    },
    resolving: {
      entry: ['look it up', 'count the look-up'],
      exit: ['stop waiting for an answer', 'say that its fate is known', 'lower the flag'],
      on: {
        ...uncertain,
        outcomeUnknown: ignored,
        notFound: [
          { guard: 'proves absence', target: 'absent', actions: 'note why it ended' },
          { guard: 'counts as a miss', actions: 'note the miss' },
          ignored,
        ],
        deadlineDue: [
          {
            guard: 'is the look-up deadline',
            actions: ['look it up', 'count the look-up', ...doubt],
          },
          ignored,
        ],
        // Another process asks: its own clock begins anew.
        restarted: { actions: ['forget the miss', 'look it up'] },
      },
    },
    pending: {
      always: [
        ...ends,
        { guard: 'has fills', target: 'partial' },
        { guard: 'a cancel was wanted', target: 'cancelling' },
      ],
      on: { ...atTheVenue, cancelRequested: 'cancelling', cancelAnswered: ignored, restarted: ignored },
    },
    partial: {
      always: [...ends, { guard: 'a cancel was wanted', target: 'cancelling' }],
      on: { ...atTheVenue, cancelRequested: 'cancelling', cancelAnswered: ignored, restarted: ignored },
    },
    cancelling: {
      entry: ['ask for the cancel', 'begin to doubt'],
      always: ends,
      on: {
        ...atTheVenue,
        // Until it has ended, a cancel is a doubt of its own: nothing settles it but the end.
        reported: [namesake, { actions: takeReport }],
        fillsListed: { actions: takeFills },
        cancelRequested: ignored,
        // Whatever the venue answers to a cancel, only a look-up ends the order (C3, FS-07).
        cancelAnswered: { actions: 'look it up' },
        deadlineDue: [
          { guard: 'is the cancel deadline', actions: ['ask for the cancel', 'look it up', ...doubt] },
          { guard: 'is the look-up deadline', actions: ['look it up', 'count the look-up', ...doubt] },
          ...atTheVenue.deadlineDue,
        ],
        restarted: { actions: ['ask for the cancel', 'look it up'] },
      },
    },
    filled: { entry: [...known, 'tell the pair it is filled'], on: afterTheEnd },
    cancelled: { entry: [...known, 'tell the pair it was cancelled'], on: afterTheEnd },
    expired: { entry: [...known, 'tell the pair it expired'], on: afterTheEnd },
    rejected: { entry: [...known, 'tell the pair it was rejected'], on: neverLived },
    absent: { entry: [...known, 'tell the pair it is absent'], on: neverLived },
  },
})
