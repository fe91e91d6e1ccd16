/**
 * A breaker: a durable lock on new entries. One chart for every kind; what a kind counts is its rule (breaker-rules.ts).
 *
 * X1  A tripped breaker stays tripped until its own end: its time, its day or hour, the end of the trouble, or a person.
 * X2  A trip says why, in one sentence with the numbers, and keeps what was counted, the limit and since when.
 * X3  Every trip and every end calls a person.
 * X4  It counts on while it is tripped, and a trip may be made longer, never shorter.
 * X5  Days and hours are told by the stamps of events, and the newest stamp counts: a wall clock that is set back neither
 *     ends a trip early nor counts twice.
 * X6  A change of its limits ends no trip, but switching it off does.
 */
import { breakerContext } from './breaker-context.ts'
import { breakerSetup } from './breaker-setup.ts'

const ignored = {}
const begin = ['count and trip', 'wait for its end', 'call a person'] as const
const end = ['tell of the end', 'wait for its end no more', 'forget the trip'] as const
const over = { target: '#breaker.clear', actions: end } as const
const tallied = { guard: 'is counted', actions: 'count' } as const

const judged = [
  { guard: 'is too much for a while', target: '#breaker.tripped.timed', actions: begin },
  { guard: 'is too much while it lasts', target: '#breaker.tripped.lasting', actions: begin },
  { guard: 'is too much until a person looks', target: '#breaker.tripped.stopped', actions: begin },
  tallied,
  ignored,
] as const

/** Longer, with a reason of its own (X4). */
const longer = [{ guard: 'lasts longer now', actions: ['wait for its end no more', ...begin] }, tallied, ignored] as const
const onlyCounted = [tallied, ignored] as const

export const breakerMachine = breakerSetup.createMachine({
  id: 'breaker',
  context: ({ input }) => breakerContext(input),
  initial: 'clear',
  on: { '*': { actions: 'report the unexpected' } },
  states: {
    clear: {
      on: {
        configured: { actions: 'take the limits' },
        profitBooked: judged,
        marked: judged,
        orderBegun: judged,
        orderRefused: judged,
        orderStood: judged,
        worsened: judged,
        recovered: ignored,
        reset: ignored,
        deadlineDue: ignored,
      },
    },
    tripped: {
      initial: 'timed',
      on: {
        configured: [
          { guard: 'is switched off', target: 'clear', actions: [...end, 'take the limits'] },
          { actions: 'take the limits' },
        ],
        profitBooked: onlyCounted,
        marked: onlyCounted,
        orderBegun: onlyCounted,
        orderRefused: onlyCounted,
        orderStood: onlyCounted,
        worsened: ignored,
        recovered: ignored,
        reset: over,
        deadlineDue: ignored,
      },
      states: {
        timed: {
          on: {
            profitBooked: longer,
            marked: longer,
            orderBegun: longer,
            // What is refused now was under way before: several refusals inside one pause are one.
            orderRefused: onlyCounted,
            deadlineDue: [
              { guard: 'its end has come', ...over },
              // Told early: the wall clock was set back meanwhile (X5).
              { guard: 'is its end', actions: 'wait for its end' },
              ignored,
            ],
          },
        },
        lasting: { on: { recovered: over } },
        stopped: {},
      },
    },
  },
})
