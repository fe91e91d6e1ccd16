/** A market that falls by 30 % in one step while the desk holds much (docs/machines/breaker.md, docs/steering.md K3). */
import { expect, test } from 'vitest'
import { compare, money, price, quantity, rate } from '../../src/domain/decimal.ts'
import { floorToTick } from '../../src/domain/instrument.ts'
import { realisedProfit } from '../../src/domain/profit.ts'
import type { BreakerPolicy } from '../../src/machines/breaker/breaker-context.ts'
import type { TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { tradingDesk, type DeskWorld } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

/** Buys a hundred at the bid at every fall by a tenth of a hundredth: it would buy all the way down. */
const greedy: Strategy = {
  name: 'greedy',
  budget: money('10000'),
  decide: ({ pairs, bid, instrument }) => ({
    proposals: pairs.some(({ buyPrice }) => Math.abs(Number(buyPrice) / Number(bid) - 1) < 0.001) ? [] : [{ quantity: quantity('0.0016'), price: bid, target: rate('0.01') }],
    unwanted: [],
    wakeAt: { falls: floorToTick(instrument, price(String(Number(bid) * 0.999))) },
  }),
}
const breakers: readonly BreakerPolicy[] = [
  { kind: 'dailyLoss', maxLoss: money('20') },
  { kind: 'drawdown', maxDrawdown: money('50') },
]
const states = (world: DeskWorld): readonly (string | undefined)[] => ['dailyLoss', 'drawdown'].map((name) => world.store.tables.actors.get(`breaker/${name}`)?.state)
const buysSent = (world: DeskWorld): number => world.venue.calls.filter(({ call, about }) => call === 'create' && /-b\d+$/.test(about)).length
const say = (world: DeskWorld, command: object): Promise<unknown> => world.during(world.desk.command({ id: `c${world.clock.now()}`, who: 'ann', reason: 'a crash', ...command } as Parameters<typeof world.desk.command>[0]))
const held = (world: DeskWorld): readonly string[] => world.pairRows().filter(({ finished }) => !finished).map(({ tradePair }) => tradePair?.pairId ?? '')

/** A desk that has bought three times and goes on buying. */
const holdingMuch = async (switchedOn: readonly BreakerPolicy[]): Promise<DeskWorld> => {
  const world = await tradingDesk({ strategy: greedy, breakers: switchedOn, ladder: { rungs: 1 }, limits: { maxOpenOrders: 50, maxOrdersPerMinute: 100, maxExposure: money('10000'), maxInstrumentExposure: money('10000') } })
  for (const bid of ['59900', '59800', '59700', '59600']) {
    world.venue.moveTo(bid)
    await world.clock.advance(2_000)
  }
  expect(compare(world.venue.baseHeld, quantity('0.004'))).toBeGreaterThan(0)
  return world
}

test('without breakers the same desk buys into the fall', async () => {
  const world = await holdingMuch([])
  const sent = buysSent(world)
  world.venue.moveTo('41930')
  await world.clock.advance(10_000)
  expect(buysSent(world)).toBeGreaterThan(sent)
})

test('the breakers trip before the next entry, exits go on, and after a kill the limits begin at a quarter', async () => {
  const world = await holdingMuch(breakers)
  expect(states(world)).toEqual(['clear', 'clear'])
  const sent = buysSent(world)
  world.venue.moveTo('41930')
  await world.clock.advance(10_000)
  expect(states(world)).toEqual(['tripped.timed', 'tripped.stopped'])
  expect(buysSent(world)).toBe(sent)
  // Over a death too, and while the market goes on down.
  world.kill()
  await world.start()
  await world.until(() => world.deskState() === 'trading')
  world.venue.moveTo('40000')
  await world.clock.advance(20_000)
  expect([states(world), buysSent(world)]).toEqual([['tripped.timed', 'tripped.stopped'], sent])
  // A person gives one pair up; the covering sell of another meets its price again.
  const [first = ''] = held(world)
  await say(world, { kind: 'close', pair: first })
  await world.until(() => !held(world).includes(first))
  world.venue.moveTo('61000')
  await world.until(() => held(world).length === 0)
  const earned = world.pairRows().map(({ context }) => realisedProfit(context as unknown as TradePairContext) ?? money('0'))
  expect([earned.filter((profit) => compare(profit, money('0')) < 0).length, earned.filter((profit) => compare(profit, money('0')) > 0).length > 0]).toEqual([1, true])
  expect(buysSent(world)).toBe(sent)
  expect(differences(world)).toEqual([])

  await say(world, { kind: 'kill', level: 'flatten' })
  await say(world, { kind: 'reset-breaker', breaker: 'drawdown' })
  await say(world, { kind: 'unkill' })
  await world.clock.advance(1_000)
  expect(world.store.tables.actors.get('kill-switch')?.state).toBe('quarter')
  expect(world.desk.view.share).toBe('0.25')
})
