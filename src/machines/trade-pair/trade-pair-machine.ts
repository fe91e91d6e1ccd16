/**
 * One round trip: a buy, and the sell that covers it.
 *
 * T1  What was bought and not sold has exactly one plan: a live sell, a deadline to place one, dust, or a person.
 * T2  At most one live order a leg; a new one begins only after the last has ended (I1).
 * T3  A covering sell is priced from real fills and fees, never below the minimum sell price (P1, P2), unless a person, or
 *     the kill switch, wants the pair closed at once.
 * T4  A buy is never cancelled into a rest that cannot be sold.
 * T5  Ends take late fills: a fill of an ended pair brings it back to the road (FS-23).
 * T6  A held pair books everything and begins nothing.
 * T7  Every wait is a deadline row; the chart has no timer, no promise and no final state.
 */
import { tradePairContext } from './trade-pair-context.ts'
import { tradePairSetup } from './trade-pair-setup.ts'

const ignored = {}

/** Fills of the other leg, and ends of orders that are no longer live, only change the books. */
const books = { actions: 'take the fill' } as const
const forgetBuy = { guard: 'ends the live buy', actions: 'forget the live buy' } as const
const forgetSell = { guard: 'ends the live sell', actions: 'forget the live sell' } as const
/** What is on offer is now more than what is left: it goes, and the rest is offered anew (FS-23). */
const lateSell = { guard: 'is a late fill of an ended sell', actions: ['take the fill', 'cancel the sell'] } as const
/** Another price is wanted for what is on offer: the sell that stands goes, and the next is offered at the new one. */
const reprice = {
  closeNow: { actions: ['note the closing', 'cancel the sell'] },
  closeNoMore: { actions: ['forget the closing', 'cancel the sell'] },
  retargeted: { actions: ['take the new target', 'cancel the sell'] },
} as const
const placeCover = ['count the cover', 'open the cover'] as const

const inOtherHands = {
  hold: { target: '#trade-pair.held', actions: 'note why it is held' },
  orderUnresolved: { target: '#trade-pair.held', actions: 'note why it is held' },
  closedByHand: { target: '#trade-pair.closedExternally', actions: 'note the end' },
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
  fillBooked: { target: 'filled', actions: 'take the fill' },
  legEnded: [forgetBuy, forgetSell, ignored],
  denied: ignored,
  orderUnresolved: ignored,
  orderResolved: ignored,
  buyUnwanted: ignored,
  deadlineDue: ignored,
  closeNow: ignored,
  closeNoMore: { actions: 'forget the closing' },
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
            fillBooked: { target: 'partial', actions: 'take the fill' },
            buyUnwanted: { actions: 'cancel the buy' },
            closeNow: { actions: ['note the closing', 'cancel the buy'] },
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
            deadlineDue: [
              {
                guard: 'the partial buy has waited long enough',
                actions: ['wait for the rest of the buy', 'cancel the buy'],
              },
              { guard: 'is the partial-buy deadline', actions: 'wait for the rest of the buy' },
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
        retargeted: { target: 'filled', reenter: true, actions: 'take the new target' },
        deadlineDue: [{ guard: 'is the cover deadline', target: 'sellPlaced', actions: placeCover }, ignored],
      },
    },
    sellPlaced: {
      initial: 'pending',
      on: {
        ...inOtherHands,
        ...reprice,
        legEnded: [
          {
            guard: 'completes the live sell',
            target: 'filled',
            actions: 'forget the live sell',
          },
          {
            guard: 'ends the live sell for the whole account',
            target: 'filled',
            actions: ['forget the live sell', 'count a denied cover'],
          },
          {
            guard: 'ends the live sell',
            target: 'filled',
            actions: ['forget the live sell', 'count a fruitless cover'],
          },
          forgetBuy,
          ignored,
        ],
        denied: [
          {
            guard: 'is about the sell',
            target: 'filled',
            actions: ['forget the live sell', 'count a denied cover'],
          },
          ignored,
        ],
        buyUnwanted: ignored,
        deadlineDue: ignored,
      },
      states: {
        pending: {
          on: {
            fillBooked: [
              lateSell,
              { guard: 'is about the sell', target: 'partial', actions: 'take the fill' },
              books,
            ],
          },
        },
        partial: { on: { fillBooked: [lateSell, books] } },
      },
    },
    held: {
      entry: 'call a person',
      exit: 'forget why it was held',
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
        retargeted: { actions: 'take the new target' },
        // A person's hold outlives the doubt that came before it.
        hold: { actions: 'note why it is held' },
        release: onTheRoad,
        // A doubt that has gone needs no person: only a person's hold, or a fault's, waits for one.
        orderResolved: [{ guard: 'is held for something else' }, ...onTheRoad],
        closedByHand: { target: 'closedExternally', actions: 'note the end' },
      },
    },
    closed: { entry: 'note the end', on: afterTheEnd },
    abandoned: { entry: 'note the end', on: afterTheEnd },
    dust: { entry: 'note the end', on: afterTheEnd },
    closedExternally: { on: { ...afterTheEnd, fillBooked: books } },
  },
})
