/** The words that the trade-pair chart is written in: its guards and its actions. Each emits or assigns; none acts. */
import { setup } from 'xstate'
import { assign } from '../assign.ts'
import { isSellable } from '../../domain/instrument.ts'
import { emitting, type Effect, type Stamped } from '../effect.ts'
import type { TradePairContext, TradePairEvent, TradePairInput } from './trade-pair-context.ts'
import * as exits from './trade-pair-exits.ts'
import * as rules from './trade-pair-rules.ts'

type Event = Stamped<TradePairEvent>
const is = <T extends TradePairEvent['type']>(event: Event, type: T): event is Extract<Event, { readonly type: T }> =>
  event.type === type

export const tradePairSetup = setup({
  types: {
    context: {} as TradePairContext,
    events: {} as Event,
    input: {} as TradePairInput,
    emitted: {} as Effect,
  },
  guards: {
    'is about the buy': ({ event }) => 'leg' in event && event.leg === 'buy',
    'is about the sell': ({ event }) => 'leg' in event && event.leg === 'sell',
    'ends the live buy': ({ context, event }) =>
      is(event, 'legEnded') && event.leg === 'buy' && event.orderId === context.buyOrder,
    'ends the live sell': ({ context, event }) =>
      is(event, 'legEnded') && event.leg === 'sell' && event.orderId === context.sellOrder,
    'ends the live sell for the whole account': ({ context, event }) =>
      is(event, 'legEnded') && event.orderId === context.sellOrder && /^(?:rateLimited|notPermitted)/.test(event.reason),
    'completes the live sell': ({ context, event }) =>
      is(event, 'legEnded') && event.orderId === context.sellOrder && event.end === 'filled',
    'has no live buy': ({ context }) => context.buyOrder === null,
    'has a live buy': ({ context }) => context.buyOrder !== null,
    'has a live and untouched buy': ({ context }) => context.buyOrder !== null && !rules.hasBought(context),
    'has a live sell': ({ context }) => context.sellOrder !== null,
    'has a live and untouched sell': ({ context }) => context.sellOrder !== null && !rules.hasSold(context),
    'has bought nothing': ({ context }) => !rules.hasBought(context),
    'has sold what it could': ({ context }) => rules.hasSold(context) && !exits.canCover(context),
    'can be covered': ({ context }) => exits.canCover(context),
    'cannot be covered': ({ context }) => !exits.canCover(context),
    'may cover at once': ({ context }) => context.fruitless === 0,
    'has tried to cover too often': ({ context }) => context.fruitless >= context.policy.coverAttempts,
    'is held for something else': ({ context, event }) =>
      is(event, 'orderResolved') && event.orderId !== context.heldFor,
    'is a late fill of an ended sell': ({ context, event }) =>
      is(event, 'fillBooked') && event.leg === 'sell' && event.orderId !== context.sellOrder,
    'is the cover deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'cover',
    'is the tighten deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'tighten',
    'is the time limit': ({ event }) => is(event, 'deadlineDue') && event.name === 'closeAfter',
    'is the partial-buy deadline': ({ event }) => is(event, 'deadlineDue') && event.name === 'partialBuy',
    'the partial buy has waited long enough': ({ context, event }) =>
      is(event, 'deadlineDue') && event.name === 'partialBuy' && context.exit.partialBuy !== 'wait' && exits.canCover(context),
    'ends the sell that was called off': ({ context, event }) =>
      is(event, 'legEnded') && event.orderId === context.sellOrder && event.orderId === context.calledOff && event.end === 'cancelled',
    'is being closed': ({ context }) => context.closing !== null,
    'has reached its stop': ({ context, event }) => is(event, 'stopReached') && exits.closingByStop(context, event) !== undefined,
    'has reached its stop and can be sold there': ({ context, event }) =>
      is(event, 'stopReached') && exits.closingByStop(context, event) !== undefined && isSellable(context.instrument, event.price, exits.remaining(context)),
    'raises the high': ({ context, event }) => is(event, 'highRaised') && exits.raisesHigh(context, event.bid),
  },
  actions: {
    'count the buy': assign(({ context, event }) => ({
      buys: context.buys + 1,
      buyOrder: rules.buyOrderId(context, context.buys + 1),
      openedAt: context.openedAt ?? event.at,
    })),
    'count the adopted buy': assign(({ context, event }) =>
      is(event, 'adopted') ? { buys: context.buys + 1, buyOrder: event.report.clientOrderId, openedAt: context.openedAt ?? event.at } : {},
    ),
    'adopt the buy': emitting<TradePairContext, Event>(({ context, event }) => (is(event, 'adopted') ? rules.adoptBuy(context, event.report) : [])),
    'open the buy': emitting<TradePairContext, Event>(({ context }) => [rules.openBuy(context)]),
    'count the cover': assign(({ context }) => ({
      sells: context.sells + 1,
      sellOrder: rules.sellOrderId(context, context.sells + 1),
      minSellPrice: exits.offerAtTarget(context).price,
    })),
    'open the cover': emitting<TradePairContext, Event>(({ context }) => [
      rules.openCover(context),
    ]),
    'take the fill': assign(({ context, event }) =>
      is(event, 'fillBooked') ? rules.withFill(context, event.leg, event.fill, event.at) : {},
    ),
    'forget the live buy': assign({ buyOrder: null }),
    'forget the live sell': assign({ sellOrder: null, calledOff: null }),
    'count a fruitless cover': assign(({ context }) => ({ fruitless: context.fruitless + 1 })),
    // The gate's no, or a no to the whole account, lengthens the pause and never calls a person: a market that is closed opens again (PX-10).
    'count a denied cover': assign(({ context }) => ({ fruitless: Math.min(context.fruitless + 1, Math.max(context.policy.coverAttempts - 1, context.fruitless)) })),
    'take the new rules': assign(({ event }) => (is(event, 'rulesChanged') ? { instrument: event.instrument } : {})),
    'try to cover later': emitting<TradePairContext, Event>(({ context, event }) =>
      context.fruitless === 0
        ? []
        : [{ type: 'setDeadline', name: 'cover', dueAt: event.at + rules.coverPause(context) }],
    ),
    'stop waiting to cover': emitting<TradePairContext, Event>(() => [{ type: 'clearDeadline', name: 'cover' }]),
    'wait for the rest of the buy': emitting<TradePairContext, Event>(({ context, event }) => [
      { type: 'setDeadline', name: 'partialBuy', dueAt: event.at + context.policy.partialBuyWaitMs },
    ]),
    'stop waiting for the rest of the buy': emitting<TradePairContext, Event>(() => [
      { type: 'clearDeadline', name: 'partialBuy' },
    ]),
    'cancel the buy': emitting<TradePairContext, Event>(({ context, event }) =>
      rules.cancelBuy(context, 'reason' in event ? event.reason : (context.closing?.reason ?? 'partly filled for too long')),
    ),
    'cancel the sell': emitting<TradePairContext, Event>(({ context, event }) =>
      rules.cancelSell(context, 'reason' in event && !is(event, 'legEnded') ? event.reason : 'an ended sell was filled after all'),
    ),
    // Asked to go for another to take its place: its end counts for nothing against the next one.
    'call the sell off': assign(({ context }) => ({ calledOff: context.sellOrder })),
    'call the sell off if it asks too much': assign(({ context }) => (exits.asksTooMuch(context) ? { calledOff: context.sellOrder } : {})),
    'cancel what was called off': emitting<TradePairContext, Event>(({ context, event }) =>
      rules.cancelSell({ ...context, sellOrder: context.calledOff }, 'reason' in event ? event.reason : (context.closing?.reason ?? 'it has grown old, and asks less')),
    ),
    'note the closing': assign(({ event }) =>
      is(event, 'closeNow') ? { closing: { price: event.price, reason: event.reason, prices: 1, planned: false }, fruitless: 0 } : {},
    ),
    'note the stop': assign(({ context, event }) => (is(event, 'stopReached') ? { closing: exits.closingByStop(context, event) ?? context.closing, fruitless: 0 } : {})),
    'note the new price': assign(({ context, event }) =>
      is(event, 'closingPriced') && context.closing !== null ? { closing: { ...context.closing, price: event.price, prices: context.closing.prices + 1 } } : {},
    ),
    'forget the closing': assign(({ context }) => ({ closing: exits.closingByAge(context) })),
    'tell of the closing': emitting<TradePairContext, Event>(({ context }) =>
      context.closing?.planned === true ? [{ type: 'alert', code: 'pair.closing', subject: context.pairId, detail: `${context.pairId} is being closed: ${context.closing.reason}` }] : [],
    ),
    'raise the high': assign(({ event }) => (is(event, 'highRaised') ? { high: event.bid } : {})),
    tighten: assign(({ context }) => ({ tightened: context.tightened + 1 })),
    'note the time limit': assign(({ context }) => ({ overdue: true, closing: context.closing ?? exits.closingByAge({ ...context, overdue: true }) })),
    'set its clocks': emitting<TradePairContext, Event>(({ context }) => exits.clocks(context)),
    'forget its clocks': emitting<TradePairContext, Event>(({ context }) => exits.noClocks(context)),
    // A person's target takes the place of the plan's own.
    'take the new target': assign(({ context, event }) =>
      is(event, 'retargeted') ? { target: event.target, exit: { ...context.exit, targets: [] }, fruitless: 0 } : {},
    ),
    'note the end': assign(({ event }) => ({ closedAt: event.at })),
    'note why it is held': assign(({ event }) => {
      if (is(event, 'hold')) return { heldBecause: event.reason, heldFor: null }
      if (is(event, 'orderUnresolved')) return { heldBecause: `the fate of ${event.orderId} is unknown`, heldFor: event.orderId }
      return { heldBecause: 'no covering sell would stand', heldFor: null }
    }),
    'forget why it was held': assign(({ context }) => ({ heldBecause: null, heldFor: null, fruitless: 0, closing: context.closing && { ...context.closing, prices: 0 } })),
    'call a person': emitting<TradePairContext, Event>(({ context }) => [
      { type: 'alert', code: 'pair.held', subject: context.pairId, detail: `${context.pairId} is held: ${context.heldBecause ?? 'no reason given'}` },
    ]),
    'report the unexpected': emitting<TradePairContext, Event>(({ context, event }) => [
      { type: 'unexpected', event: event.type, state: context.pairId },
    ]),
  },
})
