/**
 * Frozen processes, half-open connections and lost leases: the desk stops in mid-step and does not know it, its database
 * session is taken from it without a word, a successor takes over, proves absence and trades; then the sleeper wakes.
 * Random kills never meet this.
 *
 * NIGHTDESK_KILL_ROUNDS above 1 lets every moment also wake up with its connection still half open.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Failpoint } from '../../src/ports/failpoints.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { until, type Ended, type Running } from '../support/program.ts'
import { playOn, type Scene } from '../support/scene.ts'
import { clean, Stand, standsAt } from '../support/stand.ts'

const thorough = Number(process.env['NIGHTDESK_KILL_ROUNDS'] ?? '1') > 1

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const play = (seed: string, scene: (scene: Scene) => Promise<void>): Promise<void> => playOn(server, seed, scene)

const within = async (running: Running, ms: number): Promise<Ended | 'still running'> =>
  Promise.race([running.ended, new Promise<'still running'>((resolve) => setTimeout(() => resolve('still running'), ms))])

/** Both books agree, nobody is held, and the desk that has the store is still at work. */
const isWell = async (stand: Stand, point: string): Promise<void> => {
  await stand.trades()
  expect({ point, ...(await stand.audit()) }).toEqual({ point, ...clean })
  expect(await stand.pairs('held')).toEqual([])
  expect(await stand.falseAbsences()).toEqual([])
}

interface Case {
  readonly point: Failpoint
  readonly time: number
  readonly provoke?: (stand: Stand) => Promise<void>
  /** Whether the venue never saw the claim, so that its absence is proven while the desk sleeps. */
  readonly absent?: true
  /** Whether the sleeper still writes that claim when it wakes up: the venue refuses it by its token. */
  readonly writesLate?: true
}

const cases: readonly Case[] = [
  { point: 'send.claimed', time: 13, absent: true },
  { point: 'send.signed', time: 13, absent: true, writesLate: true },
  { point: 'send.answered', time: 12 },
  { point: 'commit.begin', time: 30 },
  { point: 'commit.done', time: 30 },
  { point: 'cancel.claimed', time: 1, provoke: (stand) => stand.push(30) },
]

describe.concurrent('a frozen desk whose successor has taken over', { timeout: 240_000 }, () => {
  const wakes = async ({ point, time, provoke, absent, writesLate }: Case, healed: boolean): Promise<void> =>
    play(`${point} ${healed}`, async ({ stand, proxy, through, successor }) => {
      const sleeper = through({ NIGHTDESK_FAILPOINTS: `${point}=freeze@${time}` })
      await sleeper.firstLine
      await provoke?.(stand)
      await standsAt(sleeper, point)
      proxy.goSilent()
      await successor()
      // The sharpest moment: what the sleeper claimed has just been proven absent, and replaced.
      if (absent) await until(() => stand.reads.actors({ kind: 'order', states: ['absent'], limit: 1_000 }), (orders) => orders.length > 0)
      else await stand.trades(2)
      if (healed) proxy.heal()
      sleeper.child.kill('SIGCONT')
      const ended = await within(sleeper, healed ? 40_000 : 120_000)
      expect(ended, sleeper.complaints().slice(-3_000)).toMatchObject({ code: healed ? 75 : 74, signal: null })
      await isWell(stand, point)
      if (absent) expect((await stand.turnedAway()).length > 0).toBe(writesLate === true)
    })

  test.each(cases)('at $point wakes up, finds that it has been succeeded (75), and nothing it sends counts', (one) => wakes(one, true))

  const silent = thorough ? cases : cases.slice(0, 2)
  test.each(silent)('at $point wakes up to a connection that is half open, gives up (74), and nothing it sends counts', (one) => wakes(one, false))
})

describe('one desk at a time', { timeout: 120_000 }, () => {
  test('of two desks started in the same instant one trades and the other ends (75)', () =>
    play('twins', async ({ stand, direct }) => {
      const twins = [stand.begin({ DATABASE_URL: direct }), stand.begin({ DATABASE_URL: direct })]
      const loser = await Promise.race(twins.map((twin) => twin.ended))
      expect(loser.code).toBe(75)
      await Promise.any(twins.map((twin) => twin.firstLine))
      expect(loser.err).toMatch(/another desk works on this store/)
      await isWell(stand, 'twins')
    }))

  test('of two desks started in the same instant on a new folder one trades; the other ends (75) and leaves it its database', async () => {
    const stand = await Stand.open({ seed: 'twins in a folder' })
    try {
      const twins = [stand.begin(), stand.begin()]
      const loser = await Promise.race(twins.map((twin) => twin.ended))
      expect(loser.code).toBe(75)
      await Promise.any(twins.map((twin) => twin.firstLine))
      await isWell(stand, 'twins in a folder')
      expect(twins.map((twin) => twin.complaints()).join('')).not.toContain('journal.inDoubt')
    } finally {
      await stand.close()
    }
  })

  test('a desk that started the database and was succeeded leaves it to its successor', async () => {
    const stand = await Stand.open({ seed: 'left behind' })
    try {
      const sleeper = await stand.desk({ NIGHTDESK_FAILPOINTS: 'commit.begin=freeze@30' })
      await standsAt(sleeper, 'commit.begin')
      await stand.cutSession()
      const successor = await stand.desk()
      sleeper.child.kill('SIGCONT')
      expect(await within(sleeper, 40_000), sleeper.complaints().slice(-3_000)).toMatchObject({ code: 75, signal: null })
      await isWell(stand, 'left behind')
      expect(successor.complaints()).not.toContain('journal.inDoubt')
    } finally {
      await stand.close()
    }
  })

  test('a lease that is lost while a create is in flight ends the desk (75); its successor finds the order', () =>
    play('lost lease', async ({ stand, proxy, through, successor, terminate }) => {
      const loser = through()
      await loser.firstLine
      await stand.trades()
      await stand.exchange.fault({ name: 'delay', target: 'create', count: 2, durationMs: 1_500 })
      await until(() => stand.exchange.armed('delay'), (left) => left < 2)
      proxy.goSilent()
      await terminate()
      await successor()
      proxy.heal()
      expect(await within(loser, 40_000), loser.complaints().slice(-3_000)).toMatchObject({ code: 75, signal: null })
      await isWell(stand, 'lost lease')
    }))
})
