/**
 * One round trip: a buy, and the sell that covers it.
 *
 * T1  What was bought and not sold has exactly one plan: a live sell, a deadline to place one, dust, or a person.
 * T2  At most one live order a leg; a new one begins only after the last has ended (I1).
 * T3  A covering sell is priced from real fills and fees, never below the minimum sell price (P1, P2), unless the pair is
 *     being closed: by a person, the kill switch, its stop, or a time limit that may lose.
 * T4  A buy is never cancelled into a rest that cannot be sold.
 * T5  Ends take late fills: a fill of an ended pair brings it back to the road (FS-23).
 * T6  A held pair books everything and begins nothing.
 * T7  Every wait is a deadline row; the chart has no timer, no promise and no final state.
 * T8  Parts are offered one after the other, the cheapest target first, and never more than is left.
 * T9  A stop is taken only when the bid is at or below the line that the pair's own fills imply; its highest bid only rises.
 */
import { tradePairContext } from './trade-pair-context.ts'
import { tradePairSetup } from './trade-pair-setup.ts'

const ignored = {}

/** The age of a holding counts from its first fill. */
const takeFill = ['take the fill', 'set its clocks'] as const
/** Fills of the other leg, and ends of orders that are no longer live, only change the books. */
const books = { actions: takeFill } as const
const forgetBuy = { guard: 'ends the live buy', actions: 'forget the live buy' } as const
const forgetSell = { guard: 'ends the live sell', actions: 'forget the live sell' } as const
/** What is on offer is now more than what is left: it goes, and the rest is offered anew (FS-23). */
const lateSell = { guard: 'is a late fill of an ended sell', actions: [...takeFill, 'cancel the sell'] } as const
/** Another price is wanted for what is on offer: the sell that stands goes, and the next is offered at the new one. */
const replace = ['call the sell off', 'cancel what was called off'] as const
const reprice = {
  closeNow: { actions: ['note the closing', ...replace] },
  closeNoMore: { actions: ['forget the closing', ...replace] },
  retargeted: { actions: ['take the new target', ...replace] },
  closingPriced: [{ guard: 'is being closed', actions: ['note the new price', ...replace] }, ignored],
  stopReached: [{ guard: 'has reached its stop', actions: ['note the stop', 'tell of the closing', ...replace] }, ignored],
} as const
const raise = [{ guard: 'raises the high', actions: 'raise the high' }, ignored] as const
/** Its age acts: less is asked, or it is closed as soon as there is a price. */
const tightens = { guard: 'is the tighten deadline', actions: ['tighten', 'set its clocks'] } as const
const timeIsUp = { guard: 'is the time limit', actions: ['note the time limit', 'tell of the closing'] } as const
const replaceIfDear = ['call the sell off if it asks too much', 'cancel what was called off'] as const
const theEnd = ['note the end', 'forget its clocks'] as const
const placeCover = ['count the cover', 'open the cover'] as const

const inOtherHands = {
  hold: { target: '#trade-pair.held', actions: 'note why it is held' },
  orderUnresolved: { target: '#trade-pair.held', actions: 'note why it is held' },
  closedByHand: { target: '#trade-pair.closedExternally', actions: theEnd },
  release: ignored,
  orderResolved: ignored,
} as const

/** The state that the books imply, for a pair that is let go again. */
const onTheRoad = [
  { guard: 'has a live and untouched buy', target: 'buying.pending' },
  { guard: 'has a live buy', target: 'buying.partial' },
  { guard: 'has a live and untouched sell', target: 'sellPlaced.pending' },
  { guard: 'has a live sell', target: 'sellPlaced.partial' },
  { target: 'filled', actions: 'forget why it was held' },
] as const

/** What an ended pair still takes (T5). */
const afterTheEnd = {
  fillBooked: { target: 'filled', actions: takeFill },
  legEnded: [forgetBuy, forgetSell, ignored],
  denied: ignored,
  orderUnresolved: ignored,
  orderResolved: ignored,
  buyUnwanted: ignored,
  deadlineDue: ignored,
  closeNow: ignored,
  closeNoMore: { actions: 'forget the closing' },
  closingPriced: ignored,
  stopReached: ignored,
  highRaised: ignored,
  retargeted: { actions: 'take the new target' },
  hold: ignored,
  release: ignored,
  closedByHand: ignored,
} as const

export const tradePairMachine = tradePairSetup.createMachine({
  id: 'trade-pair',
  context: ({ input }) => tradePairContext(input),
  initial: 'buying',
  on: {
    // Whatever the pair is doing, what it places from now on keeps the rules of now.
    rulesChanged: { actions: 'take the new rules' },
    '*': { actions: 'report the unexpected' },
  },
  states: {
    buying: {
      initial: 'pending',
      exit: 'stop waiting for the rest of the buy',
      on: {
        ...inOtherHands,
        closeNoMore: { actions: 'forget the closing' },
        closingPriced: ignored,
        retargeted: { actions: 'take the new target' },
        legEnded: [{ guard: 'ends the live buy', target: 'filled', actions: 'forget the live buy' }, ignored],
        denied: [{ guard: 'is about the buy', target: 'filled', actions: 'forget the live buy' }, ignored],
      },
      states: {
        pending: {
          on: {
            proposed: [
              { guard: 'has no live buy', actions: ['count the buy', 'open the buy'] },
              ignored,
            ],
            adopted: [
              { guard: 'has no live buy', actions: ['count the adopted buy', 'adopt the buy'] },
              ignored,
            ],
            fillBooked: { target: 'partial', actions: takeFill },
            buyUnwanted: { actions: 'cancel the buy' },
            closeNow: { actions: ['note the closing', 'cancel the buy'] },
            stopReached: ignored,
            highRaised: ignored,
            deadlineDue: ignored,
          },
        },
        partial: {
          entry: 'wait for the rest of the buy',
          on: {
            fillBooked: books,
            // What is filled must be sellable before the rest is let go (T4, PX-02).
            buyUnwanted: [{ guard: 'can be covered', actions: 'cancel the buy' }, ignored],
            closeNow: [{ guard: 'can be covered', actions: ['note the closing', 'cancel the buy'] }, { actions: 'note the closing' }],
            stopReached: [
              { guard: 'has reached its stop and can be sold there', actions: ['note the stop', 'tell of the closing', 'cancel the buy'] },
              { guard: 'has reached its stop', actions: ['note the stop', 'tell of the closing'] },
              ignored,
            ],
            highRaised: raise,
            deadlineDue: [
              {
                guard: 'the partial buy has waited long enough',
                actions: ['wait for the rest of the buy', 'cancel the buy'],
              },
              { guard: 'is the partial-buy deadline', actions: 'wait for the rest of the buy' },
              tightens,
              timeIsUp,
              ignored,
            ],
          },
        },
      },
    },
    filled: {
      entry: 'try to cover later',
      exit: 'stop waiting to cover',
      always: [
        { guard: 'has bought nothing', target: 'abandoned' },
        { guard: 'has sold what it could', target: 'closed' },
        { guard: 'cannot be covered', target: 'dust' },
        { guard: 'has tried to cover too often', target: 'held', actions: 'note why it is held' },
        { guard: 'may cover at once', target: 'sellPlaced', actions: placeCover },
      ],
      on: {
        ...inOtherHands,
        fillBooked: books,
        legEnded: [forgetBuy, forgetSell, ignored],
        denied: ignored,
        buyUnwanted: ignored,
        closeNow: { target: 'filled', reenter: true, actions: 'note the closing' },
        closeNoMore: { target: 'filled', reenter: true, actions: 'forget the closing' },
        closingPriced: [{ guard: 'is being closed', actions: 'note the new price' }, ignored],
        stopReached: [{ guard: 'has reached its stop', target: 'filled', reenter: true, actions: ['note the stop', 'tell of the closing'] }, ignored],
        highRaised: raise,
        retargeted: { target: 'filled', reenter: true, actions: 'take the new target' },
        deadlineDue: [{ guard: 'is the cover deadline', target: 'sellPlaced', actions: placeCover }, tightens, timeIsUp, ignored],
      },
    },
    sellPlaced: {
      initial: 'pending',
      on: {
        ...inOtherHands,
        ...reprice,
        legEnded: [
          { guard: 'completes the live sell', target: 'filled', actions: 'forget the live sell' },
          { guard: 'ends the sell that was called off', target: 'filled', actions: 'forget the live sell' },
          { guard: 'ends the live sell for the whole account', target: 'filled', actions: ['forget the live sell', 'count a denied cover'] },
          { guard: 'ends the live sell', target: 'filled', actions: ['forget the live sell', 'count a fruitless cover'] },
          forgetBuy,
          ignored,
        ],
        denied: [{ guard: 'is about the sell', target: 'filled', actions: ['forget the live sell', 'count a denied cover'] }, ignored],
        buyUnwanted: ignored,
        highRaised: raise,
        deadlineDue: [{ ...tightens, actions: [...tightens.actions, ...replaceIfDear] }, { ...timeIsUp, actions: [...timeIsUp.actions, ...replaceIfDear] }, ignored],
      },
      states: {
        pending: {
          on: {
            fillBooked: [
              lateSell,
              { guard: 'is about the sell', target: 'partial', actions: takeFill },
              books,
            ],
          },
        },
        partial: { on: { fillBooked: [lateSell, books] } },
      },
    },
    held: {
      entry: 'call a person',
      exit: ['forget why it was held', 'set its clocks'],
      on: {
        fillBooked: [lateSell, books],
        legEnded: [forgetBuy, forgetSell, ignored],
        denied: [
          { guard: 'is about the buy', actions: 'forget the live buy' },
          { guard: 'is about the sell', actions: 'forget the live sell' },
        ],
        orderUnresolved: ignored,
        buyUnwanted: { actions: 'cancel the buy' },
        deadlineDue: ignored,
        // What a held pair is to be sold at counts when it is let go.
        closeNow: { actions: 'note the closing' },
        closeNoMore: { actions: 'forget the closing' },
        closingPriced: ignored,
        stopReached: ignored,
        highRaised: ignored,
        retargeted: { actions: 'take the new target' },
        // A person's hold outlives the doubt that came before it.
        hold: { actions: 'note why it is held' },
        release: onTheRoad,
        // A doubt that has gone needs no person: only a person's hold, or a fault's, waits for one.
        orderResolved: [{ guard: 'is held for something else' }, ...onTheRoad],
        closedByHand: { target: 'closedExternally', actions: theEnd },
      },
    },
    closed: { entry: theEnd, on: afterTheEnd },
    abandoned: { entry: theEnd, on: afterTheEnd },
    dust: { entry: theEnd, on: afterTheEnd },
    closedExternally: { on: { ...afterTheEnd, fillBooked: { actions: 'take the fill' } } },
  },
})
