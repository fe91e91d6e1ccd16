/** The verbs of an order's story, and what must hold after every step of it (docs/machines/order.md). */
import { expect } from 'vitest'
import { compare, price, quantity, sum } from '../../src/domain/decimal.ts'
import type { Fill, OrderReport, VenueOrderStatus } from '../../src/domain/order.ts'
import type { Effect } from '../../src/machines/effect.ts'
import type { OrderContext, OrderEvent, OrderInput } from '../../src/machines/order/order-context.ts'
import { orderMachine } from '../../src/machines/order/order-machine.ts'
import { orderPolicy } from '../support/loop.ts'
import { fillOf } from '../support/records.ts'
import { Story, type Step } from './story.ts'

export const pairId = '01JD5MZX8K4T7WQ2AB'
export const claimedAt = 100_000

export const orderInput: OrderInput = {
  clientOrderId: `ndab12-${pairId}-b1`,
  pairId,
  leg: 'buy',
  attempt: 1,
  instrument: 'BTC-USD',
  side: 'buy',
  quantity: quantity('0.001'),
  price: price('60000'),
  postOnly: true,
  claimedAt,
  openedAt: claimedAt,
  policy: orderPolicy,
}

const ends: ReadonlySet<string> = new Set(['filled', 'cancelled', 'expired', 'rejected', 'absent'])
const atTheVenue: ReadonlySet<string> = new Set(['pending', 'partial', 'cancelling'])
const rank = (status: VenueOrderStatus | undefined): number =>
  status === undefined ? -1 : ['unknown', 'pending', 'open'].includes(status) ? ['unknown', 'pending', 'open'].indexOf(status) : 3

const booked = (all: readonly Effect[]): readonly Fill[] => all.flatMap((effect) => (effect.type === 'bookFill' ? [effect.fill] : []))

const evidence = ({ event, before, after }: Step<OrderContext>): void => {
  if (ends.has(before.state)) {
    expect(after.state, 'O4: an end stays the end').toBe(before.state)
    return
  }
  if (after.state === 'absent') expect(['withdrawn', 'notFound'], 'O1: only a proof or the sender says it never existed').toContain(event.type)
  if (after.state === 'rejected' && event.type !== 'rejected') expect(after.context.reported?.status, 'O1: only the venue refuses').toBe('failed')
  if (['cancelled', 'expired', 'filled'].includes(after.state)) {
    expect(compare(after.context.filled, after.context.reported?.executed ?? after.context.filled), 'O3: booked is what the venue counts').toBeGreaterThanOrEqual(0)
  }
}

const forward = ({ before, after, all }: Step<OrderContext>): void => {
  expect(after.context.filled, 'O3: filled is the sum of booked fills').toBe(sum([quantity('0'), ...booked(all).map((fill) => fill.quantity)]))
  expect(after.context.tradeIds, 'I3: each execution once').toEqual([...new Set(booked(all).map((fill) => fill.tradeId))])
  expect(compare(after.context.filled, before.context.filled), 'O5: filled never goes back').toBeGreaterThanOrEqual(0)
  expect(rank(after.context.reported?.status), 'O5: status never goes back').toBeGreaterThanOrEqual(rank(before.context.reported?.status))
  expect(compare(after.context.reported?.executed ?? quantity('0'), before.context.reported?.executed ?? quantity('0')), 'O5: the count never goes back').toBeGreaterThanOrEqual(0)
}

const waiting = ({ after, deadlines }: Step<OrderContext>): void => {
  const needs: Record<string, string> = { submitting: 'answer', resolving: 'resolve', cancelling: 'cancel' }
  const need = needs[after.state]
  if (need !== undefined) expect([...deadlines.keys()], `O7: ${after.state} waits with a deadline`).toContain(need)
  const { reported, filled } = after.context
  const short = reported !== null && compare(reported.executed, filled) > 0
  if (short && atTheVenue.has(after.state) && after.context.venueOrderId !== null) expect([...deadlines.keys()], 'O7: missing fills are waited for').toContain('fills')
}

export const orderInvariants = (step: Step<OrderContext>): void => {
  expect(step.all.filter((effect) => effect.type === 'sendOrder'), 'O2: one create').toHaveLength(1)
  if (step.before.state !== 'submitting') expect(step.after.state, 'O2: nothing leads back').not.toBe('submitting')
  expect(step.effects.filter((effect) => effect.type === 'unexpected')).toEqual([])
  evidence(step)
  forward(step)
  waiting(step)
}

/** An order just claimed: its create is on its way. */
export const order = (over: Partial<OrderInput> = {}): Story<OrderContext> =>
  new Story<OrderContext>({ machine: orderMachine, input: { ...orderInput, ...over }, at: claimedAt, invariants: orderInvariants })

const say = (event: OrderEvent): OrderEvent => event

export const accepted = say({ type: 'accepted', venueOrderId: 'v-1' })
export const rejected = say({ type: 'rejected', reason: 'insufficientFunds', detail: 'no money' })
export const outcomeUnknown = say({ type: 'outcomeUnknown', detail: 'timeout' })
export const withdrawn = say({ type: 'withdrawn', reason: 'too late' })
export const cancelRequested = say({ type: 'cancelRequested', reason: 'not wanted' })
export const cancelAnswered = (detail = 'requested'): OrderEvent => say({ type: 'cancelAnswered', detail })
export const notFound = (askedAt: number): OrderEvent => say({ type: 'notFound', askedAt })

/** The venue's word on the order. */
export const reported = (status: VenueOrderStatus, executed = '0', over: Partial<OrderReport> = {}): OrderEvent =>
  say({
    type: 'reported',
    report: { venueOrderId: 'v-1', clientOrderId: orderInput.clientOrderId, instrument: 'BTC-USD', side: 'buy', status, executed: quantity(executed), ...over },
  })

export const execution = (tradeId: string, amount: string): Fill => ({ ...fillOf(tradeId, 'buy', amount), venueOrderId: 'v-1' })
export const fills = (...list: readonly Fill[]): OrderEvent => say({ type: 'fillsListed', fills: list })
