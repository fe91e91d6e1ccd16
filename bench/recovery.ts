/**
 * Recovery: from the first step of a start on the rows of a desk that was killed with 100, 10,000 and 100,000 open pairs to
 * "restored and reconciled", against reading the same rows from the same server and parsing them.
 *
 * Fair: the venue answers at once, so that what is timed is the desk's own: lease, rows, machines, a listing of as many orders
 * compared one by one, fills and balances. The yardstick reads every unfinished row, snapshot included, over a connection
 * that is open already. What a process takes to start is the measure `start`.
 */
import { Client } from 'pg'
import { startPostgres } from '../test/support/postgres.ts'
import { insist, median, type Figure, type Measure, type Scale } from './figure.ts'
import { restPairs, startDesk } from './support/resting-pairs.ts'

const sizes: Readonly<Record<Scale, readonly number[]>> = { tiny: [3], quick: [100, 3_000], full: [100, 10_000, 100_000] }
const rounds: Readonly<Record<Scale, number>> = { tiny: 1, quick: 3, full: 3 }

type Address = Awaited<ReturnType<Awaited<ReturnType<typeof startPostgres>>['database']>>

const readRows = async (address: Address, pairs: number): Promise<number> => {
  const client = new Client(address)
  await client.connect()
  const began = performance.now()
  const orders = await client.query('SELECT * FROM orders WHERE NOT finished')
  const found = await client.query('SELECT * FROM trade_pairs WHERE NOT finished')
  const tookMs = performance.now() - began
  await client.end()
  insist(orders.rows.length === pairs && found.rows.length === pairs, `${found.rows.length} pairs were read of ${pairs}`)
  return tookMs
}

/** Both, by turns. */
const recoverFrom = async (address: Address, pairs: number, times: number): Promise<{ readonly desk: number; readonly rows: number }> => {
  const desk: number[] = []
  const rows: number[] = []
  for (let round = 0; round < times; round++) {
    rows.push(await readRows(address, pairs))
    const started = await startDesk(address, pairs)
    desk.push(started.startedInMs)
    await started.stop()
  }
  return { desk: median(desk), rows: median(rows) }
}

const recovery = async (scale: Scale): Promise<readonly Figure[]> => {
  const server = await startPostgres()
  const figures: Figure[] = []
  try {
    for (const pairs of sizes[scale]) {
      const address = await server.database()
      await restPairs(address, pairs)
      const { desk, rows } = await recoverFrom(address, pairs, rounds[scale])
      figures.push({ measure: `recovery with ${pairs.toLocaleString('en')} open pairs`, value: desk, unit: 'ms', against: { what: 'ms to read the rows', value: rows }, aim: { atMost: 5 } })
    }
    return figures
  } finally {
    await server.stop()
  }
}

export const recoveryMeasure: Measure = { name: 'recovery', about: 'from the rows of a killed desk to trading, against reading the same rows', aloneAt: [], run: recovery }
