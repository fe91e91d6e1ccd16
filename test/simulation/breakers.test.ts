/** The simulated worlds with every breaker on and tight: faults trip them, and every promise is kept with them. */
import { expect, test } from 'vitest'
import { runSeed } from '../../simulation/run-seed.ts'
import { money } from '../../src/domain/decimal.ts'
import type { DeskOptions } from '../../src/actors/desk-options.ts'
import type { BreakerPolicy } from '../../src/machines/breaker/breaker-context.ts'

const tight: readonly BreakerPolicy[] = [
  { kind: 'dailyLoss', maxLoss: money('1') },
  { kind: 'drawdown', maxDrawdown: money('2') },
  { kind: 'consecutiveLosses', losses: 2, pauseMs: 3_000 },
  { kind: 'cooldown', afterLossMs: 2_000, afterExitMs: 200 },
  { kind: 'hourlyOrders', orders: 150 },
  { kind: 'dailyOrders', orders: 200 },
  { kind: 'refusals', refusals: 2, pauseMs: 1_000, pauseMaxMs: 8_000 },
  { kind: 'errorRate', failures: 10, windowMs: 10_000 },
  { kind: 'staleData', staleMs: 3_000 },
  { kind: 'journalLag', commitMs: 1_500 },
]

/** Watches one process: which of its breakers it knows to be tripped, and whether it sends an entry nevertheless. */
class Watch {
  readonly trips = new Set<string>()
  readonly broken: string[] = []
  entries = 0

  over(options: DeskOptions): DeskOptions {
    const { journal, venue, clock } = options
    /** Since when each is known to be tripped; what is in doubt is not known. */
    const tripped = new Map<string, number>()
    const learn = (address: string, state: string): void => {
      if (!address.startsWith('breaker/')) return
      if (!state.startsWith('tripped')) tripped.delete(address)
      else if (!tripped.has(address)) tripped.set(address, clock.monotonic())
      if (state.startsWith('tripped')) this.trips.add(address)
    }
    return {
      ...options,
      breakers: tight,
      journal: {
        ...wired(journal),
        liveRows: async () => {
          const rows = await journal.liveRows()
          for (const { address, state } of rows.actors) learn(address, state)
          return rows
        },
        commit: async (batch) => {
          const outcome = await journal.commit(batch)
          for (const { address, state } of batch.turns.flatMap(({ actors }) => actors)) {
            if (outcome.kind === 'committed') learn(address, state)
            else tripped.delete(address)
          }
          return outcome
        },
      },
      venue: {
        ...wired(venue),
        create: (order) => {
          const { side, instrument } = order.request
          const known = [...tripped].find(([address, since]) => since < clock.monotonic() && (!address.includes(':') || address.endsWith(instrument)))
          if (side === 'buy') this.entries++
          if (side === 'buy' && known !== undefined) this.broken.push(`${order.request.clientOrderId} was sent while ${known[0]} was tripped`)
          return venue.create(order)
        },
      },
    }
  }
}

/** The same object with its methods as values of its own, so that one can be taken over. */
const wired = <T extends object>(of: T): T => {
  const names = new Set([...Object.keys(of), ...Object.getOwnPropertyNames(Object.getPrototypeOf(of))])
  return Object.fromEntries([...names].map((name) => [name, Reflect.get(of, name)]).map(([name, value]) => [name, typeof value === 'function' ? value.bind(of) : value])) as T
}

test.each(Array.from({ length: 4 }, (_, index) => 7_000 + index * 10))('ten seeds from %i on: no promise is broken, and no entry leaves while a breaker is tripped', { timeout: 120_000 }, async (first) => {
  const watch = new Watch()
  for (let seed = first; seed < first + 10; seed++) {
    const { violations } = await runSeed({ seed: String(seed), sabotage: (options) => watch.over(options) })
    expect(violations).toEqual([])
  }
  expect(watch.broken).toEqual([])
  expect([watch.trips.size > 4, watch.entries > 30]).toEqual([true, true])
})
