/**
 * The kill matrix (docs/guarantees.md): a real desk is killed by SIGKILL at every named moment, started again, left to
 * trade on, and the sandbox's own ledger is compared with the rows after each death.
 *
 * NIGHTDESK_KILL_ROUNDS repeats the matrix, each time at other times of the same moments.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { failpoints, type Failpoint } from '../../src/ports/failpoints.ts'
import { clean, finish, Stand } from '../support/stand.ts'
import type { Ended, Running } from '../support/program.ts'

const rounds = Number(process.env['NIGHTDESK_KILL_ROUNDS'] ?? '1')

/** One row of the matrix: the moment, at which of its times in each round, and what leads the desk there. */
interface Row {
  readonly point: Failpoint
  readonly times: readonly number[]
  readonly provoke?: (stand: Stand, desk: Running) => Promise<void>
}

/** Creates end in doubt, and no stream tells what became of them. */
const loseAnswers = async ({ exchange }: Stand): Promise<void> => {
  await exchange.fault({ name: 'refuseConnections', target: 'user', durationMs: 4_000 })
  await exchange.fault({ name: 'dropSockets', target: 'user' })
  await exchange.fault({ name: 'loseNextAnswer', target: 'create', count: 2 })
  await exchange.fault({ name: 'loseNextRequest', target: 'create', count: 2 })
}
/** The market runs away upwards, on and on, so that the lowest rungs are wanted no more. */
const runAway = async (stand: Stand, { child }: Running): Promise<void> => {
  for (let step = 0; step < 30 && child.exitCode === null && child.signalCode === null; step++) {
    await stand.push(20)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}
const dropSockets = (stand: Stand): Promise<void> => stand.exchange.fault({ name: 'dropSockets' })
const terminate = async (_stand: Stand, desk: Running): Promise<void> => {
  await desk.firstLine
  desk.child.kill('SIGTERM')
}

const groups: Readonly<Record<string, readonly Row[]>> = {
  'the send path': [
    { point: 'start.migrating', times: [1, 2] },
    { point: 'send.claimed', times: [12, 1, 3, 15, 20] },
    { point: 'send.signed', times: [2, 4, 1, 3, 9] },
    { point: 'send.written', times: [1, 3, 6, 2, 4] },
    { point: 'send.answered', times: [3, 1, 2, 7, 5] },
  ],
  'the book path': [
    { point: 'commit.begin', times: [17, 1, 4, 9, 33] },
    { point: 'commit.sent', times: [15, 2, 1, 7, 26] },
    { point: 'commit.done', times: [13, 3, 2, 1, 29] },
    { point: 'fills.answered', times: [2, 1, 3, 5, 4] },
    { point: 'cancel.claimed', times: [1, 2, 1, 3, 1], provoke: runAway },
    { point: 'cancel.written', times: [2, 1, 3, 1, 2], provoke: runAway },
    { point: 'cancel.answered', times: [1, 3, 2, 1, 2], provoke: runAway },
  ],
  'look-ups, reconciliations, starts and stops': [
    { point: 'lookUp.answered', times: [1, 2, 3, 1, 2], provoke: loseAnswers },
    { point: 'start.leased', times: [1] },
    { point: 'start.restored', times: [1] },
    { point: 'reconciliation.read', times: [1, 2, 3, 1, 2], provoke: dropSockets },
    { point: 'reconciliation.told', times: [2, 1, 1, 3, 1], provoke: dropSockets },
    { point: 'stop.asked', times: [1], provoke: terminate },
    { point: 'stop.drained', times: [1], provoke: terminate },
  ],
}

/** A victim that is not led to its moment is put out of its misery, and the test says so. */
const dies = async (victim: Running): Promise<Pick<Ended, 'signal' | 'err'>> => {
  const late = setTimeout(() => void victim.child.kill('SIGTERM'), 45_000)
  const ended = await victim.ended
  clearTimeout(late)
  return ended
}

const killedAt = new Set<Failpoint>()

describe.each(Array.from({ length: rounds }, (_, round) => round))('round %i', (round) => {
  describe.each(Object.entries(groups))('%s', { concurrent: true }, (name, rows) => {
    test('every death is survived, and both books agree after each (PR-01, DB-17)', { timeout: 300_000 }, async ({ expect: expects }) => {
      const stand = await Stand.open({ seed: `${name} ${round}` })
      try {
        for (const { point, times, provoke } of rows) {
          const time = times[round % times.length] ?? 1
          const victim = stand.begin({ NIGHTDESK_FAILPOINTS: `${point}=kill@${time}` })
          if (provoke !== undefined) await victim.firstLine.then(() => provoke(stand, victim), () => undefined)
          const { signal, err } = await dies(victim)
          expects({ point, signal }, err.slice(-3_000)).toEqual({ point, signal: 'SIGKILL' })
          expects(err).toContain(`failpoint ${point} reached (${time}): kill`)
          killedAt.add(point)
          const successor = await stand.desk()
          await stand.trades()
          expects({ point, ...(await stand.audit()) }, successor.complaints().slice(-3_000)).toEqual({ point, ...clean })
          expects(await stand.pairs('held')).toEqual([])
          expects(await stand.falseAbsences()).toEqual([])
          await finish(successor)
        }
      } finally {
        await stand.close()
      }
    })
  })
})

afterAll(() => {
  expect([...killedAt].toSorted()).toEqual(Object.keys(failpoints).toSorted())
})
