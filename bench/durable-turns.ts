/**
 * Durable turns: whole order lives through machines, turn loop and commits, against the same rows, batch by batch, by bare
 * inserts on the same server.
 *
 * Fair: both write the same lives by turns, round by round, and the medians are held against each other. The bare side gets what
 * the desk's last rows were, as finished values, and writes them down as its statements need them; it decides nothing, checks
 * nothing, and its tables have no constraint but a primary key. It commits as often and as durably.
 */
import { Client } from 'pg'
import type { Batch, Journal } from '../src/ports/journal.ts'
import { PostgresJournal } from '../src/adapters/postgres/postgres-journal.ts'
import { noFailpoints } from '../src/ports/failpoints.ts'
import { startPostgres, type TestServer } from '../test/support/postgres.ts'
import { BrokenWork, insist, median, type Figure, type Measure, type Scale } from './figure.ts'
import { BareTables } from './support/bare-tables.ts'
import { install, liveAll, loopOn, stamp, turnsALife } from './support/order-lives.ts'

/** A round: whole batches, several in a row. */
const lives: Readonly<Record<Scale, number>> = { tiny: 3, quick: 1_024, full: 2_048 }
const rounds: Readonly<Record<Scale, number>> = { tiny: 1, quick: 3, full: 9 }
/** Lives before the clock runs: the compiler and the server's caches are warm in any desk that has run for a minute. */
const warmUp: Readonly<Record<Scale, number>> = { tiny: 1, quick: 300, full: 1_000 }

const recording = (journal: Journal, batches: Batch[]): Journal =>
  new Proxy(journal, {
    get: (target, name: keyof Journal) => {
      if (name === 'commit') return (batch: Batch) => { batches.push(batch); return target.commit(batch) }
      return (target[name] as (...args: unknown[]) => unknown).bind(target)
    },
  })

interface Times {
  readonly desk: number
  readonly bare: number
}

/** Milliseconds that the same lives took of both, by turns. */
const liveOn = async (server: TestServer, scale: Scale): Promise<Times> => {
  const address = await server.database()
  const batches: Batch[] = []
  const journal = await PostgresJournal.open(async () => address, 'bench', noFailpoints)
  const taken = await journal.takeLease(stamp, install)
  if (taken.kind !== 'taken') throw new BrokenWork('the bench did not get its own store')
  const loop = loopOn(recording(journal, batches), taken.lease)
  const tables = await BareTables.open(await server.database())
  const lived = async (from: number, count: number): Promise<Times> => {
    batches.length = 0
    const desk = await took(() => liveAll(loop, { from, lives: count }))
    const prepared = batches.map((batch) => tables.prepare(batch))
    return { desk, bare: await took(async () => { for (const rows of prepared) await tables.insert(rows) }) }
  }
  await lived(0, warmUp[scale])
  const times: Times[] = []
  for (let round = 0; round < rounds[scale]; round++) times.push(await lived(warmUp[scale] + round * lives[scale], lives[scale]))
  await loop.close()
  await journal.close()
  await tables.close()
  await insistOnEnds(address, warmUp[scale] + rounds[scale] * lives[scale])
  return { desk: median(times.map(({ desk }) => desk)), bare: median(times.map(({ bare }) => bare)) }
}

const took = async (work: () => Promise<void>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const insistOnEnds = async (address: Awaited<ReturnType<TestServer['database']>>, expected: number): Promise<void> => {
  const client = new Client(address)
  await client.connect()
  const { rows } = await client.query<{ closed: string }>(`SELECT count(*) AS closed FROM trade_pairs WHERE state = 'closed'`)
  await client.end()
  insist(Number(rows[0]?.closed) === expected, `${rows[0]?.closed} of ${expected} lives came to their end`)
}

const durableTurns = async (scale: Scale): Promise<readonly Figure[]> => {
  const server = await startPostgres()
  try {
    const { desk, bare } = await liveOn(server, scale)
    const perSecond = (tookMs: number): number => (lives[scale] * turnsALife * 1_000) / tookMs
    return [
      { measure: 'durable turns, whole order lives', value: perSecond(desk), unit: 'turns/s', against: { what: 'turns/s of rows, bare inserts', value: perSecond(bare) }, aim: { atLeast: 0.5 } },
      { measure: 'order lives', value: perSecond(desk) / turnsALife, unit: 'lives/s' },
    ]
  } finally {
    await server.stop()
  }
}

export const durableTurnsMeasure: Measure = { name: 'durable-turns', about: 'order lives through journal, rows and effects, against bare inserts of the same rows', aloneAt: [], run: durableTurns }
