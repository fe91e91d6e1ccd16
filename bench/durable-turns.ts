/** Durable turns a second, through machines, rows and commits, against the same number of rows by bare inserts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { ActorDirectory } from '../src/actors/actor-directory.ts'
import { defaultTuning } from '../src/actors/desk-options.ts'
import { RowReader } from '../src/actors/row-reader.ts'
import { JournalWriter } from '../src/actors/journal-writer.ts'
import { TurnLoop } from '../src/actors/turn-loop.ts'
import { openEmbeddedPostgres } from '../src/adapters/embedded-postgres/embedded-postgres.ts'
import { PostgresJournal } from '../src/adapters/postgres/postgres-journal.ts'
import { systemClock } from '../src/adapters/system/system-clock.ts'
import { money, price, quantity, rate } from '../src/domain/decimal.ts'
import { formatPairId } from '../src/domain/client-order-id.ts'
import { noFailpoints } from '../src/ports/failpoints.ts'
import type { Log } from '../src/ports/log.ts'
import type { Figure } from './figure.ts'

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

const instrument = { id: 'BTC-USD', base: 'BTC', quote: 'USD', tick: price('0.01'), step: quantity('0.00000001'), minQuantity: quantity('0.00000001'), maxQuantity: quantity('3400'), minNotional: money('1'), status: 'online' } as const

const pairInput = (pairId: string) => ({
  pairId,
  install: 'be00',
  instrument,
  strategy: 'bench',
  buy: { quantity: quantity('0.001'), price: price('60000'), postOnly: true },
  target: { kind: 'rate', rate: rate('0.0003') },
  sellFee: rate('0'),
  sellPostOnly: true,
  policy: defaultTuning.pairs,
})

const fill = (pairId: string, side: 'buy' | 'sell') => ({
  tradeId: `${pairId}-${side}`,
  venueOrderId: `v-${pairId}-${side}`,
  instrument: 'BTC-USD',
  side,
  quantity: '0.001',
  price: side === 'buy' ? '60000' : '60018',
  fee: '0',
  feeAsset: 'USD',
  liquidity: 'maker',
  at: 1,
})

const life = async (loop: TurnLoop, pairId: string): Promise<void> => {
  const tell = (order: string, event: object) => loop.ask({ to: `order/ndbe00-${order}`, event: event as never })
  await loop.ask({ to: `trade-pair/${pairId}`, create: pairInput(pairId), event: { type: 'proposed' } })
  for (const [suffix, side] of [['b1', 'buy'], ['s1', 'sell']] as const) {
    await tell(`${pairId}-${suffix}`, { type: 'accepted', venueOrderId: `v-${pairId}-${side}` })
    await tell(`${pairId}-${suffix}`, { type: 'fillsListed', fills: [fill(pairId, side)] })
  }
}

const turnsALife = 5
/** Rows that one life leaves: events, order and pair versions, fills, a lot. */
const rowsALife = 10

const bareInserts = async (client: Client, lives: number): Promise<number> => {
  await client.query('CREATE TABLE bare (id bigserial PRIMARY KEY, body jsonb NOT NULL)')
  const body = JSON.stringify(pairInput('01JD5MZX8K4T7WQ2AB'))
  const batch = 64
  const start = performance.now()
  for (let done = 0; done < lives; done += batch) {
    await client.query('INSERT INTO bare (body) SELECT $1::jsonb FROM generate_series(1, $2)', [body, batch * rowsALife])
  }
  return (lives * rowsALife * 1_000) / (performance.now() - start)
}

export const durableTurns = async (quick: boolean): Promise<readonly Figure[]> => {
  const lives = quick ? 300 : 5_000
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nightdesk-bench-'))
  const server = await openEmbeddedPostgres({
    dataDir,
    host: { platform: process.platform, arch: process.arch, uid: process.getuid?.(), pid: process.pid, env: process.env },
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })
  try {
    const journal = await PostgresJournal.open(async () => server.connection, 'bench', noFailpoints)
    const taken = await journal.takeLease({ environment: 'sandbox', venue: 'bench', account: 'bench' }, 'be00')
    if (taken.kind !== 'taken') throw new Error('the bench did not get its own store')
    const reader = new RowReader(journal, silent)
    const loop = new TurnLoop({
      directory: new ActorDirectory({ actor: (address) => reader.read(address), deadlineNames: () => [] }, 10_000),
      writer: new JournalWriter({ journal, clock: systemClock, log: silent, policy: defaultTuning.writer, failpoints: noFailpoints }),
      rules: { venue: 'bench', orderPolicy: { answerWithinMs: 4_000, absentAfterMs: 5_250, apartMs: 500, lookUpMs: 500, lookUpMaxMs: 5_000, flagAfterMs: 40_000, cancelAgainMs: 3_000 }, judge: (order) => ({ order }), count: () => undefined, consequences: () => [],
        claimTime: () => systemClock.now(), baseOf: () => 'BTC' },
      clock: systemClock,
      log: silent,
      bounds: defaultTuning.loop,
      epoch: taken.lease.epoch,
      lastPosition: taken.lease.lastPosition,
      fold: () => undefined,
      perform: () => undefined,
      setAside: () => undefined,
      pairOfOrder: () => undefined,
      over: (end) => { throw new Error(`the loop ended: ${end}`) },
    })
    const start = performance.now()
    const ids = Array.from({ length: lives }, (_, index) => formatPairId(index + 1, Array.from({ length: 8 }, () => 0)))
    for (let first = 0; first < lives; first += 500) await Promise.all(ids.slice(first, first + 500).map((pairId) => life(loop, pairId)))
    const perSecond = (lives * turnsALife * 1_000) / (performance.now() - start)
    await loop.close()
    const client = new Client(server.connection)
    await client.connect()
    const { rows } = await client.query<{ closed: string }>(`SELECT count(*) AS closed FROM trade_pairs WHERE state = 'closed'`)
    if (Number(rows[0]?.closed) !== lives) throw new Error(`${rows[0]?.closed} of ${lives} lives came to their end`)
    const bare = await bareInserts(client, lives)
    await client.end()
    await journal.close()
    return [
      {
        measure: 'durable turns a second, whole order lives',
        figure: `${Math.round(perSecond)} turns/s, ${Math.round(perSecond / turnsALife)} lives/s`,
        against: `bare inserts: ${Math.round(bare)} rows/s`,
        ratio: (perSecond / turnsALife) * rowsALife / bare,
      },
    ]
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
