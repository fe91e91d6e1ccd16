/**
 * The database dies, restarts, falls silent or is slow, at the worst moments of a commit: the desk itself goes on, and
 * nothing is sent that is not durable (DB-06, DB-07, DB-12).
 */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readLedger } from '../../src/app/books.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { until, type Running } from '../support/program.ts'
import { playOn } from '../support/scene.ts'
import { clean, Stand, standsAt } from '../support/stand.ts'

/** It trades on, both books agree, nobody is held, and it is still the same process. */
const goesOn = async (stand: Stand, desk: Running): Promise<void> => {
  await stand.trades()
  expect(await stand.audit(), desk.complaints().slice(-3_000)).toEqual(clean)
  expect(await stand.pairs('held')).toEqual([])
  expect(await stand.falseAbsences()).toEqual([])
  expect(desk.child.exitCode ?? desk.child.signalCode).toBeNull()
}

describe('in the middle of a transaction', { timeout: 90_000 }, () => {
  test.each(['SIGKILL', 'SIGINT'] as const)('the embedded server ends by %s: it is started again, and the batch is written again', async (signal) => {
    const stand = await Stand.open({ seed: signal })
    try {
      const desk = await stand.desk({ NIGHTDESK_FAILPOINTS: 'commit.begin=freeze@40' })
      await standsAt(desk, 'commit.begin')
      await stand.endDatabase(signal)
      desk.child.kill('SIGCONT')
      await goesOn(stand, desk)
      expect(desk.complaints()).toContain('journal.inDoubt')
    } finally {
      await stand.close()
    }
  })
})

describe('a database of the operator\'s own', { timeout: 90_000 }, () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  const batches = 'SELECT count(*)::int AS count FROM batches'

  test('the answer to a COMMIT is lost: the batch is found and not written again', () =>
    playOn(server, 'committed', async ({ stand, proxy, through, query }) => {
      const desk = through({ NIGHTDESK_FAILPOINTS: 'commit.begin=freeze@40' })
      await standsAt(desk, 'commit.begin')
      const [before] = await query(batches)
      proxy.loseAnswers()
      desk.child.kill('SIGCONT')
      await until(() => query(batches), ([now]) => Number(now?.['count']) === Number(before?.['count']) + 1)
      proxy.heal()
      await goesOn(stand, desk)
      expect(desk.complaints()).toContain('journal.inDoubt')
      expect(desk.complaints()).not.toContain('turn.startedOver')
    }))

  test('the connection is lost before the COMMIT: the batch is absent, and written again', () =>
    playOn(server, 'absent', async ({ stand, proxy, through }) => {
      const desk = through({ NIGHTDESK_FAILPOINTS: 'commit.begin=freeze@40' })
      await standsAt(desk, 'commit.begin')
      proxy.goSilent()
      proxy.heal()
      desk.child.kill('SIGCONT')
      await goesOn(stand, desk)
      expect(desk.complaints()).toContain('journal.inDoubt')
      expect(desk.complaints()).not.toContain('turn.startedOver')
    }))

  test('the session is ended while the batch is being written: nothing of it is there, and it is written again (DB-06)', () =>
    playOn(server, 'ended', async ({ stand, through, query, direct }) => {
      const desk = through({})
      await desk.firstLine
      const session = new Client({ connectionString: direct })
      await session.connect()
      try {
        await session.query('BEGIN; LOCK TABLE journal IN EXCLUSIVE MODE')
        // Its orders and pairs are written, in a transaction that waits for the journal.
        await until(() => query("SELECT count(pg_terminate_backend(pid))::int AS count FROM pg_locks WHERE relation = 'journal'::regclass AND NOT granted"), ([row]) => Number(row?.['count']) > 0)
      } finally {
        await session.end()
      }
      await goesOn(stand, desk)
      expect(desk.complaints()).toContain('journal.inDoubt')
      expect(desk.complaints()).not.toContain('turn.startedOver')
    }))

  test('commits take longer than a claim may wait: the claims are withdrawn, and not sent late (DB-12)', () =>
    playOn(server, 'slow', async ({ stand, through, query, direct }) => {
      const desk = through({ NIGHTDESK_FAILPOINTS: 'start.restored=freeze@1' })
      await standsAt(desk, 'start.restored')
      const session = new Client({ connectionString: direct })
      await session.connect()
      try {
        await session.query('BEGIN; LOCK TABLE orders IN EXCLUSIVE MODE')
        desk.child.kill('SIGCONT')
        // The first rungs are claimed while no order's row can be written.
        await until(() => query("SELECT count(*)::int AS count FROM pg_locks WHERE relation = 'orders'::regclass AND NOT granted"), ([row]) => Number(row?.['count']) > 0)
        await new Promise((resolve) => setTimeout(resolve, 3_000))
      } finally {
        await session.end()
      }
      const withdrawn = () => [...desk.complaints().matchAll(/"order":"([^"]+)","reason":"the claim was (\d+) ms old/g)].map(([, order, ageMs]) => ({ order, ageMs: Number(ageMs) }))
      await until(async () => withdrawn(), (all) => all.length > 0)
      await goesOn(stand, desk)
      const written = new Set((await readLedger(stand.exchange.control)).orders.map((order) => order.clientOrderId))
      expect(withdrawn().filter(({ order, ageMs }) => ageMs < 1_000 || written.has(order ?? ''))).toEqual([])
    }))
})
