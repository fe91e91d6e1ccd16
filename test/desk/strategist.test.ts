/** Deciding, in a running desk (src/actors/strategist.ts, Y1 to Y3; OC-15, OC-17, OC-21, MD-01, PR-24; I10). */
import { describe, expect, test } from 'vitest'
import { compare, money, notional, plus, price, quantity, rate, sum } from '../../src/domain/decimal.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import type { Decision, MarketView, Strategy } from '../../src/strategies/strategy.ts'
import { DeskWorld, rungs, tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const buyPrices = (world: DeskWorld): readonly string[] => world.venue.working().filter(({ side }) => side === 'buy').map(({ price: at }) => at)
const perMinute = (world: DeskWorld, from: number): readonly number[] => {
  const minutes = Math.round((world.clock.now() - from) / 60_000)
  return Array.from({ length: minutes }, (_, minute) => world.venue.calls.filter(({ call, at }) => call === 'create' && at >= from + minute * 60_000 && at < from + (minute + 1) * 60_000).length)
}

/** A strategy that writes down every time it is asked. */
const watching = (decide: (view: MarketView, asked: number) => Decision = () => ({ proposals: [], unwanted: [], wakeAt: {} })) => {
  const asked: { readonly at: number; readonly pairs: number }[] = []
  const clock: { now: () => number } = { now: () => 0 }
  const strategy: Strategy = {
    name: 'watching',
    budget: money('400'),
    decide: (view) => {
      asked.push({ at: clock.now(), pairs: view.pairs.length })
      return decide(view, asked.length)
    },
  }
  const world = new DeskWorld({ strategy })
  clock.now = () => world.clock.now()
  return { world, asked }
}
const buyAt = (at: string): Decision => ({ proposals: [{ price: price(at), quantity: quantity('0.001'), target: rate('0.0005') }], unwanted: [], wakeAt: {} })

describe('a strategy is asked', () => {
  test('never before the desk trades, nor while it is cut off, nor on a stale quote (Y1, I9, MD-01)', async () => {
    const { world, asked } = watching()
    world.venue.failsWith({ kind: 'unavailable', detail: '503' }, 'ordersSince')
    await world.start()
    await world.clock.advance(20_000)
    expect(asked).toEqual([])
    world.venue.answersAgain()
    await world.until(() => asked.length > 0)
    world.venue.refusesStreams()
    await world.until(() => world.deskState() === 'cutOff')
    const before = asked.length
    await world.clock.advance(30_000)
    expect(asked.length).toBe(before)
  })

  test('on its cadence when nothing happens, and soon when the market crosses its line', async () => {
    const { world, asked } = watching(() => ({ proposals: [], unwanted: [], wakeAt: { falls: price('59990'), rises: price('60010') } }))
    await world.start()
    await world.until(() => asked.length > 0)
    await world.clock.advance(1_000)
    const [quiet, at] = [asked.length, world.clock.now()]
    await world.clock.advance(20_000)
    expect(asked.length - quiet).toBe(4)
    for (const bid of ['60005', '59995', '60009.99']) world.venue.moveTo(bid)
    await world.clock.advance(500)
    expect(asked.filter((one) => one.at > at + 20_000)).toEqual([])
    world.venue.moveTo('59990')
    await world.clock.advance(100)
    expect(asked.filter((one) => one.at > at + 20_000)).toHaveLength(1)
  })

  test('again only when what it wanted is durable, and it then sees it (Y2, PR-24)', async () => {
    const { world, asked } = watching((view) => (view.pairs.length < 5 ? buyAt('59900') : { proposals: [], unwanted: [], wakeAt: {} }))
    await world.start()
    await world.until(() => world.venue.working().length === 5)
    await world.clock.advance(30_000)
    expect(asked.slice(0, 6).map(({ pairs }) => pairs)).toEqual([0, 1, 2, 3, 4, 5])
    expect(world.venue.creates()).toBe(5)
  })

  test('not while the store still works on what it wanted, however the market moves (Y2)', async () => {
    const { world, asked } = watching((view) => (view.pairs.length < 2 ? { ...buyAt('59900'), wakeAt: { falls: price(String(Number(view.bid) - 1)) } } : { proposals: [], unwanted: [], wakeAt: {} }))
    await world.start()
    world.commitMs = 400
    await world.until(() => asked.length > 0)
    for (let move = 0; move < 10; move++) {
      world.venue.moveTo(String(59_990 - move * 5))
      await world.clock.advance(60)
    }
    await world.clock.advance(30_000)
    expect({ pairs: asked.slice(0, 3).map(({ pairs }) => pairs), creates: world.venue.creates() }).toEqual({ pairs: [0, 1, 2], creates: 2 })
  })

  test('at most once in its rest, however wild the market is (Y3)', async () => {
    const { world, asked } = watching((view) => ({ proposals: [], unwanted: [], wakeAt: { falls: price(String(Number(view.bid) - 1)), rises: price(String(Number(view.bid) + 1)) } }))
    await world.start()
    await world.until(() => asked.length > 0)
    const random = seededRandom('wild')
    for (let tick = 0; tick < 2_000; tick++) {
      world.venue.moveTo((60_000 + random.normal() * 20).toFixed(2))
      await world.clock.advance(2)
    }
    const rests = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0))
    expect(asked.length).toBeGreaterThan(40)
    expect(Math.min(...rests)).toBeGreaterThanOrEqual(50)
  })

  test('again after it threw, without a hot loop, and the desk goes on', async () => {
    const { world, asked } = watching(() => { throw new Error('a fault in the strategy') })
    await world.start()
    await world.until(() => asked.length > 0)
    await world.clock.advance(60_000)
    expect(asked.length).toBeLessThan(20)
    expect({ desk: world.deskState(), sent: world.venue.sent() }).toEqual({ desk: 'trading', sent: [] })
    expect(world.log.lines.some(({ event }) => event === 'strategy.failed')).toBe(true)
  })
})

describe('a venue or a gate that says no', () => {
  // The pause doubles from one second, so the waves of four come after 0, 1, 3, 7, 15, 31, 63, 127 and 255 seconds.
  test('a venue that refuses every buy is asked ever more rarely (OC-15, I10)', async () => {
    const world = new DeskWorld()
    world.venue.refusesEveryBuy('insufficientFunds')
    await world.start()
    await world.until(() => world.venue.creates() > 0)
    const from = world.clock.now() - 10
    await world.clock.advance(300_000)
    expect(perMinute(world, from)).toEqual([24, 4, 4, 0, 4])
    expect(world.states()).toEqual({ rejected: 36 })
  })

  test('a venue that refuses is not asked again because the market moves', async () => {
    const world = new DeskWorld()
    world.venue.refusesEveryBuy('insufficientFunds')
    await world.start()
    await world.until(() => world.venue.creates() > 0)
    const from = world.clock.now() - 10
    for (let second = 0; second < 60; second++) {
      world.venue.moveTo(String(60_000 + (second % 2) * 500))
      await world.clock.advance(1_000)
    }
    expect(perMinute(world, from)).toEqual([24])
  })

  test('a gate that denies every buy fills no table (I11)', async () => {
    const world = new DeskWorld({ limits: { maxExposure: money('50') } })
    await world.start()
    await world.until(() => world.pairRows().length > 0)
    await world.clock.advance(300_000)
    expect({ sent: world.venue.sent(), pairs: world.pairRows().map(({ state }) => state) }).toEqual({ sent: [], pairs: Array.from({ length: 36 }, () => 'abandoned') })
  })

  test('an account that can pay for half of the ladder rests that half and is not drained by asking for the other', async () => {
    const world = new DeskWorld({}, 'half', { quoteMoney: '250' })
    await world.start()
    await world.until(() => world.venue.working().length === 2)
    const from = world.clock.now()
    await world.clock.advance(300_000)
    const asked = perMinute(world, from)
    expect({ working: buyPrices(world), calm: asked.every((count) => count <= 12) && asked.slice(1).every((count) => count <= 2) }).toEqual({ working: ['59940', '59880.06'], calm: true })
    expect(differences(world)).toEqual([])
  })

  test('trades again soon after the venue takes orders again', async () => {
    const world = new DeskWorld({ ladder: { rungs: 1 } })
    world.venue.refusesEveryBuy('instrumentUnavailable')
    await world.start()
    await world.clock.advance(5_000)
    expect(world.venue.working()).toEqual([])
    world.venue.refusesEveryBuy(undefined)
    await world.until(() => world.venue.working().length === 1, 120_000)
    await world.clock.advance(1_000)
    expect(differences(world)).toEqual([])
  })
})

describe('the ladder in the desk', () => {
  test('rests below the market and follows it up, rung by rung', async () => {
    const world = await tradingDesk()
    const first = buyPrices(world)
    expect(first).toEqual(['59940', '59880.06', '59820.17', '59760.34'])
    for (let bid = 60_000; bid <= 61_200; bid += 20) {
      world.venue.moveTo(String(bid))
      await world.clock.advance(500)
    }
    await world.clock.advance(10_000)
    const now = buyPrices(world)
    expect(now).toHaveLength(4)
    expect(Math.max(...now.map(Number))).toBeGreaterThan(61_200 * (1 - 2 * 0.0011))
    expect(now.filter((at) => first.includes(at))).toEqual([])
    expect(differences(world)).toEqual([])
  })

  test('a rung that is called off is free as soon as the venue says so when asked, told or not told (FS-07)', async () => {
    const world = await tradingDesk({ ladder: { rungs: 1 } })
    world.venue.tellsNobodyOfOrders()
    world.venue.moveTo('60300')
    await world.until(() => world.states()['cancelling'] === 1)
    await world.until(() => world.states()['cancelled'] === 1, 500)
    await world.until(() => buyPrices(world).includes('60239.7'), 500)
    expect(world.venue.sent().map((sent) => sent.split(' ')[0])).toEqual(['create', 'cancel', 'create'])
  })

  test('what was bought does not move: it waits for its price', async () => {
    const world = await tradingDesk()
    world.venue.moveTo('59930')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    const [sell] = world.venue.working().filter(({ side }) => side === 'sell')
    world.venue.moveTo('50000')
    await world.clock.advance(60_000)
    expect(world.venue.working().filter(({ clientOrderId }) => clientOrderId === sell?.clientOrderId)).toEqual([sell])
    expect(world.venue.working().map(({ side }) => side)).toEqual(['sell', 'sell', 'sell', 'sell'])
    expect(differences(world)).toEqual([])
  })

  test('keeps its budget and its rungs over a long walk, and every covering sell earns its target (A1, I10, T3)', async () => {
    const world = await tradingDesk({}, 'walk')
    const random = seededRandom('walk')
    const perRung = money('100')
    let bid = 60_000
    const beyond: string[] = []
    for (let tick = 0; tick < 1_200; tick++) {
      bid *= 1 + random.normal() * 0.0005
      world.venue.moveTo(bid.toFixed(2))
      await world.clock.advance(500)
      const buys = sum([money('0'), ...world.venue.working().filter(({ side }) => side === 'buy').map(({ price: at, left }) => notional(at, left))])
      const open = world.pairRows().filter(({ finished }) => !finished)
      const stock = sum([money('0'), ...open.map(({ tradePair }) => (tradePair === undefined || tradePair.held === tradePair.sold ? money('0') : tradePair.cost))])
      if (open.length > rungs.rungs || compare(plus(buys, stock), rungs.budget) > 0) beyond.push(`${tick}: ${open.length} pairs, ${buys} and ${stock}`)
    }
    expect(beyond).toEqual([])
    const closed = world.pairRows().flatMap(({ state, tradePair }) => (state === 'closed' && tradePair !== undefined ? [tradePair] : []))
    expect(closed.length).toBeGreaterThan(10)
    expect(closed.filter(({ cost, proceeds }) => Number(proceeds) < Number(cost) * 1.0005)).toEqual([])
    expect(closed.filter(({ cost }) => compare(cost, perRung) > 0)).toEqual([])
    world.venue.recovers()
    await world.clock.advance(30_000)
    expect(differences(world)).toEqual([])
  })
})
