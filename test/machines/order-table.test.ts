/** docs/machines/order.md, the total table. */
import type { StateValueFrom } from 'xstate'
import { quantity } from '../../src/domain/decimal.ts'
import { orderContext, type OrderContext, type OrderEvent } from '../../src/machines/order/order-context.ts'
import { orderMachine } from '../../src/machines/order/order-machine.ts'
import { orderPolicy } from '../support/loop.ts'
import { fillOf } from '../support/records.ts'
import { price } from '../../src/domain/decimal.ts'
import { testTable, type TotalTable } from './total-table.ts'

/** `begun` is passed through at once. */
type State = Exclude<StateValueFrom<typeof orderMachine>, 'begun'>

const P = '01JD5MZX8K4T7WQ2AB'

export const claimed = (over: Partial<OrderContext> = {}): OrderContext => ({
  ...orderContext({
    clientOrderId: `ndab12-${P}-b1`,
    pairId: P,
    leg: 'buy',
    attempt: 1,
    instrument: 'BTC-USD',
    side: 'buy',
    quantity: quantity('0.001'),
    price: price('60000'),
    postOnly: true,
    claimedAt: 1_000,
    openedAt: 1_000,
    policy: orderPolicy,
  }),
  ...over,
})

const atTheVenue = { venueOrderId: 'v-1' }
const partly = { ...atTheVenue, filled: quantity('0.0004'), tradeIds: ['t0'] }

const contexts: Record<State, Partial<OrderContext>> = {
  submitting: {},
  resolving: { lookUps: 1 },
  pending: atTheVenue,
  partial: partly,
  cancelling: atTheVenue,
  filled: { ...atTheVenue, filled: quantity('0.001'), tradeIds: ['t0'] },
  cancelled: { ...partly, reported: { status: 'cancelled', executed: quantity('0.0004') } },
  expired: { ...partly, reported: { status: 'expired', executed: quantity('0.0004') } },
  rejected: {},
  absent: {},
}

const report = { venueOrderId: 'v-1', clientOrderId: `ndab12-${P}-b1`, instrument: 'BTC-USD', side: 'buy', status: 'open', executed: '0' }

const deadline: Record<State, string> = {
  submitting: 'answer',
  resolving: 'resolve',
  pending: 'fills',
  partial: 'fills',
  cancelling: 'cancel',
  filled: 'fills',
  cancelled: 'fills',
  expired: 'fills',
  rejected: 'fills',
  absent: 'fills',
}

const event = (type: OrderEvent['type'], state: State): object => {
  const bodies: Record<OrderEvent['type'], object> = {
    accepted: { venueOrderId: 'v-1' },
    rejected: { reason: 'insufficientFunds', detail: 'no money' },
    outcomeUnknown: { detail: 'timeout' },
    withdrawn: { reason: 'too late' },
    reported: { report },
    fillsListed: { fills: [fillOf('t9', 'buy', '0.0001')] },
    notFound: { askedAt: 1_000 + orderPolicy.absentAfterMs + 1 },
    cancelRequested: { reason: 'not wanted' },
    cancelAnswered: { detail: 'requested' },
    deadlineDue: { name: deadline[state] },
    restarted: {},
  }
  return { type, at: 10_000, ...bodies[type] }
}

const table: TotalTable<State, OrderEvent['type']> = {
  submitting: {
    accepted: 'pending',
    rejected: 'rejected',
    outcomeUnknown: 'resolving',
    withdrawn: 'absent',
    reported: 'pending',
    fillsListed: 'partial',
    notFound: 'ignored',
    cancelRequested: 'stays',
    cancelAnswered: 'ignored',
    deadlineDue: 'resolving',
    restarted: 'resolving',
  },
  resolving: {
    accepted: 'pending',
    rejected: 'rejected',
    outcomeUnknown: 'ignored',
    withdrawn: 'absent',
    reported: 'pending',
    fillsListed: 'partial',
    notFound: 'stays',
    cancelRequested: 'stays',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'stays',
  },
  pending: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'partial',
    notFound: 'stays',
    cancelRequested: 'cancelling',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'ignored',
  },
  partial: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'stays',
    notFound: 'stays',
    cancelRequested: 'cancelling',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'ignored',
  },
  cancelling: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'stays',
    notFound: 'stays',
    cancelRequested: 'ignored',
    cancelAnswered: 'stays',
    deadlineDue: 'stays',
    restarted: 'stays',
  },
  filled: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'stays',
    notFound: 'ignored',
    cancelRequested: 'ignored',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'ignored',
  },
  cancelled: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'stays',
    notFound: 'ignored',
    cancelRequested: 'ignored',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'ignored',
  },
  expired: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'stays',
    notFound: 'ignored',
    cancelRequested: 'ignored',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'ignored',
  },
  rejected: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'stays',
    notFound: 'ignored',
    cancelRequested: 'ignored',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'ignored',
  },
  absent: {
    accepted: 'ignored',
    rejected: 'ignored',
    outcomeUnknown: 'ignored',
    withdrawn: 'unexpected',
    reported: 'stays',
    fillsListed: 'stays',
    notFound: 'ignored',
    cancelRequested: 'ignored',
    cancelAnswered: 'ignored',
    deadlineDue: 'stays',
    restarted: 'ignored',
  },
}

testTable<State, OrderEvent>('order', { machine: orderMachine, contextOf: (state) => claimed(contexts[state]), eventOf: event, table })
