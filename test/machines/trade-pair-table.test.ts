/** docs/machines/trade-pair.md, the total table. */
import type { StateValueFrom } from 'xstate'
import { money, price, quantity } from '../../src/domain/decimal.ts'
import { tradePairContext, type TradePairContext, type TradePairEvent } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { tradePairMachine } from '../../src/machines/trade-pair/trade-pair-machine.ts'
import { bitcoin, pairInput } from '../support/loop.ts'
import { fillOf } from '../support/records.ts'
import { testTable, type LeafPath, type TotalTable } from './total-table.ts'

type State = Exclude<LeafPath<StateValueFrom<typeof tradePairMachine>>, 'buying' | 'sellPlaced'>

const P = '01JD5MZX8K4T7WQ2AB'
const buyOrder = `ndab12-${P}-b1`
const sellOrder = `ndab12-${P}-s1`

const buying = { buys: 1, buyOrder, openedAt: 1 }
const bought = { buys: 1, bought: quantity('0.001'), held: quantity('0.001'), cost: money('60'), openedAt: 1, boughtAt: 2 }
const selling = { ...bought, sells: 1, sellOrder }
const sold = { ...bought, sells: 1, sold: quantity('0.001'), proceeds: money('60.018') }

const contexts: Record<State, Partial<TradePairContext>> = {
  'buying.pending': buying,
  'buying.partial': { ...buying, bought: quantity('0.0005'), held: quantity('0.0005'), cost: money('30') },
  filled: { ...bought, fruitless: 1 },
  'sellPlaced.pending': selling,
  'sellPlaced.partial': { ...selling, sold: quantity('0.0004'), proceeds: money('24.0072') },
  held: { ...selling, heldBecause: 'a test', heldFor: sellOrder },
  closed: { ...sold, closedAt: 5 },
  abandoned: { buys: 1, openedAt: 1, closedAt: 5 },
  dust: { ...buying, buyOrder: null, bought: quantity('0.00000001'), held: quantity('0.00000001'), cost: money('0.0006'), closedAt: 5 },
  closedExternally: { ...bought, closedAt: 5 },
}

/** The leg that a state is busy with. */
const legOf = (state: State): 'buy' | 'sell' => (state.startsWith('buying') ? 'buy' : 'sell')

const event = (type: TradePairEvent['type'], state: State): object => {
  const leg = legOf(state)
  const ended = ['closed', 'abandoned', 'dust', 'closedExternally', 'filled'].includes(state)
  const bodies: Record<TradePairEvent['type'], object> = {
    proposed: {},
    adopted: { report: { venueOrderId: 'v-9', clientOrderId: 'by-hand', instrument: 'BTC-USD', side: 'buy', status: 'open', executed: quantity('0'), price: price('60000'), quantity: quantity('0.001') } },
    denied: { leg, rule: 'size', detail: 'too small' },
    // A late fill of an ended pair is one of its buy.
    fillBooked: ended
      ? { leg: 'buy', orderId: buyOrder, fill: fillOf('t9', 'buy', '0.0001') }
      : { leg, orderId: leg === 'buy' ? buyOrder : sellOrder, fill: fillOf('t9', leg, '0.0001') },
    legEnded: { leg, orderId: leg === 'buy' ? buyOrder : sellOrder, end: 'cancelled', reason: '' },
    orderUnresolved: { leg, orderId: leg === 'buy' ? buyOrder : sellOrder },
    orderResolved: { leg, orderId: leg === 'buy' ? buyOrder : sellOrder },
    buyUnwanted: { reason: 'the market moved' },
    deadlineDue: { name: state.startsWith('buying') ? 'partialBuy' : 'cover' },
    rulesChanged: { instrument: { ...bitcoin, tick: price('0.1') } },
    closeNow: { price: price('59700'), reason: 'a person' },
    closeNoMore: { reason: 'a person' },
    retargeted: { target: { kind: 'price', price: price('61000') }, reason: 'a person' },
    hold: { reason: 'a person' },
    release: { reason: 'a person' },
    closedByHand: { reason: 'a person' },
  }
  return { type, at: 10_000, ...bodies[type] }
}

const table: TotalTable<State, TradePairEvent['type']> = {
  'buying.pending': {
    proposed: 'ignored',
    adopted: 'ignored',
    denied: 'abandoned',
    fillBooked: 'buying.partial',
    legEnded: 'abandoned',
    orderUnresolved: 'held',
    orderResolved: 'ignored',
    buyUnwanted: 'stays',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'stays',
    closeNoMore: 'ignored',
    retargeted: 'stays',
    hold: 'held',
    release: 'ignored',
    closedByHand: 'closedExternally',
  },
  'buying.partial': {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'sellPlaced.pending',
    fillBooked: 'stays',
    legEnded: 'sellPlaced.pending',
    orderUnresolved: 'held',
    orderResolved: 'ignored',
    buyUnwanted: 'stays',
    deadlineDue: 'stays',
    rulesChanged: 'stays',
    closeNow: 'stays',
    closeNoMore: 'ignored',
    retargeted: 'stays',
    hold: 'held',
    release: 'ignored',
    closedByHand: 'closedExternally',
  },
  filled: {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'ignored',
    fillBooked: 'stays',
    legEnded: 'ignored',
    orderUnresolved: 'held',
    orderResolved: 'ignored',
    buyUnwanted: 'ignored',
    deadlineDue: 'sellPlaced.pending',
    rulesChanged: 'stays',
    closeNow: 'sellPlaced.pending',
    closeNoMore: 'stays',
    retargeted: 'sellPlaced.pending',
    hold: 'held',
    release: 'ignored',
    closedByHand: 'closedExternally',
  },
  'sellPlaced.pending': {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'filled',
    fillBooked: 'sellPlaced.partial',
    legEnded: 'filled',
    orderUnresolved: 'held',
    orderResolved: 'ignored',
    buyUnwanted: 'ignored',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'stays',
    closeNoMore: 'stays',
    retargeted: 'stays',
    hold: 'held',
    release: 'ignored',
    closedByHand: 'closedExternally',
  },
  'sellPlaced.partial': {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'filled',
    fillBooked: 'stays',
    legEnded: 'filled',
    orderUnresolved: 'held',
    orderResolved: 'ignored',
    buyUnwanted: 'ignored',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'stays',
    closeNoMore: 'stays',
    retargeted: 'stays',
    hold: 'held',
    release: 'ignored',
    closedByHand: 'closedExternally',
  },
  held: {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'stays',
    fillBooked: 'stays',
    legEnded: 'stays',
    orderUnresolved: 'ignored',
    orderResolved: 'sellPlaced.pending',
    buyUnwanted: 'ignored',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'stays',
    closeNoMore: 'ignored',
    retargeted: 'stays',
    hold: 'stays',
    release: 'sellPlaced.pending',
    closedByHand: 'closedExternally',
  },
  closed: {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'ignored',
    fillBooked: 'sellPlaced.pending',
    legEnded: 'ignored',
    orderUnresolved: 'ignored',
    orderResolved: 'ignored',
    buyUnwanted: 'ignored',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'ignored',
    closeNoMore: 'ignored',
    retargeted: 'stays',
    hold: 'ignored',
    release: 'ignored',
    closedByHand: 'ignored',
  },
  abandoned: {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'ignored',
    fillBooked: 'sellPlaced.pending',
    legEnded: 'ignored',
    orderUnresolved: 'ignored',
    orderResolved: 'ignored',
    buyUnwanted: 'ignored',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'ignored',
    closeNoMore: 'ignored',
    retargeted: 'stays',
    hold: 'ignored',
    release: 'ignored',
    closedByHand: 'ignored',
  },
  dust: {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'ignored',
    fillBooked: 'sellPlaced.pending',
    legEnded: 'ignored',
    orderUnresolved: 'ignored',
    orderResolved: 'ignored',
    buyUnwanted: 'ignored',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'ignored',
    closeNoMore: 'ignored',
    retargeted: 'stays',
    hold: 'ignored',
    release: 'ignored',
    closedByHand: 'ignored',
  },
  closedExternally: {
    proposed: 'unexpected',
    adopted: 'unexpected',
    denied: 'ignored',
    fillBooked: 'stays',
    legEnded: 'ignored',
    orderUnresolved: 'ignored',
    orderResolved: 'ignored',
    buyUnwanted: 'ignored',
    deadlineDue: 'ignored',
    rulesChanged: 'stays',
    closeNow: 'ignored',
    closeNoMore: 'ignored',
    retargeted: 'stays',
    hold: 'ignored',
    release: 'ignored',
    closedByHand: 'ignored',
  },
}

testTable<State, TradePairEvent>('trade-pair', {
  machine: tradePairMachine,
  contextOf: (state) => ({ ...tradePairContext(pairInput(P)), ...contexts[state] }),
  eventOf: event,
  table,
})
