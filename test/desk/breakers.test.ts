/** Breakers in a running desk (docs/machines/breaker.md; src/actors/breakers; OC-15, OC-16, DB-12). The figures are worked out by hand. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, money, price, quantity, rate, sum } from '../../src/domain/decimal.ts'
import { realisedProfit } from '../../src/domain/profit.ts'
import type { BreakerContext, BreakerPolicy } from '../../src/machines/breaker/breaker-context.ts'
import type { CommandOutcome } from '../../src/ports/steering.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { whyOf } from '../../src/app/why.ts'
import { DeskWorld, tradingDesk, type WorldOptions } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

/** One buy of 0.01 at 59900, or below the market: it costs 599 and earns 0.0005 of that. */
const oneBuy: Strategy = {
  name: 'one',
  budget: money('600'),
  decide: ({ pairs, bid }) => ({
    proposals: pairs.length > 0 ? [] : [{ quantity: quantity('0.01'), price: compare(bid, price('59900')) < 0 ? bid : price('59900'), target: rate('0.0005') }],
    unwanted: [],
    wakeAt: {},
  }),
}
const dailyLoss = (maxLoss: string): BreakerPolicy => ({ kind: 'dailyLoss', maxLoss: money(maxLoss) })
const drawdown = (maxDrawdown: string): BreakerPolicy => ({ kind: 'drawdown', maxDrawdown: money(maxDrawdown) })

let ids = 0
const wish = (world: DeskWorld, kind: 'close' | 'reset-breaker', what: string): Promise<CommandOutcome> =>
  world.desk.command({ id: `c${++ids}`, who: 'ann', reason: 'a drill', ...(kind === 'close' ? { kind, pair: what } : { kind, breaker: what }) })
const refusal = async (world: DeskWorld, name: string): Promise<string> => {
  const outcome = await world.during(wish(world, 'reset-breaker', name))
  return outcome.kind === 'refused' ? outcome.detail : outcome.kind
}

const stateOf = (world: DeskWorld, name: string): string | undefined => world.store.tables.actors.get(`breaker/${name}`)?.state
const contextOf = (world: DeskWorld, name: string): BreakerContext => world.store.tables.actors.get(`breaker/${name}`)?.context as unknown as BreakerContext
const reasons = (world: DeskWorld): readonly string[] => world.desk.view.tripped().map(({ reason }) => reason)
const buys = (world: DeskWorld): number => world.venue.calls.filter(({ call, about }) => call === 'create' && /-b\d+$/.test(about)).length
const openPair = (world: DeskWorld): string => world.pairRows().find(({ finished }) => !finished)?.tradePair?.pairId ?? ''

/** A desk whose one buy rests. */
const resting = async (breakers: readonly BreakerPolicy[], options: WorldOptions = {}): Promise<DeskWorld> => tradingDesk({ strategy: oneBuy, breakers, ladder: { rungs: 1 }, ...options })
/** A desk whose one buy is filled at 59900 and covered. */
const holding = async (breakers: readonly BreakerPolicy[], options: WorldOptions = {}, world = new DeskWorld({ strategy: oneBuy, breakers, ...options })): Promise<DeskWorld> => {
  await world.start()
  await world.until(() => world.venue.working().length > 0)
  await world.clock.advance(100)
  world.venue.moveTo('59890')
  await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
  await world.clock.advance(1_500)
  return world
}
/** Closes what is held at 59400 less 50 basis points, 59103: 591.03 - 599 = -7.97. */
const closesAtALoss = (world: DeskWorld): void => {
  world.venue.moveTo('59400')
  void wish(world, 'close', openPair(world))
}

describe('the loss of a day', () => {
  test('marked to market: 0.01 bought at 59900 is worth 5 less at a bid of 59400, and not a cent earlier', async () => {
    const world = await holding([dailyLoss('5')])
    world.venue.moveTo('59401')
    await world.clock.advance(3_000)
    expect(stateOf(world, 'dailyLoss')).toBe('clear')
    world.venue.moveTo('59400')
    await world.clock.advance(3_000)
    expect(reasons(world)).toEqual(['the UTC day 2023-11-14 has lost 5 (0 realised and -5 marked to the bid), the limit is 5'])
    expect(world.desk.alerts.map(({ code }) => code)).toContain('breaker.tripped')
  })

  test('realised: closed at 59103 it has lost 7.97; nothing more is bought, and the desk goes on', async () => {
    const world = await holding([dailyLoss('7.97')])
    const before = buys(world)
    closesAtALoss(world)
    await world.clock.advance(30_000)
    expect(reasons(world)).toEqual(['the UTC day 2023-11-14 has lost 7.97 (realised), the limit is 7.97'])
    expect([buys(world), world.deskState()]).toEqual([before, 'trading'])
    expect(differences(world)).toEqual([])
  })

  test('exits go on while it is tripped: what is held is sold at its target', async () => {
    const world = await holding([dailyLoss('5')])
    world.venue.moveTo('59400')
    await world.clock.advance(3_000)
    expect(stateOf(world, 'dailyLoss')).toBe('tripped.timed')
    world.kill()
    await world.start()
    world.venue.moveTo('60100')
    await world.until(() => world.pairRows().some(({ state }) => state === 'closed'))
    await world.clock.advance(30_000)
    expect([stateOf(world, 'dailyLoss'), world.venue.working()]).toEqual(['tripped.timed', []])
    expect(differences(world)).toEqual([])
  })

  test.each(['beforeCommit', 'afterCommit'] as const)('is still tripped after a sudden death before or after its commit (X1): %s', async (at) => {
    const world = await holding([dailyLoss('7.97')])
    const before = buys(world)
    world.diesAt(at, 'breaker profitBooked')
    closesAtALoss(world)
    await world.until(() => !world.isAlive)
    expect(contextOf(world, 'dailyLoss').tally.realised).toBe(at === 'beforeCommit' ? '0' : '-7.97')
    await world.start()
    await world.until(() => world.deskState() === 'trading' && stateOf(world, 'dailyLoss') === 'tripped.timed')
    await world.clock.advance(30_000)
    expect([contextOf(world, 'dailyLoss').tally.realised, buys(world)]).toEqual(['-7.97', before])
    expect(differences(world)).toEqual([])
  })

  test('ends with the UTC day, and not before it when the wall clock is set back (X5)', async () => {
    const world = new DeskWorld({ strategy: oneBuy, breakers: [dailyLoss('7.97')] })
    const midnight = Date.UTC(2023, 10, 15)
    world.clock.jump(midnight - 120_000 - world.clock.now())
    await holding([], {}, world)
    closesAtALoss(world)
    await world.until(() => stateOf(world, 'dailyLoss') === 'tripped.timed')
    const before = buys(world)
    world.clock.jump(-180_000)
    await world.clock.advance(150_000)
    expect([stateOf(world, 'dailyLoss'), buys(world), world.deskState()]).toEqual(['tripped.timed', before, 'trading'])
    await world.until(() => stateOf(world, 'dailyLoss') === 'clear', 300_000)
    expect(world.clock.now()).toBeGreaterThanOrEqual(midnight)
    await world.until(() => buys(world) > before, 10_000)
    expect(contextOf(world, 'dailyLoss').tally).toMatchObject({ realised: '0', opening: '0' })
    expect(world.desk.alerts.map(({ code }) => code)).toContain('breaker.ended')
  })

  test('a desk that was down over midnight begins the day clear', async () => {
    const world = await holding([dailyLoss('7.97')])
    closesAtALoss(world)
    await world.until(() => stateOf(world, 'dailyLoss') === 'tripped.timed')
    world.kill()
    world.clock.stall(86_400_000)
    await world.start()
    await world.until(() => stateOf(world, 'dailyLoss') === 'clear', 10_000)
  })

  test('is not reset while it holds, and is once the price has come back', async () => {
    const world = await holding([dailyLoss('5')])
    world.venue.moveTo('59400')
    await world.until(() => stateOf(world, 'dailyLoss') === 'tripped.timed')
    expect(await refusal(world, 'dailyLoss')).toBe('dailyLoss cannot be reset while what tripped it still holds: the UTC day 2023-11-14 has lost 5 (0 realised and -5 marked to the bid), the limit is 5')
    world.venue.moveTo('59880')
    expect(await refusal(world, 'dailyLoss')).toBe('done')
    expect(stateOf(world, 'dailyLoss')).toBe('clear')
  })
})

describe('equity below its peak', () => {
  test('waits for a person, over a restart; after the reset it begins anew', async () => {
    const world = await holding([drawdown('5')])
    expect(contextOf(world, 'drawdown').tally.peak).toBe('0')
    world.venue.moveTo('59390')
    await world.until(() => stateOf(world, 'drawdown') === 'tripped.stopped')
    expect(reasons(world)).toEqual(['equity is -5.1, which is 5.1 below its peak of 0; the limit is 5'])
    world.kill()
    await world.start()
    await world.until(() => world.deskState() === 'trading')
    expect(stateOf(world, 'drawdown')).toBe('tripped.stopped')
    expect(await refusal(world, 'drawdown')).toBe('done')
    await world.clock.advance(3_000)
    expect([stateOf(world, 'drawdown'), contextOf(world, 'drawdown').tally.peak]).toEqual(['clear', '-5.1'])
    const about = world.store.tables.audit.filter(({ target }) => target === 'breaker/drawdown')
    expect(about.map(({ kind, after, reason }) => [kind, after, reason])).toEqual([
      ['breaker', 'tripped.stopped', 'equity is -5.1, which is 5.1 below its peak of 0; the limit is 5'],
      ['reset-breaker', 'clear', 'a drill'],
    ])
  })

  test('a name that there is none of, and one that is clear, are refused', async () => {
    const world = await resting([drawdown('5')])
    expect(await refusal(world, 'luck')).toBe('there is no breaker luck; there are drawdown')
    expect(await refusal(world, 'drawdown')).toBe('drawdown is not tripped')
  })
})

describe('a row that cannot be read', () => {
  const spoil = ({ store }: DeskWorld): void => {
    const row = store.tables.actors.get('breaker/dailyLoss')
    if (row !== undefined) store.tables.actors.set(row.address, { ...row, state: 'lost' })
  }

  test('is made anew from its events, and is still tripped', async () => {
    const world = await holding([dailyLoss('7.97')])
    closesAtALoss(world)
    await world.until(() => stateOf(world, 'dailyLoss') === 'tripped.timed')
    world.kill()
    spoil(world)
    await world.start()
    await world.until(() => world.deskState() === 'trading')
    expect(reasons(world)).toEqual(['the UTC day 2023-11-14 has lost 7.97 (realised), the limit is 7.97'])
  })

  test('and cannot be made anew keeps entries back, and nothing else', async () => {
    const world = await holding([dailyLoss('7.97')])
    world.kill()
    spoil(world)
    const [birth] = world.store.tables.historyOf('breaker/dailyLoss')
    Object.assign(birth ?? {}, { type: 'lost' })
    const before = buys(world)
    await world.start()
    await world.until(() => world.deskState() === 'hindered')
    world.venue.moveTo('60100')
    await world.until(() => world.pairRows().some(({ state }) => state === 'closed'))
    await world.clock.advance(30_000)
    expect([buys(world), world.pairRows().length, differences(world)]).toEqual([before, 1, []])
    expect([buys(world), world.desk.view.desk?.hindrances]).toEqual([before, { 'breaker/dailyLoss': 'its row could not be continued, so what it has counted is not known: see the log' }])
  })
})

test('why nothing is bought is told with every reason, and with what the gate has denied', async () => {
  const world = await holding([dailyLoss('7.97')])
  expect(whyOf(world.desk, 5_000)).toMatchObject({ entries: true, breakers: [], instruments: [{ instrument: 'BTC-USD', entries: true, because: [], status: 'online', price: { state: 'live', maxAgeMs: 5_000 } }], denials: [] })
  closesAtALoss(world)
  await world.until(() => world.desk.view.tripped().length > 0)
  world.venue.goesSilent()
  world.venue.failsWith({ kind: 'unavailable', detail: 'HTTP 503' }, 'quotes')
  await world.clock.advance(20_000)
  const why = whyOf(world.desk, 5_000, 'BTC-USD')
  expect(why).toMatchObject({ entries: false, trading: { state: 'reducing', because: 'the desk is cutOff' }, kill: { state: 'off', because: null }, breakers: [{ name: 'dailyLoss' }] })
  expect(why?.instruments[0]?.because.map((sentence) => sentence.replace(/\d+ ms old|from before a gap in the stream/, 'old'))).toEqual([
    'the desk is cutOff',
    'dailyLoss is tripped: the UTC day 2023-11-14 has lost 7.97 (realised), the limit is 7.97; until 2023-11-15T00:00:00.000Z',
    expect.stringMatching(/^the price is old/) as string,
  ])
  expect(whyOf(world.desk, 5_000, 'ETH-USD')).toBeUndefined()
})

test('losses in a row keep entries back for their pause', async () => {
  const world = await holding([{ kind: 'consecutiveLosses', losses: 1, pauseMs: 60_000 }])
  const before = buys(world)
  closesAtALoss(world)
  await world.until(() => stateOf(world, 'consecutiveLosses') === 'tripped.timed')
  expect(reasons(world)).toEqual(['losses in a row: 1, the limit is 1; the last round trip lost 7.97'])
  await world.clock.advance(58_000)
  expect(buys(world)).toBe(before)
  await world.until(() => buys(world) > before, 10_000)
})

test('after an exit the instrument rests, over a death in the middle, and then goes on', async () => {
  const world = await holding([{ kind: 'cooldown', afterLossMs: 0, afterExitMs: 40_000 }])
  const before = buys(world)
  world.venue.moveTo('60100')
  await world.until(() => stateOf(world, 'cooldown:BTC-USD') === 'tripped.timed')
  expect(reasons(world)).toEqual(['a round trip has ended with 0.2995: entries rest for 40 s'])
  await world.clock.advance(10_000)
  world.kill()
  await world.clock.advance(5_000)
  await world.start()
  await world.until(() => world.deskState() === 'trading')
  await world.clock.advance(20_000)
  expect(buys(world)).toBe(before)
  await world.until(() => buys(world) > before, 10_000)
})

test('entries of an hour: two leave, the third is withdrawn before its first byte, and the hour that follows counts anew', async () => {
  const world = new DeskWorld({ strategy: oneBuy, breakers: [{ kind: 'hourlyOrders', orders: 2 }, { kind: 'dailyOrders', orders: 100 }] })
  world.clock.jump(Date.UTC(2023, 10, 14, 22, 58) - world.clock.now())
  await holding([], {}, world)
  for (const bid of ['60100', '59800', '60200']) {
    world.venue.moveTo(bid)
    await world.clock.advance(8_000)
  }
  expect([buys(world), contextOf(world, 'hourlyOrders').tally.count, world.states()]).toEqual([2, 3, { filled: 4, absent: 1 }])
  expect(reasons(world)).toEqual(['3 entries have begun in the hour from 2023-11-14 22:00 UTC, the limit is 2'])
  expect(world.desk.denials).toMatchObject([{ rule: 'breaker', instrument: 'BTC-USD', side: 'buy', detail: 'no new entries: hourlyOrders is tripped: 3 entries have begun in the hour from 2023-11-14 22:00 UTC, the limit is 2' }])
  expect(await refusal(world, 'hourlyOrders')).toBe('hourlyOrders cannot be reset while what tripped it still holds: 3 entries have begun in the hour from 2023-11-14 22:00 UTC, the limit is 2')
  await world.until(() => buys(world) > 2, 120_000)
  expect([world.clock.now() >= Date.UTC(2023, 10, 14, 23), contextOf(world, 'hourlyOrders').tally.count, contextOf(world, 'dailyOrders').tally.count]).toEqual([true, 1, 4])
})

test('refusals in a row trip their instrument for a growing pause, beside the pace after each; one that stands ends the row (OC-15, OC-16)', async () => {
  const world = new DeskWorld({ strategy: oneBuy, breakers: [{ kind: 'refusals', refusals: 3, pauseMs: 60_000, pauseMaxMs: 600_000 }], tuning: { refusedMaxMs: 1_000 } })
  world.venue.refusesEveryBuy('rateLimited')
  await world.start()
  await world.until(() => stateOf(world, 'refusals:BTC-USD') === 'tripped.timed')
  expect([buys(world), reasons(world)]).toEqual([3, ["refusals in a row: 3, the limit is 3; the venue's last reason was rateLimited, pause 1 is 60 s"]])
  await world.clock.advance(58_000)
  expect(buys(world)).toBe(3)
  await world.until(() => contextOf(world, 'refusals:BTC-USD').trips === 2, 20_000)
  expect(reasons(world)[0]).toContain('pause 2 is 120 s')
  world.kill()
  await world.start()
  await world.clock.advance(100_000)
  expect(buys(world)).toBe(4)
  world.venue.refusesEveryBuy(undefined)
  await world.until(() => world.venue.working().length === 1, 60_000)
  await world.clock.advance(1_000)
  expect(contextOf(world, 'refusals:BTC-USD').tally).toMatchObject({ count: 0, pauses: 0 })
})

test('a post-only order that the market has run over is no refusal', async () => {
  const world = new DeskWorld({ strategy: oneBuy, breakers: [{ kind: 'refusals', refusals: 1, pauseMs: 60_000, pauseMaxMs: 60_000 }] })
  world.venue.refusesEveryBuy('wouldCross')
  await world.start()
  await world.clock.advance(20_000)
  expect([buys(world) > 2, stateOf(world, 'refusals:BTC-USD')]).toEqual([true, 'clear'])
})

test('calls that fail trip until there are fewer for a while', async () => {
  const world = await resting([{ kind: 'errorRate', failures: 4, windowMs: 30_000 }])
  world.venue.failsWith({ kind: 'unavailable', detail: 'HTTP 503' }, 'workingOrders', 'fillsSince', 'balances')
  await world.until(() => stateOf(world, 'errorRate') === 'tripped.lasting', 120_000)
  expect(reasons(world)[0]).toMatch(/^[4-9] calls to the venue have failed within 30000 ms, the limit is 4$/)
  expect(await refusal(world, 'errorRate')).toMatch(/^errorRate cannot be reset while what tripped it still holds: \d+ calls/)
  world.venue.recovers()
  const back = world.clock.now()
  await world.until(() => stateOf(world, 'errorRate') === 'clear', 120_000)
  expect(world.clock.now() - back).toBeGreaterThan(20_000)
})

test('an instrument without a live price is tripped, and ten seconds after prices are back it is not', async () => {
  const world = await resting([{ kind: 'staleData', staleMs: 5_000 }])
  world.venue.goesSilent()
  world.venue.failsWith({ kind: 'unavailable', detail: 'HTTP 503' }, 'quotes')
  await world.until(() => stateOf(world, 'staleData:BTC-USD') === 'tripped.lasting', 60_000)
  expect(world.desk.view.tripped('BTC-USD')).toMatchObject([{ name: 'staleData:BTC-USD', instrument: 'BTC-USD', ends: 'condition', until: null }])
  expect(world.desk.view.tripped('ETH-USD')).toEqual([])
  world.venue.recovers()
  const back = world.clock.now()
  await world.until(() => stateOf(world, 'staleData:BTC-USD') === 'clear', 60_000)
  expect(world.clock.now() - back).toBeGreaterThanOrEqual(10_000)
})

test('commits that take too long trip, and quick ones end it (DB-12)', async () => {
  const world = await resting([{ kind: 'journalLag', commitMs: 2_000 }])
  world.commitMs = 3_000
  await world.until(() => stateOf(world, 'journalLag') === 'tripped.lasting', 120_000)
  expect(reasons(world)[0]).toMatch(/^a commit takes (?:2\d{3}|3000) ms, the limit is 2000 ms$/)
  world.commitMs = 1
  await world.until(() => stateOf(world, 'journalLag') === 'clear', 60_000)
})

test('a breaker that the configuration names no more lets go at the next start, and every other keeps its limits up to date', async () => {
  const world = await holding([dailyLoss('7.97'), drawdown('7')])
  closesAtALoss(world)
  await world.until(() => world.desk.view.tripped().length === 2)
  world.kill()
  await world.start({ breakers: [dailyLoss('100')] })
  await world.until(() => world.deskState() === 'trading')
  expect([stateOf(world, 'drawdown'), contextOf(world, 'drawdown').policy, stateOf(world, 'dailyLoss'), contextOf(world, 'dailyLoss').policy]).toEqual(['clear', null, 'tripped.timed', { kind: 'dailyLoss', maxLoss: '100' }])
  expect(await refusal(world, 'dailyLoss')).toBe('done')
})

test('what is counted is what closed pairs have earned, whatever dies when (I3)', { timeout: 120_000 }, async () => {
  const step = fc.record({ bid: fc.constantFrom('59700', '59890', '60050', '60200', '59400'), closes: fc.boolean(), dies: fc.option(fc.constantFrom('beforeCommit' as const, 'afterCommit' as const)), event: fc.constantFrom('breaker profitBooked', 'trade-pair legEnded', 'order fillsListed', undefined) })
  let counted = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 10 }), async (steps) => {
      const world = await tradingDesk({ breakers: [drawdown('1000000'), dailyLoss('1000000')] })
      for (const { bid, closes, dies, event } of steps) {
        world.venue.moveTo(bid)
        if (dies !== null) world.diesAt(dies, event)
        if (closes) void wish(world, 'close', openPair(world))
        await world.clock.advance(3_000)
        world.livesOn()
        if (!world.isAlive) await world.start()
      }
      await world.clock.advance(40_000)
      const earned = world.pairRows().flatMap(({ tradePair, state }) => (state === 'closed' && tradePair !== undefined ? [realisedProfit(tradePair) ?? money('0')] : []))
      counted += earned.length
      const total = sum([money('0'), ...earned])
      expect([contextOf(world, 'drawdown').tally.realised, contextOf(world, 'dailyLoss').tally.realised]).toEqual([total, total])
      expect(differences(world)).toEqual([])
    }),
    { numRuns: 25 },
  )
  expect(counted).toBeGreaterThan(25)
})
