/** Over random proposals, commands and markets: nothing reaches the venue that the gate has not approved, and every buy keeps the limits as the venue sees them (G1, M3). */
import * as fc from 'fast-check'
import { afterEach, expect, expectTypeOf, test, vi } from 'vitest'
import { DeskGate } from '../../src/actors/desk-gate.ts'
import { money, price, quantity, rate } from '../../src/domain/decimal.ts'
import type { Approved } from '../../src/domain/approved.ts'
import type { Command } from '../../src/domain/command.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { Venue } from '../../src/ports/venue.ts'
import type { Verdict } from '../../src/risk/verdict.ts'
import type { Proposal, Strategy } from '../../src/strategies/strategy.ts'
import { DeskWorld } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

afterEach(() => void vi.restoreAllMocks())

const limits = { maxNotionalPerOrder: 120, minNotional: 10, maxExposure: 400, priceCollar: 0.01 }

const proposal: fc.Arbitrary<Proposal> = fc.record({
  price: fc.integer({ min: 58_500, max: 61_500 }).map((n) => price(String(n))),
  quantity: fc.integer({ min: 1, max: 300 }).map((n) => quantity((n / 100_000).toFixed(5))),
  target: fc.integer({ min: -50, max: 200 }).map((bps) => rate((bps / 10_000).toFixed(4))),
})

type Wish = 'buy' | 'close' | 'cancel' | 'hold' | 'release' | 'set-target' | 'kill' | 'unkill'

type Step =
  | { readonly kind: 'propose'; readonly proposals: readonly Proposal[] }
  | { readonly kind: 'command'; readonly wish: Wish; readonly of: number; readonly buy: Proposal }
  | { readonly kind: 'move'; readonly bid: number }
  | { readonly kind: 'wait'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.array(proposal, { minLength: 1, maxLength: 4 }).map((proposals): Step => ({ kind: 'propose', proposals })) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('command' as const), wish: fc.constantFrom<Wish>('buy', 'buy', 'buy', 'close', 'cancel', 'hold', 'release', 'set-target', 'kill', 'unkill'), of: fc.nat(20), buy: proposal }) },
  { weight: 4, arbitrary: fc.integer({ min: 59_000, max: 61_000 }).map((bid): Step => ({ kind: 'move', bid })) },
  { weight: 3, arbitrary: fc.integer({ min: 20, max: 7_000 }).map((ms): Step => ({ kind: 'wait', ms })) },
)

const wished = (world: DeskWorld, { wish, of, buy }: Extract<Step, { kind: 'command' }>, id: string): Command | undefined => {
  const signed = { id, who: 'ann', reason: 'a drill' }
  if (wish === 'buy') return { ...signed, kind: 'buy', instrument: 'BTC-USD', quantity: buy.quantity, price: buy.price, targetBps: 5 }
  if (wish === 'kill') return { ...signed, kind: 'kill', level: 'entries' }
  if (wish === 'unkill') return { ...signed, kind: 'unkill' }
  if (wish === 'cancel') {
    const orders = world.orderRows()
    const order = orders[of % Math.max(orders.length, 1)]
    return order && { ...signed, kind: 'cancel', order: order.clientOrderId }
  }
  const pairs = world.pairRows()
  const pair = pairs[of % Math.max(pairs.length, 1)]?.tradePair?.pairId
  if (pair === undefined) return undefined
  return wish === 'set-target' ? { ...signed, kind: wish, pair, price: buy.price } : { ...signed, kind: wish, pair }
}

interface Tally {
  buys: number
  sells: number
  denied: number
}

const play = async (steps: readonly Step[], seed: number, tally: Tally): Promise<void> => {
  const spy = vi.spyOn(DeskGate.prototype, 'judge')
  const verdicts = (): readonly Verdict[] => spy.mock.results.map(({ value }) => value as Verdict)
  const queue: Proposal[][] = []
  const strategy: Strategy = { name: 'dice', budget: money('100000'), decide: () => ({ proposals: queue.shift() ?? [], unwanted: [], wakeAt: {} }) }
  const own = { maxNotionalPerOrder: money('120'), minNotional: money('10'), maxExposure: money('400'), maxInstrumentExposure: money('400'), priceCollar: rate('0.01'), maxOrdersPerMinute: 1_000, maxOpenOrders: 1_000 }
  const world = new DeskWorld({ strategy, limits: own }, `approval-${seed}`)
  const bids: { readonly at: number; readonly bid: number }[] = [{ at: -Infinity, bid: 60_000 }]
  const walked: string[] = []
  const create = world.venue.create.bind(world.venue)
  world.venue.create = (order) => {
    const { request } = order
    if (!verdicts().some((verdict) => 'approved' in verdict && verdict.approved === request)) walked.push(`${request.clientOrderId} was never approved`)
    if (request.side === 'sell') tally.sells += 1
    else {
      tally.buys += 1
      walked.push(...broken(world, request, bids))
    }
    return create(order)
  }
  await world.start()
  let ids = 0
  for (const one of steps) {
    if (one.kind === 'propose') queue.push([...one.proposals])
    else if (one.kind === 'wait') await world.clock.advance(one.ms)
    else if (one.kind === 'move') {
      bids.push({ at: world.clock.now(), bid: one.bid })
      world.venue.moveTo(String(one.bid))
    } else {
      const command = wished(world, one, `c${++ids}`)
      if (command !== undefined) void world.desk.command(command)
    }
    await world.clock.advance(50)
  }
  await world.clock.advance(30_000)
  tally.denied += verdicts().filter((verdict) => 'rule' in verdict).length
  spy.mockRestore()
  expect(walked).toEqual([])
  // What a person holds offers nothing.
  expect(differences(world).filter((line) => !line.includes('(held)'))).toEqual([])
}

/** The limits that a buy breaks, from what the venue and the rows say and not from the gate's own sums. */
const broken = (world: DeskWorld, { clientOrderId, price: at, quantity: wanted }: OrderRequest, bids: readonly { readonly at: number; readonly bid: number }[]): readonly string[] => {
  const value = Number(at) * Number(wanted)
  const last = bids.findLastIndex((one) => one.at <= world.clock.now() - 2_000)
  const seen = bids.slice(Math.max(last, 0)).map(({ bid }) => bid)
  const bound = world.venue.working().filter(({ side }) => side === 'buy').reduce((sum, one) => sum + Number(one.left) * Number(one.price), 0)
  const held = Number(world.venue.baseHeld) * Math.min(...bids.map(({ bid }) => bid)) * 0.97
  return [
    ...(value > limits.maxNotionalPerOrder ? [`${clientOrderId} is worth ${value}`] : []),
    ...(value < limits.minNotional ? [`${clientOrderId} is worth ${value}`] : []),
    ...(seen.every((bid) => Math.abs(bid - Number(at)) / bid > limits.priceCollar + 1e-9) ? [`${clientOrderId} at ${at} is far from ${seen.join(', ')}`] : []),
    ...(bound + held + value > limits.maxExposure ? [`${clientOrderId} makes ${bound + held + value} bound`] : []),
  ]
}

test('the compiler refuses an order that nobody approved', () => {
  expectTypeOf<Parameters<Venue['create']>[0]['request']>().toEqualTypeOf<Approved<OrderRequest>>()
  expectTypeOf<OrderRequest>().not.toExtend<Approved<OrderRequest>>()
})

test('no order reaches the venue without approval, whatever is proposed or commanded', { timeout: 120_000 }, async () => {
  const tally: Tally = { buys: 0, sells: 0, denied: 0 }
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), fc.nat(1_000), (steps, seed) => play(steps, seed, tally)), { numRuns: 60 })
  expect(tally.buys).toBeGreaterThan(50)
  expect(tally.sells).toBeGreaterThan(10)
  expect(tally.denied).toBeGreaterThan(100)
})
