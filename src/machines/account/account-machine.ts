/**
 * The venue's account against the books: opening + fills + what came from outside = free + held.
 *
 * B1  A difference is never mended silently: it is booked as external, by name and amount, and a person is told (I5).
 * B2  A difference is believed only when the same one was seen several times over a stated while: a fill on its way is none.
 * B3  The first comparison of an asset is its opening.
 * B4  It is a witness: it neither trades nor keeps from trading.
 */
import { setup } from 'xstate'
import { assign } from '../assign.ts'
import { emitting, type Effect, type Stamped } from '../effect.ts'
import { accountContext, type AccountContext, type AccountEvent } from './account-context.ts'
import * as rules from './account-rules.ts'

type Event = Stamped<AccountEvent>
type Args = { readonly context: AccountContext; readonly event: Event }

const says = (verdict: rules.Verdict) => ({ context, event }: Args): boolean => rules.verdictOf(context, event, event.at) === verdict

const accountSetup = setup({
  types: { context: {} as AccountContext, events: {} as Event, emitted: {} as Effect },
  guards: { agrees: says('agrees'), differs: says('differs'), 'is believed': says('believed') },
  actions: {
    'note the opening': assign(({ event }) => ({ opening: rules.openingOf(event.assets), comparedAt: event.at })),
    'note the agreement': assign(({ context, event }) => ({ opening: rules.withOpenings(context, event.assets), comparedAt: event.at, doubt: null })),
    'begin to doubt': assign(({ context, event }) => ({ comparedAt: event.at, doubt: { since: event.at, rounds: 1, differences: rules.differencesOf(context, event.assets) } })),
    'doubt on': assign(({ context, event }) => ({ comparedAt: event.at, doubt: context.doubt && { ...context.doubt, rounds: context.doubt.rounds + 1 } })),
    'call a person': emitting<AccountContext, Event>(({ context, event }) =>
      Object.entries(rules.differencesOf(context, event.assets)).map(([asset, amount]) => ({
        type: 'alert',
        code: 'balance.external',
        subject: asset,
        detail: `${amount} ${asset} came or went without an order of this desk; booked as external`,
      })),
    ),
    'book it as external': assign(({ context, event }) => ({ external: rules.withExternal(context, rules.differencesOf(context, event.assets)), comparedAt: event.at, doubt: null })),
    'report the unexpected': emitting<AccountContext, Event>(({ event }) => [{ type: 'unexpected', event: event.type, state: 'account' }]),
  },
})

export const accountMachine = accountSetup.createMachine({
  id: 'account',
  context: accountContext(),
  initial: 'unopened',
  on: { '*': { actions: 'report the unexpected' } },
  states: {
    unopened: { on: { compared: { target: 'agreed', actions: 'note the opening' } } },
    agreed: {
      on: {
        compared: [
          { guard: 'agrees', actions: 'note the agreement' },
          { target: 'differing', actions: 'begin to doubt' },
        ],
      },
    },
    differing: {
      on: {
        compared: [
          { guard: 'agrees', target: 'agreed', actions: 'note the agreement' },
          { guard: 'differs', actions: 'begin to doubt' },
          { guard: 'is believed', target: 'agreed', actions: ['call a person', 'book it as external'] },
          { actions: 'doubt on' },
        ],
      },
    },
  },
})
