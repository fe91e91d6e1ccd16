/** A whole desk that cannot tell: it trades on paper, is stopped, and goes on where it was. */
import { expect, test } from 'vitest'
import { Desk } from '../../src/actors/desk.ts'
import { MemoryJournal, MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import { ladder } from '../../src/strategies/ladder.ts'
import { limits, rungs, tuning } from '../support/desk.ts'
import { got, scene, type Scene } from './support.ts'

/** The market swings by 0.6 % every forty seconds, and trades at its touches. */
const swing = async ({ market, clock }: Scene, seconds: number, holds: () => boolean = () => true): Promise<void> => {
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    const middle = 100 + 0.3 * Math.sin((clock.now() / 40_000) * 2 * Math.PI)
    const [bid, ask] = [(middle - 0.005).toFixed(2), (middle + 0.015).toFixed(2)]
    market.show([[bid, '3'], [(Number(bid) - 0.01).toFixed(2), '3']], [[ask, '3'], [(Number(ask) + 0.01).toFixed(2), '3']])
    market.quote(bid, ask)
    market.trade('sell', bid, '2')
    market.trade('buy', ask, '2')
    await clock.advance(100)
    if (!holds()) return
  }
}

const begin = async (stage: Scene, store: MemoryStore): Promise<Desk> => {
  const chance = seededRandom(`desk/${store.starts}`)
  const starting = Desk.start({
    environment: 'sandbox',
    venue: stage.venue,
    journal: new MemoryJournal(store),
    clock: stage.clock,
    random: { fraction: () => chance.uniform(), below: (bound) => chance.below(bound) },
    log: stage.log,
    failpoints: noFailpoints,
    instruments: [{ id: 'BTC-USD', strategy: ladder(rungs), adoptedTarget: rungs.target }],
    foreignOrders: 'report',
    disk: { free: async () => ({ bytes: 1e12, share: 0.9 }) },
    limits,
    tuning,
  })
  let open = true
  const started = starting.finally(() => { open = false })
  await swing(stage, 60, () => open)
  return started
}

/** What the rows booked, and what the paper ledger says. */
const books = async ({ venue }: Scene, store: MemoryStore): Promise<readonly (readonly string[])[]> => {
  const told = got(await venue.fillsSince(0)).fills.map(({ tradeId, quantity, price, fee }) => `${tradeId} ${quantity} ${price} ${fee}`)
  const booked = [...store.tables.fills.values()].map(({ fill: { tradeId, quantity, price, fee } }) => `${tradeId} ${quantity} ${price} ${fee}`)
  return [told.toSorted(), booked.toSorted()]
}

test('it closes pairs, every fill is booked once, and a new process takes over orders and money as they are', { timeout: 60_000 }, async () => {
  const store = new MemoryStore()
  const first = scene({ fees: { maker: '0' as never, taker: '0.0005' as never, feeIn: 'quote' } })
  first.hearing.close()
  const desk = await begin(first, store)
  await swing(first, 120)
  const stopping = desk.stop('test', 5_000)
  await swing(first, 6)
  await stopping
  const closed = (): number => [...store.tables.actors.values()].filter(({ state, kind }) => kind === 'trade-pair' && state === 'closed').length
  const closedByFirst = closed()
  expect(closedByFirst).toBeGreaterThan(0)
  expect(got(await first.venue.workingOrders()).orders.length).toBeGreaterThan(0)

  const second = first.another()
  second.hearing.close()
  const next = await begin(second, store)
  await swing(second, 120)
  expect(closed()).toBeGreaterThan(closedByFirst)
  const [told, booked] = await books(second, store)
  expect(booked).toEqual(told)
  expect(store.tables.quarantine).toEqual([])
  const ending = next.stop('test', 5_000)
  await swing(second, 6)
  await ending
})
