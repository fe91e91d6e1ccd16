/** A list is whole or failed, whichever way an exchange pages it. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wholeList, type AskPage, type PageWish } from '../../src/adapters/ccxt/pages.ts'
import { failed, ok } from '../../src/domain/failure.ts'

interface Row {
  readonly id: string
  readonly timestamp: number
}

const rowsAt = (times: readonly number[]): readonly Row[] => times.map((timestamp, index) => ({ id: `r${index}`, timestamp })).toSorted((a, b) => a.timestamp - b.timestamp)
const hourMs = 3_600_000

interface Exchange {
  readonly order: 'oldestFirst' | 'newestFirst'
  /** The longest page it gives, whatever is asked for. */
  readonly cap: number
  readonly heedsUntil?: boolean
}

/** Answers as ccxt does: from `since` on, up to `until`, sorted by time. */
const asking = (rows: readonly Row[], { order, cap, heedsUntil = true }: Exchange) => {
  const wishes: PageWish[] = []
  const ask: AskPage = async (wish) => {
    wishes.push(wish)
    const fitting = rows.filter(({ timestamp }) => timestamp >= wish.since && (!heedsUntil || wish.until === undefined || timestamp <= wish.until))
    const size = Math.min(cap, wish.limit)
    return ok(order === 'oldestFirst' ? fitting.slice(0, size) : fitting.slice(-size))
  }
  return { ask, wishes }
}
const idsOf = (rows: readonly unknown[]): readonly string[] => [...new Set(rows.map((row) => (row as Row).id))].sort()

describe('a list', () => {
  test.each(['oldestFirst', 'newestFirst'] as const)('that is told %s is read whole, whatever its length and gaps', async (order) => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 60 * hourMs }), { maxLength: 400 }), fc.constantFrom(20, 50, 100), fc.constantFrom(undefined, 100, 1_000), async (times, cap, known) => {
        const rows = rowsAt(times)
        const { ask } = asking(rows, { order, cap: known === undefined ? cap : 100 })
        const read = await wholeList(ask, 0, known)
        expect(read.ok && idsOf(read.value)).toEqual(idsOf(rows))
      }),
      { numRuns: 60 },
    )
  })

  test('that is short costs one request', async () => {
    const { ask, wishes } = asking(rowsAt([1, 2, 3]), { order: 'newestFirst', cap: 100 })
    expect((await wholeList(ask, 0, undefined)).ok).toBe(true)
    expect(wishes).toEqual([{ since: 0, limit: 100 }])
  })

  test.each<[string, readonly number[], Exchange, RegExp]>([
    ['whose end is not heeded', Array.from({ length: 90 }, (_, index) => index + 1), { order: 'newestFirst', cap: 30, heedsUntil: false }, /does not heed its end/],
    ['with more rows of one time than fit into a page', Array.from({ length: 90 }, () => 5), { order: 'oldestFirst', cap: 30 }, /same time/],
    ['told newest first with more rows of one time than fit into a page', [...Array.from({ length: 90 }, () => 5), 6], { order: 'newestFirst', cap: 30 }, /same time/],
    ['that is longer than the bound', Array.from({ length: 2_000 }, (_, index) => index + 1), { order: 'oldestFirst', cap: 20 }, /more than 60 pages/],
  ])('%s is a failure', async (_what, times, exchange, why) => {
    const read = await wholeList(asking(rowsAt(times), exchange).ask, 0, undefined)
    expect(read).toMatchObject({ ok: false, failure: { kind: 'malformed', detail: expect.stringMatching(why) as string } })
  })

  test('with a page that could not be read is a failure', async () => {
    let pages = 0
    const { ask } = asking(rowsAt(Array.from({ length: 60 }, (_, index) => index + 1)), { order: 'oldestFirst', cap: 25 })
    const read = await wholeList(async (wish) => (++pages === 2 ? failed({ kind: 'network', detail: 'gone' }) : ask(wish)), 0, undefined)
    expect(read).toMatchObject({ ok: false, failure: { kind: 'network' } })
  })

  test('that is long and has rows without a time or an id is a failure', async () => {
    const rows = Array.from({ length: 25 }, (_, index) => ({ id: `r${index}` }))
    expect(await wholeList(async () => ok(rows), 0, undefined)).toMatchObject({ ok: false })
  })
})
