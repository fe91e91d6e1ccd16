/**
 * Durable turns: whole order lives through machines, turn loop and commits, against the same rows, batch by batch, by bare
 * inserts on the same server.
 *
 * Fair: the bare side gets what the desk's last rows were, as finished values; it decides nothing, checks nothing, and its
 * tables have no constraint but a primary key. It commits as often and as durably.
 */
import { Client } from 'pg'
import type { Batch, Journal } from '../src/ports/journal.ts'
import { PostgresJournal } from '../src/adapters/postgres/postgres-journal.ts'
import { noFailpoints } from '../src/ports/failpoints.ts'
import { startPostgres, type TestServer } from '../test/support/postgres.ts'
import { insist, type Figure, type Measure, type Scale } from './figure.ts'
import { BareTables } from './support/bare-tables.ts'
import { install, liveAll, loopOn, stamp, turnsALife } from './support/order-lives.ts'

const lives: Readonly<Record<Scale, number>> = { tiny: 3, quick: 1_000, full: 8_000 }
/** Lives before the clock runs: the compiler and the server's caches are warm in any desk that has run for a minute. */
const warmUp: Readonly<Record<Scale, number>> = { tiny: 1, quick: 300, full: 1_000 }

const recording = (journal: Journal, batches: Batch[]): Journal =>
  new Proxy(journal, {
    get: (target, name: keyof Journal) => {
      if (name === 'commit') return (batch: Batch) => { batches.push(batch); return target.commit(batch) }
      return (target[name] as (...args: unknown[]) => unknown).bind(target)
    },
  })

interface Lived {
  readonly perSecond: number
  readonly batches: readonly Batch[]
}

const liveOn = async (server: TestServer, scale: Scale): Promise<Lived> => {
  const address = await server.database()
  const batches: Batch[] = []
  const journal = await PostgresJournal.open(async () => address, 'bench', noFailpoints)
  const taken = await journal.takeLease(stamp, install)
  insist(taken.kind === 'taken', 'the bench did not get its own store')
  if (taken.kind !== 'taken') return { perSecond: Number.NaN, batches }
  const loop = loopOn(recording(journal, batches), taken.lease)
  await liveAll(loop, { from: 0, lives: warmUp[scale] })
  batches.length = 0
  const start = performance.now()
  await liveAll(loop, { from: warmUp[scale], lives: lives[scale] })
  const perSecond = (lives[scale] * turnsALife * 1_000) / (performance.now() - start)
  await loop.close()
  await journal.close()
  await insistOnEnds(address, warmUp[scale] + lives[scale])
  return { perSecond, batches }
}

const insistOnEnds = async (address: Awaited<ReturnType<TestServer['database']>>, expected: number): Promise<void> => {
  const client = new Client(address)
  await client.connect()
  const { rows } = await client.query<{ closed: string }>(`SELECT count(*) AS closed FROM trade_pairs WHERE state = 'closed'`)
  await client.end()
  insist(Number(rows[0]?.closed) === expected, `${rows[0]?.closed} of ${expected} lives came to their end`)
}

/** Turns a second at which bare inserts write the same. */
const bare = async (server: TestServer, batches: readonly Batch[]): Promise<number> => {
  const tables = await BareTables.open(await server.database())
  const turns = batches.reduce((sum, batch) => sum + batch.turns.length, 0)
  const prepared = batches.map((batch) => tables.prepare(batch))
  const start = performance.now()
  for (const statements of prepared) await tables.insert(statements)
  const perSecond = (turns * 1_000) / (performance.now() - start)
  await tables.close()
  return perSecond
}

const durableTurns = async (scale: Scale): Promise<readonly Figure[]> => {
  const server = await startPostgres()
  try {
    const { perSecond, batches } = await liveOn(server, scale)
    const value = await bare(server, batches)
    return [
      { measure: 'durable turns, whole order lives', value: perSecond, unit: 'turns/s', against: { what: 'turns/s of rows, bare inserts', value }, aim: { atLeast: 0.5 } },
      { measure: 'order lives', value: perSecond / turnsALife, unit: 'lives/s' },
    ]
  } finally {
    await server.stop()
  }
}

export const durableTurnsMeasure: Measure = { name: 'durable-turns', about: 'order lives through journal, rows and effects, against bare inserts of the same rows', aloneAt: [], run: durableTurns }
