/**
 * A trade pair and its orders, through the real turn loop and the in-memory journal, against a venue that tells the
 * truth late, twice, out of order or not at all. Whatever the interleaving, the books hold (I1, I3, I4, I6, I7, I12).
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../src/actors/turn.ts'
import { MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { compare, dividedBy, minus, money, plus, price, quantity, rate, sum, times, type Quantity } from '../../src/domain/decimal.ts'
import { dustOf, plainExit, type ExitPlan } from '../../src/domain/exits.ts'
import type { Fill, OrderReport, Side, VenueOrderStatus } from '../../src/domain/order.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import type { OuterEffect } from '../../src/machines/effect.ts'
import type { OrderContext } from '../../src/machines/order/order-context.ts'
import type { TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { orderPolicy, propose, startLoop, type LoopHarness } from '../support/loop.ts'
import { hasPlan } from './trade-pair-scenario.ts'

const P = '01JD5MZX8K4T7WQ2AB'
const zero = quantity('0')
const live: ReadonlySet<string> = new Set(['submitting', 'resolving', 'pending', 'partial', 'cancelling'])
/** Longest time until a placed order shows in look-ups; inside the margins of the proof of absence. */
const visibleAfterMs = 1_000

interface VenueOrder {
  readonly clientOrderId: string
  readonly venueOrderId: string
  readonly side: Side
  readonly quantity: Quantity
  readonly placedAt: number
  status: VenueOrderStatus
  readonly fills: Fill[]
  readonly told: OrderReport[]
}

const executedOf = (order: VenueOrder): Quantity => sum([zero, ...order.fills.map((fill) => fill.quantity)])

/** A venue without moods: what it says is true at the moment at which it says it. */
class TruthfulVenue {
  readonly orders = new Map<string, VenueOrder>()
  #trades = 0

  place(record: ActorRecord, at: number): VenueOrder {
    const { order } = record
    if (order === undefined) throw new Error('not an order')
    expect(this.orders.has(order.clientOrderId), 'I1: one create for one id').toBe(false)
    const placed: VenueOrder = { clientOrderId: order.clientOrderId, venueOrderId: `v-${order.clientOrderId}`, side: order.side, quantity: order.quantity, placedAt: at, status: 'open', fills: [], told: [] }
    this.orders.set(order.clientOrderId, placed)
    return placed
  }

  /** Executes a part in tenths of what is left, at the limit. */
  execute(order: VenueOrder, tenths: number, at: Price): void {
    const left = minus(order.quantity, executedOf(order))
    const units = Math.max(1, Math.floor((Number(left) * 1e8 * tenths) / 10))
    const amount = tenths >= 10 ? left : quantity((units / 1e8).toFixed(8))
    const tradeId = `t${++this.#trades}`
    order.fills.push({ tradeId, venueOrderId: order.venueOrderId, instrument: 'BTC-USD', side: order.side, quantity: amount, price: at, fee: money('0.001'), feeAsset: 'USD', liquidity: 'maker', at: 1 })
    if (compare(executedOf(order), order.quantity) >= 0) order.status = 'filled'
  }

  report(order: VenueOrder): OrderReport {
    const { clientOrderId, venueOrderId, side, status } = order
    const report = { venueOrderId, clientOrderId, instrument: 'BTC-USD', side, status, executed: executedOf(order) }
    order.told.push(report)
    return report
  }
}
type Price = ReturnType<typeof price>

/** How the pair is left: plainly, in parts, by its stops, by its age, or by all of it. */
const plans: readonly ExitPlan[] = [
  plainExit,
  { targets: [{ share: rate('0.5'), target: rate('0.001') }, { share: rate('0.3'), target: rate('0.002') }, { share: rate('0.2'), target: rate('0.004') }] },
  { targets: [], stop: { below: rate('0.01') }, trailing: { activateAbove: rate('0.01'), distance: rate('0.005') } },
  { targets: [], tighten: [{ afterMs: 500, target: rate('0.0001') }, { afterMs: 5_000, target: rate('0') }], closeAfterMs: 30_000 },
  { targets: [{ share: rate('0.9'), target: rate('0.001') }, { share: rate('0.1'), target: rate('0.01') }], stop: { below: rate('0.005') }, tighten: [{ afterMs: 2_000, target: rate('-0.01') }], closeAfterMs: 10_000, atLoss: true },
]

type Kind = 'stop' | 'high' | 'close' | 'price' | 'send' | 'answer' | 'lookUp' | 'fetchFills' | 'cancel' | 'execute' | 'report' | 'oldReport' | 'time' | 'unwanted' | 'hold' | 'release' | 'restart' | 'deny' | 'replayFills'
type Step = readonly [kind: Kind, choice: number]

class World {
  readonly store = new MemoryStore()
  readonly venue = new TruthfulVenue()
  harness!: LoopHarness
  #queue: OuterEffect[] = []
  #deny = false
  readonly #plan: ExitPlan
  readonly #sells = new Set<string>()
  #filled = new Map<string, Quantity>()
  #reported = new Map<string, number>()

  constructor(plan: ExitPlan) {
    this.#plan = plan
  }

  async begin(): Promise<void> {
    await this.#start()
    await this.tell(propose(P, { exit: this.#plan }))
  }

  async #start(): Promise<void> {
    const at = this.harness?.clock.now()
    this.harness = await startLoop(this.store, { rules: { judge: (order) => (this.#deny ? { rule: 'size', detail: 'a test' } : { order }) } })
    if (at !== undefined) await this.harness.clock.advance(at - this.harness.clock.now())
    this.#queue = []
  }

  get now(): number {
    return this.harness.clock.now()
  }
  get rows(): readonly ActorRecord[] {
    return [...this.store.tables.actors.values()]
  }
  get pair(): { readonly state: string; readonly context: TradePairContext } {
    const row = this.store.tables.actors.get(`trade-pair/${P}`)!
    return { state: row.state, context: row.context as unknown as TradePairContext }
  }

  async tell(message: Message): Promise<void> {
    expect(await this.harness.loop.ask(message), 'nothing is quarantined').toBe('committed')
    this.#queue.push(...this.harness.effects.splice(0))
    this.check()
  }
  order(clientOrderId: string, event: object): Promise<void> {
    return this.tell({ to: `order/${clientOrderId}`, event: event as Message['event'] })
  }
  pairHears(event: object): Promise<void> {
    return this.tell({ to: `trade-pair/${P}`, event: event as Message['event'] })
  }

  #take<T extends OuterEffect['type']>(type: T, choice = 0): Extract<OuterEffect, { type: T }> | undefined {
    const of = this.#queue.filter((effect): effect is Extract<OuterEffect, { type: T }> => effect.type === type)
    const taken = of[choice % Math.max(of.length, 1)]
    if (taken !== undefined) this.#queue = this.#queue.filter((effect) => effect !== taken)
    return taken
  }
  #some(choice: number, wanted: (order: VenueOrder) => boolean = () => true): VenueOrder | undefined {
    const of = [...this.venue.orders.values()].filter(wanted)
    return of[choice % Math.max(of.length, 1)]
  }

  readonly #verbs: Record<Kind, (choice: number) => Promise<void> | void> = {
    send: (choice) => this.#send(choice),
    lookUp: (choice) => this.#lookUp(choice),
    fetchFills: (choice) => this.#fetchFills(choice),
    cancel: (choice) => this.#cancel(choice),
    restart: () => this.restart(),
    time: (choice) => this.pass([1, 200, 600, 2_000, 6_000, 61_000][choice % 6]!),
    deny: (choice) => {
      this.#deny = choice % 2 === 0
    },
    answer: (choice) => this.#about(this.#some(choice), ({ venueOrderId }) => ({ type: 'accepted', venueOrderId })),
    execute: (choice) => {
      const order = this.#some(choice, ({ status }) => status === 'open')
      if (order !== undefined) this.venue.execute(order, (choice % 10) + 1, this.#priceOf(order))
    },
    report: (choice) => this.#about(this.#some(choice), (order) => ({ type: 'reported', report: this.venue.report(order) })),
    oldReport: (choice) => this.#about(this.#some(choice, ({ told }) => told.length > 0), ({ told }) => ({ type: 'reported', report: told[choice % told.length] })),
    replayFills: (choice) => this.#about(this.#some(choice), ({ fills }) => ({ type: 'fillsListed', fills: [...fills, ...fills].slice(choice % 3) })),
    stop: (choice) => this.pairHears({ type: 'stopReached', bid: price(String(59_000 + choice * 4)), price: price(String(58_700 + choice)) }),
    high: (choice) => this.pairHears({ type: 'highRaised', bid: price(String(60_400 + choice * 2)) }),
    close: (choice) => this.pairHears(choice % 3 === 0 ? { type: 'closeNoMore', reason: 'a test' } : { type: 'closeNow', price: price(String(59_000 + choice)), reason: 'a test' }),
    price: (choice) => this.pairHears({ type: 'closingPriced', price: price(String(58_000 + choice)), reason: 'a test' }),
    unwanted: () => this.pairHears({ type: 'buyUnwanted', reason: 'a test' }),
    hold: () => this.pairHears({ type: 'hold', reason: 'a test' }),
    release: () => this.pairHears({ type: 'release', reason: 'a test' }),
  }

  async step([kind, choice]: Step): Promise<void> {
    await this.#verbs[kind](choice)
  }

  async #about(order: VenueOrder | undefined, event: (order: VenueOrder) => object): Promise<void> {
    if (order !== undefined) await this.order(order.clientOrderId, event(order))
  }

  #priceOf(order: VenueOrder): Price {
    return this.store.tables.actors.get(`order/${order.clientOrderId}`)!.order!.price
  }

  /** The create: answered, lost on the way back, refused, lost on the way there, or withdrawn. */
  async #send(choice: number): Promise<void> {
    const effect = this.#take('sendOrder')
    if (effect === undefined) return
    const { clientOrderId } = effect
    const record = this.store.tables.actors.get(`order/${clientOrderId}`)!
    const claimedAt = record.order!.claimedAt
    const outcome = choice % 12
    if (this.now > claimedAt + orderPolicy.answerWithinMs / 2 || outcome === 4) return this.order(clientOrderId, { type: 'withdrawn', reason: 'too late' })
    if (outcome === 0) return this.order(clientOrderId, { type: 'rejected', reason: 'wouldCross', detail: 'a test' })
    if (outcome === 1) return this.order(clientOrderId, { type: 'outcomeUnknown', detail: 'lost on the way there' })
    const { venueOrderId } = this.venue.place(record, this.now)
    if (outcome === 2) return this.order(clientOrderId, { type: 'outcomeUnknown', detail: 'lost on the way back' })
    if (outcome !== 3) return this.order(clientOrderId, { type: 'accepted', venueOrderId })
  }

  async #lookUp(choice: number): Promise<void> {
    const effect = this.#take('lookUp', choice)
    if (effect === undefined || choice % 7 === 0) return
    const order = this.venue.orders.get(effect.clientOrderId)
    const seen = order !== undefined && this.now >= order.placedAt + (choice % 2) * visibleAfterMs
    return this.order(effect.clientOrderId, seen ? { type: 'reported', report: this.venue.report(order) } : { type: 'notFound', askedAt: this.now })
  }

  async #fetchFills(choice: number): Promise<void> {
    const effect = this.#take('fetchFills', choice)
    const order = effect && this.venue.orders.get(effect.clientOrderId)
    if (order === undefined || choice % 7 === 0) return
    const fills = choice % 3 === 0 ? order.fills.slice(0, -1) : order.fills
    return this.order(order.clientOrderId, { type: 'fillsListed', fills })
  }

  async #cancel(choice: number): Promise<void> {
    const effect = this.#take('sendCancel', choice)
    const order = effect && this.venue.orders.get(effect.clientOrderId)
    if (order === undefined || choice % 5 === 0) return
    if (order.status === 'open') order.status = 'cancelled'
    if (choice % 3 !== 0) await this.order(order.clientOrderId, { type: 'cancelAnswered', detail: 'requested' })
  }

  /** Time passes, and what is due is told. */
  async pass(ms: number): Promise<void> {
    await this.harness.clock.advance(ms)
    for (const { address, name, dueAt } of this.store.tables.deadlines.values()) {
      if (dueAt <= this.now) await this.tell({ to: address, event: { type: 'deadlineDue', name } as Message['event'] })
    }
  }

  /** A new process: what was on its way is lost; rows and deadlines are read. */
  async restart(): Promise<void> {
    await this.harness.journal.close()
    await this.#start()
    for (const row of this.rows) if (['submitting', 'resolving', 'cancelling'].includes(row.state)) await this.tell({ to: row.address, event: { type: 'restarted' } })
  }

  /** After every step. */
  check(): void {
    const { actors, fills, deadlines } = this.store.tables
    const { pair } = this
    const due = (address: string): ReadonlySet<string> => new Set([...deadlines.values()].filter((deadline) => deadline.address === address).map(({ name }) => name))
    expect(hasPlan(pair, due(`trade-pair/${P}`)), `T1: ${pair.state} holds ${pair.context.held}, sold ${pair.context.sold}`).toBe(true)
    const orders = [...actors.values()].filter((row) => row.kind === 'order')
    for (const leg of ['buy', 'sell'] as const) {
      const alive = orders.filter((row) => row.order!.leg === leg && live.has(row.state))
      expect(alive.length, `I1: live ${leg}s`).toBeLessThanOrEqual(1)
    }
    const onOffer = sum([zero, ...orders.filter((row) => row.order!.leg === 'sell' && live.has(row.state)).map((row) => minus(row.order!.quantity, row.order!.filled))])
    expect(compare(plus(pair.context.sold, onOffer), pair.context.held), 'I4: sold and on offer never above what was bought').toBeLessThanOrEqual(0)
    for (const row of orders) this.#checkPrice(row)
    for (const row of orders) this.#checkOrder(row, [...fills.values()].filter((fill) => `order/${fill.clientOrderId}` === row.address).map(({ fill }) => fill), due(row.address))
  }

  /** Nothing is begun below break-even but by a closing, and a closing is not begun by what was never reached. */
  #checkPrice({ address, order, context }: ActorRecord): void {
    if (order?.leg !== 'sell' || this.#sells.has(address)) return
    this.#sells.add(address)
    const { cost, held, closing, exit } = this.pair.context
    seen.add(`sell ${context['postOnly'] === true ? 'at its target' : closing?.planned === true ? 'by plan' : 'at once'}`)
    if (context['postOnly'] !== true) return expect(closing?.price ?? null, 'T3: only a closing crosses the market').not.toBeNull()
    const share = dividedBy(times(cost, order.quantity), held)
    if (exit.atLoss !== true) expect(compare(times(order.price, order.quantity), share), `T3: ${order.quantity} at ${order.price} of ${held} for ${cost}`).toBeGreaterThanOrEqual(0)
  }

  #checkOrder(row: ActorRecord, booked: readonly Fill[], due: ReadonlySet<string>): void {
    const { order } = row
    const { reported } = row.context as unknown as OrderContext
    expect(order!.filled, 'filled is the sum of booked fills').toBe(sum([zero, ...booked.map((fill) => fill.quantity)]))
    expect(compare(order!.filled, this.#filled.get(row.address) ?? zero), 'I6: filled never goes back').toBeGreaterThanOrEqual(0)
    this.#filled.set(row.address, order!.filled)
    const rank = reported === null ? 0 : reported.status === 'open' ? 1 : 2
    expect(rank, 'I6: status never goes back').toBeGreaterThanOrEqual(this.#reported.get(row.address) ?? 0)
    this.#reported.set(row.address, rank)
    const needs: Record<string, string> = { submitting: 'answer', resolving: 'resolve', cancelling: 'cancel' }
    const need = needs[row.state]
    if (need !== undefined) expect([...due], `${row.state} waits with a deadline`).toContain(need)
    const atVenue = this.venue.orders.get(order!.clientOrderId)
    if (row.state === 'absent' || row.state === 'rejected') expect(atVenue, 'I7: no order is declared absent that exists').toBeUndefined()
    if (['cancelled', 'expired', 'filled'].includes(row.state)) expect(order!.filled, 'I7: an end is what the venue counts').toBe(executedOf(atVenue!))
  }

  /** The faults stop: everything is answered in full until nothing moves any more. */
  async calm(): Promise<void> {
    this.#deny = false
    await this.pairHears({ type: 'release', reason: 'a person' })
    for (let round = 0; round < 60 && !this.isSettled(); round++) {
      while (this.#queue.some((effect) => effect.type === 'sendOrder')) await this.#send(11)
      for (const order of this.venue.orders.values()) {
        if (order.status === 'open') this.venue.execute(order, 10, this.#priceOf(order))
        await this.order(order.clientOrderId, { type: 'reported', report: this.venue.report(order) })
      }
      while (this.#queue.some((effect) => effect.type === 'lookUp')) await this.#lookUp(8)
      while (this.#queue.some((effect) => effect.type === 'fetchFills')) await this.#fetchFills(1)
      while (this.#queue.some((effect) => effect.type === 'sendCancel')) await this.#cancel(1)
      await this.pass(15_000)
      if (this.pair.state === 'held') await this.pairHears({ type: 'release', reason: 'a person' })
    }
  }

  isSettled(): boolean {
    return ['closed', 'abandoned', 'dust'].includes(this.pair.state) && this.rows.every((row) => row.kind !== 'order' || !live.has(row.state))
  }
}

const kinds: readonly (readonly [number, Kind])[] = [
  [6, 'send'], [3, 'answer'], [5, 'lookUp'], [9, 'fetchFills'], [4, 'cancel'], [11, 'execute'], [11, 'report'], [2, 'oldReport'],
  [4, 'time'], [1, 'stop'], [1, 'high'], [1, 'close'], [1, 'price'], [1, 'unwanted'], [1, 'hold'], [2, 'release'], [2, 'restart'], [1, 'deny'], [2, 'replayFills'],
]
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.oneof(...kinds.map(([weight, kind]) => ({ weight, arbitrary: fc.constant(kind) }))),
  fc.nat({ max: 419 }),
)

/** How the runs went: a property that never sells proves nothing. */
const seen = new Set<string>()

test('no interleaving breaks the books', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...plans), fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), async (plan, steps) => {
      const world = new World(plan)
      await world.begin()
      for (const one of steps) {
        await world.step(one)
        world.check()
        for (const row of world.rows) seen.add(`${row.kind} ${row.state}`)
      }
      await world.calm()
      for (const row of world.rows) seen.add(`${row.kind} ${row.state}`)
      expect(world.isSettled(), `I12: once faults stop everything ends, but the pair is ${world.pair.state}`).toBe(true)
      const { bought, held, sold } = world.pair.context
      expect(compare(plus(sold, dustOf(world.pair.context)), held), 'bought = sold + dust').toBe(0)
      expect(bought).toBe(held)
      const atVenue = [...world.venue.orders.values()].flatMap((order) => order.fills.map((fill) => fill.tradeId))
      const booked = [...world.store.tables.fills.values()].map((record) => record.fill.tradeId)
      expect(booked.toSorted(), 'I3: booked is what the venue executed').toEqual(atVenue.toSorted())
    }),
    { numRuns: 300 },
  )
  const must = ['order submitting', 'order resolving', 'order pending', 'order partial', 'order cancelling', 'order filled', 'order cancelled', 'order rejected', 'order absent',
    'trade-pair buying.pending', 'trade-pair buying.partial', 'trade-pair filled', 'trade-pair sellPlaced.pending', 'trade-pair sellPlaced.partial', 'trade-pair held', 'trade-pair abandoned', 'trade-pair closed', 'sell at its target', 'sell by plan', 'sell at once']
  expect(must.filter((state) => !seen.has(state)), 'every state was visited').toEqual([])
})
