/**
 * A desk in a bad world for some minutes, and then at rest: the venue's own book and the rows must agree (I1 to I5, I12).
 * Every seed draws its own faults, many of them never; a failure names its seed, which replays it.
 */
import { describe, expect, test } from 'vitest'
import { compare, money, notional, plus, sum } from '../../src/domain/decimal.ts'
import { seededRandom, type Random } from '../../src/simulated-market/random.ts'
import { DeskWorld, rungs, tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

type Fault = (world: DeskWorld, random: Random) => void

/** Faults that begin and end by themselves, or that the next round may end. */
const faults: Readonly<Record<string, Fault>> = {
  'a create is lost on its way (OC-01)': ({ venue }) => venue.losesTheNextRequest('create'),
  'the answer to a create is lost (OC-02, OC-03)': ({ venue }) => venue.losesTheNextAnswer('create'),
  'a create arrives late (OC-05, OC-06)': ({ venue }, random) => venue.holdsTheNextCreate(random.below(6_000)),
  'a cancel is lost (FS-08)': ({ venue }) => venue.losesTheNextRequest('cancel'),
  'the answer to a cancel is lost (FS-07, FS-08)': ({ venue }) => venue.losesTheNextAnswer('cancel'),
  'look-ups lag (OC-12)': ({ venue }, random) => venue.delaysLookUps(random.below(500)),
  'fills are listed late (FS-10)': ({ venue }, random) => venue.listsFillsLate(random.below(3_000)),
  'orders fill in parts (FS-06)': ({ venue }, random) => { venue.parts = 1 + random.below(4) },
  'words are repeated (FS-03)': ({ venue }) => venue.repeatsItself(),
  'the account stream forgets (FS-04)': ({ venue }) => venue.tellsNobodyOfOrders(),
  'sockets are dropped (CN-04)': ({ venue }) => venue.dropsItsStreams(),
  'sockets are refused (CN-08)': ({ venue }) => venue.refusesStreams(),
  'sockets are silent (CN-01)': ({ venue }) => venue.goesSilent(),
  'reads fail (FS-24)': ({ venue }) => venue.failsWith({ kind: 'network', detail: 'no route' }, 'order', 'findByClientOrderId', 'workingOrders', 'ordersSince'),
  'fills cannot be read (FS-10)': ({ venue }) => venue.failsWith({ kind: 'unavailable', detail: '503' }, 'fillsOf'),
  'nothing is answered (CN-15)': ({ venue }) => venue.answersNothing('create', 'cancel', 'order', 'workingOrders', 'ordersSince', 'fillsOf', 'quotes'),
  'the venue ends an order (OC-19)': ({ venue }, random) => {
    const working = venue.working()
    const one = working[random.below(Math.max(working.length, 1))]
    if (one !== undefined) venue.cancelsByItself(one.clientOrderId)
  },
  'an order fills unheard (FS-05)': ({ venue }, random) => {
    const working = venue.working()
    const one = working[random.below(Math.max(working.length, 1))]
    if (one !== undefined) venue.fillsWhileNobodyListens(one.clientOrderId)
  },
  'the answer to a commit is lost before it took hold (DB-03)': ({ journal }) => journal.loseNext('loseBefore'),
  'the answer to a commit is lost after it took hold (DB-07)': ({ journal }) => journal.loseNext('loseAfter'),
  'the process dies (PR-01)': (world) => world.kill(),
  'the process dies before its next commit (OC-11)': (world) => world.diesAt('beforeCommit'),
  'the process dies after its next commit (OC-11)': (world) => world.diesAt('afterCommit'),
}

const stepMs = 250
const faultSteps = 360
/** Twenty seconds of faults, ten of peace: no single outage is so long that a person must be called (`flagAfterMs`). */
const roundSteps = 120
const badSteps = 80
const budget = money('1000')

interface Outcome {
  readonly differences: readonly string[]
  readonly overBudget: number
  readonly desk: string | undefined
  readonly held: number
  readonly undecided: number
  readonly traded: boolean
  readonly faults: ReadonlySet<string>
}

const step = async (world: DeskWorld, random: Random, price: { now: number }): Promise<void> => {
  price.now = Math.max(price.now * (1 + random.normal() * 0.0006), 1_000)
  world.venue.moveTo(price.now.toFixed(2))
  await world.clock.advance(stepMs)
  if (!world.isAlive) await world.start()
}

/** Buys that work and what was bought and not sold, at the price of the order that bought it. */
const boundIsTooMuch = (world: DeskWorld): boolean => {
  const open = world.pairRows().filter(({ finished }) => !finished).length
  const buys = world.venue.working().filter(({ side }) => side === 'buy').map(({ price, left }) => notional(price, left))
  const inventory = notional(world.venue.bid, world.venue.baseHeld)
  return open > rungs.rungs || compare(plus(sum([money('0'), ...buys]), inventory), budget) > 0
}

const live = async (seed: string): Promise<Outcome> => {
  const random = seededRandom(seed)
  const world = new DeskWorld({ tuning: { reconcileEveryMs: 10_000 } }, seed)
  const chosen = Object.entries(faults).filter(() => random.uniform() < 0.4)
  const rate = 0.02 + random.uniform() * 0.15
  const price = { now: 60_000 }
  const seen = new Set<string>()
  let overBudget = 0
  await world.start()
  for (let count = 0; count < faultSteps; count++) {
    const [name, fault] = chosen[random.below(Math.max(chosen.length, 1))] ?? []
    const isBad = count % roundSteps < badSteps
    if (isBad && name !== undefined && fault !== undefined && random.uniform() < rate) {
      seen.add(name)
      fault(world, random)
    }
    if (!isBad || random.uniform() < 0.05) world.venue.recovers()
    await step(world, random, price)
    if (boundIsTooMuch(world)) overBudget++
  }
  world.venue.recovers()
  world.livesOn()
  if (!world.isAlive) await world.start()
  await world.clock.advance(75_000)
  return {
    differences: differences(world),
    overBudget,
    desk: world.deskState(),
    held: world.pairRows().filter(({ state }) => state === 'held').length,
    undecided: world.orderRows().filter(({ state }) => state === 'submitting' || state === 'resolving' || state === 'cancelling').length,
    traded: world.venue.fills.length > 0,
    faults: seen,
  }
}

const seeds = Array.from({ length: 40 }, (_, index) => `night-${index + 1}`)
const exercised = new Set<string>()

describe('after a bad night', () => {
  test.each(seeds)('the venue and the rows agree (seed %s)', async (seed) => {
    const { faults: seen, ...outcome } = await live(seed)
    for (const fault of seen) exercised.add(fault)
    expect(outcome, `seed ${seed}`).toEqual({ differences: [], overBudget: 0, desk: 'trading', held: 0, undecided: 0, traded: true })
  })

  test('every fault of the list has been met', () => {
    expect(Object.keys(faults).filter((fault) => !exercised.has(fault))).toEqual([])
  })
})

describe('after an outage that outlasts every patience', () => {
  test('orders rest where they were, and what filled meanwhile is covered (CN-15, FS-24)', async () => {
    const world = await tradingDesk()
    world.venue.refusesStreams()
    world.venue.failsWith({ kind: 'network', detail: 'no route' }, 'create', 'cancel', 'order', 'findByClientOrderId', 'workingOrders', 'ordersSince', 'fillsOf', 'quotes')
    await world.clock.advance(1_800_000)
    world.venue.fillsWhileNobodyListens(world.venue.working()[0]!.clientOrderId)
    await world.clock.advance(1_800_000)
    expect(world.states()).toEqual({ pending: 4 })
    world.venue.recovers()
    await world.clock.advance(60_000)
    expect({ desk: world.deskState(), booked: world.store.tables.fills.size, differences: differences(world) }).toEqual({ desk: 'trading', booked: 1, differences: [] })
    expect(world.venue.working().filter(({ side }) => side === 'sell')).toHaveLength(1)
  })

  test('a pair held because an order had no certain fate goes on when it has one (I12)', async () => {
    const world = new DeskWorld({ ladder: { rungs: 1 } })
    world.venue.losesTheNextAnswer('create')
    world.venue.tellsNobodyOfOrders()
    world.venue.failsWith({ kind: 'network', detail: 'no route' }, 'order', 'findByClientOrderId', 'workingOrders', 'ordersSince', 'fillsOf')
    await world.start()
    world.venue.answersAgain()
    await world.until(() => world.venue.creates() === 1)
    world.venue.failsWith({ kind: 'network', detail: 'no route' }, 'order', 'findByClientOrderId', 'workingOrders', 'ordersSince', 'fillsOf')
    await world.until(() => world.venue.working().length === 1)
    world.venue.moveTo('59000')
    await world.until(() => world.pairRows()[0]?.state === 'held')
    world.venue.recovers()
    await world.clock.advance(120_000)
    expect({ states: world.states(), differences: differences(world) }).toEqual({ states: { filled: 1, pending: 1 }, differences: [] })
  })
})
