/** The verbs of a trade pair's story, and what must hold after every step of it (docs/machines/trade-pair.md). */
import { expect } from 'vitest'
import { ceilTo, compare, dividedBy, minus, money, one, plus, price, quantity, rate, times, type Quantity } from '../../src/domain/decimal.ts'
import { isSellable } from '../../src/domain/instrument.ts'
import type { Fill, Leg } from '../../src/domain/order.ts'
import { sellableOf } from '../../src/domain/profit.ts'
import type { Effect } from '../../src/machines/effect.ts'
import type { LegEnd, TradePairContext, TradePairEvent, TradePairInput } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { tradePairMachine } from '../../src/machines/trade-pair/trade-pair-machine.ts'
import { pairInput } from '../support/loop.ts'
import { fillOf } from '../support/records.ts'
import { Story, type Step } from './story.ts'

export const pairId = '01JD5MZX8K4T7WQ2AB'
export const buyId = (attempt = 1): string => `ndab12-${pairId}-b${attempt}`
export const sellId = (attempt = 1): string => `ndab12-${pairId}-s${attempt}`

type Place = { readonly state: string; readonly context: TradePairContext }

const restOf = ({ instrument, held, sold }: TradePairContext): Quantity => {
  const rest = minus(held, sold)
  return compare(rest, quantity('0')) > 0 ? sellableOf(instrument, rest).sellable : quantity('0')
}

/** Worth an order at what it is closed at, or at about what the pair asks; enough to tell dust from a holding. */
const isWorthSelling = (context: TradePairContext): boolean =>
  compare(restOf(context), quantity('0')) > 0 && isSellable(context.instrument, context.closing?.price ?? context.buy.price, restOf(context))

/** T1: what was bought and not sold has a plan. */
export const hasPlan = ({ state, context }: Place, deadlines: ReadonlySet<string>): boolean => {
  if (!isWorthSelling(context)) return true
  if (state === 'buying.partial') return context.buyOrder !== null && deadlines.has('partialBuy')
  if (state === 'filled') return deadlines.has('cover')
  if (state.startsWith('sellPlaced')) return context.sellOrder !== null
  return state === 'held' || state === 'closedExternally'
}

type Opened = Extract<Effect, { readonly type: 'openOrder' }>['order']

/** T3, computed apart from the code under test: the whole rest, and no less than its share of cost and target. */
const expectFairCover = (order: Opened, context: TradePairContext): void => {
  const closing = context.closing?.price ?? null
  if (context.exit.targets.length === 0 || closing !== null) expect(order.quantity, 'T3: all that is left').toBe(restOf(context))
  expect(compare(order.quantity, restOf(context)), 'T8: never more than is left').toBeLessThanOrEqual(0)
  if (closing !== null) return expect([order.price, order.postOnly, order.closes], 'T3: at once, at what it is closed at').toEqual([closing, false, context.closing?.planned === true ? undefined : true])
  if (context.target.kind === 'price') return expect(order.price, 'T3: at a person’s own price').toBe(ceilTo(context.target.price, context.instrument.tick))
  const whole = sellableOf(context.instrument, context.held).sellable
  const ownTarget = context.exit.targets.length === 0 && context.tightened === 0 && !context.overdue
  const least = ownTarget && context.target.kind === 'rate' ? context.target.rate : rate(context.exit.atLoss === true ? '-1' : '0')
  const wanted = context.target.kind === 'rate' ? money(times(context.cost, plus(rate(one), least))) : plus(context.cost, context.target.money)
  const share = dividedBy(times(wanted, order.quantity), whole)
  const net = times(times(order.price, order.quantity), minus(rate(one), context.sellFee))
  expect(compare(net, share), `T3: ${order.quantity} at ${order.price} brings ${net}, the share is ${share}`).toBeGreaterThanOrEqual(0)
}

const orders = ({ before, after, effects }: Step<TradePairContext>): void => {
  for (const effect of effects) {
    if (effect.type !== 'openOrder') continue
    const { order } = effect
    const orderBefore = order.leg === 'buy' ? before.context.buyOrder : before.context.sellOrder
    const ended = before.context.sells < after.context.sells && orderBefore !== null
    if (ended) expect(after.context.sellOrder, 'T2: the last has ended').not.toBe(orderBefore)
    else expect(orderBefore, 'T2: no live order of the leg').toBeNull()
    expect(order.leg === 'buy' ? after.context.buyOrder : after.context.sellOrder).toBe(order.clientOrderId)
    expect(after.state, 'T6: a held pair begins nothing').not.toBe('held')
    if (order.leg === 'sell') expectFairCover(order, after.context)
  }
}

const cancels = ({ before, effects }: Step<TradePairContext>): void => {
  const cancelled = effects.some((effect) => effect.type === 'tell' && effect.event.type === 'cancelRequested')
  if (cancelled && compare(before.context.bought, quantity('0')) > 0 && before.state !== 'held') expect(isWorthSelling(before.context), 'T4: never cancelled into an unsellable rest').toBe(true)
}

export const pairInvariants = (step: Step<TradePairContext>): void => {
  const { before, after, effects, deadlines } = step
  expect(hasPlan(after, new Set(deadlines.keys())), `T1: ${after.state} holds ${after.context.held}, sold ${after.context.sold}, without a plan`).toBe(true)
  expect(effects.filter((effect) => effect.type === 'unexpected')).toEqual([])
  for (const total of ['bought', 'held', 'sold'] as const) expect(compare(after.context[total], before.context[total]), `${total} never goes back`).toBeGreaterThanOrEqual(0)
  orders(step)
  cancels(step)
}

/** A pair whose buy has just been opened. */
export const pair = (over: Partial<TradePairInput> = {}): Story<TradePairContext> =>
  new Story<TradePairContext>({ machine: tradePairMachine, input: pairInput(pairId, over), at: 1_000, invariants: pairInvariants }).on({ type: 'proposed' })

const say = (event: TradePairEvent): TradePairEvent => event

export const bought = (tradeId: string, amount: string, over: Partial<Fill> = {}): TradePairEvent => say({ type: 'fillBooked', leg: 'buy', orderId: buyId(1), fill: { ...fillOf(tradeId, 'buy', amount), ...over } })
export const sold = (tradeId: string, amount: string, over: Partial<Fill> = {}, attempt = 1): TradePairEvent => say({ type: 'fillBooked', leg: 'sell', orderId: sellId(attempt), fill: { ...fillOf(tradeId, 'sell', amount), ...over } })
export const ended = (leg: Leg, end: LegEnd, attempt = 1): TradePairEvent => say({ type: 'legEnded', leg, orderId: leg === 'buy' ? buyId(attempt) : sellId(attempt), end, reason: '' })
export const denied = (leg: Leg): TradePairEvent => say({ type: 'denied', leg, rule: 'exposure', detail: 'too much' })
export const buyUnwanted = say({ type: 'buyUnwanted', reason: 'the market moved' })
export const hold = say({ type: 'hold', reason: 'a person' })
export const release = say({ type: 'release', reason: 'a person' })
export const closedByHand = say({ type: 'closedByHand', reason: 'a person' })
export const unresolved = (leg: Leg, attempt = 1): TradePairEvent => say({ type: 'orderUnresolved', leg, orderId: leg === 'buy' ? buyId(attempt) : sellId(attempt) })
export const resolved = (leg: Leg, attempt = 1): TradePairEvent => say({ type: 'orderResolved', leg, orderId: leg === 'buy' ? buyId(attempt) : sellId(attempt) })
export const stopAt = (bid: string, at = bid): TradePairEvent => say({ type: 'stopReached', bid: price(bid), price: price(at) })
export const highAt = (bid: string): TradePairEvent => say({ type: 'highRaised', bid: price(bid) })
export const closeAt = (at: string): TradePairEvent => say({ type: 'closeNow', price: price(at), reason: 'a person' })
export const closeNoMore = say({ type: 'closeNoMore', reason: 'the kill switch was lifted' })
export const pricedAt = (at: string): TradePairEvent => say({ type: 'closingPriced', price: price(at), reason: 'the market fell away' })
export const coverDue = say({ type: 'deadlineDue', name: 'cover' })
