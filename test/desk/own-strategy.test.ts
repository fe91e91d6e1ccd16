/** Strategies of the user's own in a running desk, hostile ones too (src/actors/strategist.ts, Y4; src/strategies/checked.ts). */
import { describe, expect, test } from 'vitest'
import { whyOf } from '../../src/app/why.ts'
import type { RaisedAlert } from '../../src/ports/alerts.ts'
import { money } from '../../src/domain/decimal.ts'
import { checked } from '../../src/strategies/checked.ts'
import { ladder } from '../../src/strategies/ladder.ts'
import type { MarketView, OwnStrategy } from '../../src/strategies/strategy.ts'
import { DeskWorld, rungs } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const good = { price: '59900', quantity: '0.001', target: '0.0005' }

/** A desk with a strategy that no type has looked at. */
const desk = async (decide: (view: MarketView, asked: number) => unknown) => {
  const told: string[] = []
  const asked: number[] = []
  const own = { decide: (view: MarketView) => decide(view, asked.push(world.clock.monotonic())) } as OwnStrategy
  const alerts = { raise: ({ code, detail }: RaisedAlert) => void told.push(`${code}: ${detail}`), clear: ({ code }: Pick<RaisedAlert, 'code'>) => void told.push(`end of ${code}`) }
  const world = new DeskWorld({ strategy: checked(own, { name: 'own', budget: money('400') }), alerts })
  await world.start()
  await world.until(() => asked.length > 0)
  return { world, told, asked, failing: () => told.filter((line) => line.includes('strategy.failing')) }
}

const hostile: readonly (readonly [string, (view: MarketView, asked: number) => unknown])[] = [
  ['throws', () => { throw new Error('no such luck') }],
  ['throws what is no error', () => { throw 'luck' }],
  ['answers prices that are no numbers', () => ({ proposals: [{ ...good, price: Number.NaN }] })],
  ['answers another type', () => 'buy everything'],
  ['proposes without end', () => ({ proposals: Array.from({ length: 100_000 }, () => good) })],
  ['changes its view', (view) => { (view.instrument as { tick: string }).tick = '1000' }],
  ['promises an answer', async () => ({ proposals: [good] })],
]

describe.each(hostile)('a strategy that %s', (_name, decide) => {
  test('stops nothing but itself: a person is told once, it is asked ever more seldom, and nothing is begun', async () => {
    const { world, asked, failing } = await desk(decide)
    await world.clock.advance(600_000)
    expect(world.deskState()).toBe('trading')
    expect(world.venue.sent()).toEqual([])
    expect(failing()).toEqual([expect.stringMatching(/^strategy\.failing: the strategy of BTC-USD has failed 3 times in a row and begins nothing: ./)])
    expect(asked.length).toBeGreaterThan(9)
    expect(asked.length).toBeLessThan(20)
    expect(world.desk.instruments.get('BTC-USD')?.tick).toBe('0.01')
    expect(differences(world)).toEqual([])
  })
})

test('a strategy that decides again is asked as before, and the alert has an end', async () => {
  const { world, failing } = await desk((view, asked) => {
    if (asked <= 5) throw new Error('no such luck')
    return view.pairs.length === 0 ? { proposals: [good] } : {}
  })
  await world.until(() => world.venue.working().length === 1, 120_000)
  await world.clock.advance(2_000)
  expect(failing()).toEqual([expect.stringContaining('strategy.failing: ') as string, 'end of strategy.failing'])
  expect(world.desk.troubles).toEqual([])
})

test('what a strategy began before it failed is covered and sold all the same', async () => {
  const { world } = await desk((_view, asked) => {
    if (asked > 1) throw new Error('no such luck')
    return { proposals: [good] }
  })
  await world.until(() => world.venue.working().length === 1)
  world.venue.moveTo('59890')
  await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
  world.venue.moveTo('60100')
  await world.until(() => world.pairRows().some(({ state }) => state === 'closed'))
  expect(world.desk.troubles).toMatchObject([{ instrument: 'BTC-USD', detail: 'no such luck' }])
  expect(whyOf(world.desk, 10_000)?.instruments[0]).toMatchObject({ entries: false, because: [expect.stringMatching(/^its strategy has failed \d+ times in a row: no such luck$/)] })
  expect(differences(world)).toEqual([])
})

test('a strategy that wants ever more is held to its budget, and the log says what was left out', async () => {
  const { world } = await desk(() => ({ proposals: [{ ...good, quantity: '0.0015' }, { ...good, price: '59800', quantity: '0.0015' }, { ...good, price: '59700', quantity: '0.0015' }, { ...good, price: '59600', quantity: '0.0015' }, { ...good, price: '59500', quantity: '0.0015' }] }))
  await world.clock.advance(120_000)
  expect(world.venue.working().length).toBe(4)
  expect(world.desk.view.exposure()).toBe('358.5')
  expect(world.log.lines.filter(({ event }) => event === 'strategy.leftOut').length).toBeGreaterThan(0)
})

test('the ladder behind the check decides as it does without it', async () => {
  const strategy = checked(ladder(rungs), { name: 'ladder', budget: rungs.budget })
  const [plain, behind] = [new DeskWorld({}, 'same'), new DeskWorld({ strategy }, 'same')]
  for (const world of [plain, behind]) {
    await world.start()
    for (const bid of ['59930', '60100', '60400', '59800', '60200']) {
      world.venue.moveTo(bid)
      await world.clock.advance(5_000)
    }
  }
  expect(behind.venue.sent()).toEqual(plain.venue.sent())
})

test('the bids of the past are noted at even distances, until the desk stops', async () => {
  const seen: (readonly string[])[] = []
  const own: OwnStrategy = { decide: ({ bids }) => { seen.push(bids); return {} } }
  const world = new DeskWorld({ strategy: checked(own, { name: 'own', budget: money('400') }), sampleEveryMs: 10_000 })
  await world.start()
  for (const bid of ['60001', '60002', '60003']) {
    world.venue.moveTo(bid)
    await world.clock.advance(10_000)
  }
  await world.clock.advance(5_000)
  expect(seen[0]).toEqual([])
  expect(seen.at(-1)).toEqual(['60001', '60002', '60003'])
  await world.during(world.desk.stop('done', 1_000))
  await world.clock.advance(60_000)
  expect(seen.at(-1)).toHaveLength(3)
})
