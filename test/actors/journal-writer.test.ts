/** The journal writer (src/actors/journal-writer.ts, W1 to W3). */
import { describe, expect, test } from 'vitest'
import { JournalWriter, type WriteOutcome } from '../../src/actors/journal-writer.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { CommitOutcome } from '../../src/ports/journal.ts'
import { ManualClock, recordingLog, settle } from '../support/clock.ts'
import { batchOf } from '../support/records.ts'

interface Script {
  readonly commits: CommitOutcome[]
  readonly reconnects: (boolean | 'away')[]
  readonly found: boolean[]
}
const inDoubt = { kind: 'inDoubt', detail: 'gone' } as const
const committed = { kind: 'committed' } as const

const write = (script: Script) => {
  const clock = new ManualClock()
  const calls: string[] = []
  const writer = new JournalWriter({
    failpoints: noFailpoints,
    journal: {
      commit: async (batch) => {
        calls.push(`commit ${batch.id}`)
        return script.commits.shift() ?? inDoubt
      },
      reconnect: async () => {
        calls.push('reconnect')
        const next = script.reconnects.shift() ?? 'away'
        if (next === 'away') throw new Error('connection refused')
        return next
      },
      wasCommitted: async (id) => {
        calls.push(`was ${id}`)
        return script.found.shift() ?? false
      },
    },
    clock,
    log: recordingLog(),
    policy: { lostAfterMs: 5_000, againMs: 100, againMaxMs: 1_000 },
  })
  const result: { outcome?: WriteOutcome } = {}
  void writer.write(batchOf('1-1')).then((outcome) => { result.outcome = outcome })
  return { clock, calls, writer, result }
}

describe('a batch', () => {
  test('that is committed or refused is that, at once', async () => {
    const refused = { kind: 'refused', rule: 'cover', detail: 'x' } as const
    for (const outcome of [committed, refused]) {
      const { result, calls } = write({ commits: [outcome], reconnects: [], found: [] })
      await settle()
      expect([result.outcome, calls]).toEqual([outcome, ['commit 1-1']])
    }
  })

  test('in doubt is asked about, and not written again when it is there (W1)', async () => {
    const { result, calls } = write({ commits: [inDoubt], reconnects: [true], found: [true] })
    await settle()
    expect([result.outcome, calls]).toEqual([committed, ['commit 1-1', 'reconnect', 'was 1-1']])
  })

  test('in doubt and absent is written again, the second time after a pause (W1)', async () => {
    const { clock, result, calls } = write({ commits: [inDoubt, inDoubt, committed], reconnects: [true, true], found: [false, false] })
    await settle()
    expect([result.outcome, calls.length]).toEqual([undefined, 6])
    await clock.advance(1_000)
    expect([result.outcome, calls]).toEqual([committed, ['commit 1-1', 'reconnect', 'was 1-1', 'commit 1-1', 'reconnect', 'was 1-1', 'commit 1-1']])
  })

  test('that a reachable store does not take is given up past the bound, and asked for at a growing pause (W2, DB-09)', async () => {
    const many = 1_000
    const { clock, result, calls } = write({ commits: Array.from({ length: many }, () => inDoubt), reconnects: Array.from({ length: many }, () => true), found: Array.from({ length: many }, () => false) })
    await clock.advance(60_000)
    expect(result.outcome).toEqual({ kind: 'over', end: 'journalLost' })
    expect(calls.filter((call) => call.startsWith('commit')).length).toBeLessThan(60)
  })

  test('of a lost lease ends the writer, at the commit and at the return (W3)', async () => {
    const first = write({ commits: [{ kind: 'epochLost' }], reconnects: [], found: [] })
    const second = write({ commits: [inDoubt], reconnects: [false], found: [true] })
    await settle()
    expect([first.result.outcome, second.result.outcome]).toEqual([{ kind: 'over', end: 'epochLost' }, { kind: 'over', end: 'epochLost' }])
    expect(second.calls).toEqual(['commit 1-1', 'reconnect'])
  })
})

describe('a store that is away', () => {
  test('is tried again with a growing pause, and says since when', async () => {
    const { clock, calls, writer, result } = write({ commits: [inDoubt], reconnects: ['away', 'away', 'away', true], found: [true] })
    const since = clock.monotonic()
    await settle()
    expect(writer.awaySince).toBe(since)
    const tries = () => calls.filter((call) => call === 'reconnect').length
    const seen: number[] = []
    for (const ms of [99, 1, 199, 1, 399, 1]) {
      await clock.advance(ms)
      seen.push(tries())
    }
    expect(seen).toEqual([1, 2, 2, 3, 3, 4])
    expect([result.outcome, writer.awaySince]).toEqual([committed, undefined])
  })

  test('for longer than the bound ends the writer, not before (W2)', async () => {
    const { clock, result, writer } = write({ commits: [inDoubt], reconnects: [], found: [] })
    await clock.advance(5_000)
    expect(result.outcome).toBeUndefined()
    await clock.advance(1_000)
    expect(result.outcome).toEqual({ kind: 'over', end: 'journalLost' })
    expect(writer.awaySince).toBeDefined()
  })
})
