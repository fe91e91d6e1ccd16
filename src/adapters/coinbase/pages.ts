/** Lists that come in pages (coinbase-advanced-trade.md 3). */
import { failed, ok, type Result } from '../../domain/failure.ts'

export interface Page<T> {
  readonly rows: readonly T[]
  /** The cursor of the next page; undefined after the last. */
  readonly next: string | undefined
}

/** Beyond it a list counts as failed, never as complete. */
const mostPages = 400

/**
 * Every row of every page.
 * @param until ends the reading early at the page in which it finds a row
 */
export const allPages = async <T>(readPage: (cursor: string | undefined) => Promise<Result<Page<T>>>, until: (row: T) => boolean = () => false): Promise<Result<readonly T[]>> => {
  const rows: T[] = []
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let count = 0; count < mostPages; count += 1) {
    const page = await readPage(cursor)
    if (!page.ok) return page
    rows.push(...page.value.rows)
    cursor = page.value.next
    if (cursor === undefined || page.value.rows.some(until)) return ok(rows)
    if (seen.has(cursor)) return failed({ kind: 'malformed', detail: 'a list repeats its cursor' })
    seen.add(cursor)
  }
  return failed({ kind: 'malformed', detail: `a list has more than ${mostPages} pages` })
}

interface Flagged {
  readonly has_next?: boolean | undefined
  readonly cursor?: string | undefined
}

/** Where the list says itself whether it goes on; the cursor alone counts where it does not. */
export const pageOf = <T>(rows: readonly T[], { has_next: more, cursor }: Flagged): Result<Page<T>> => {
  if (more === true && cursor === undefined) return failed({ kind: 'malformed', detail: 'a list goes on but has no cursor' })
  return ok({ rows, next: more === false ? undefined : cursor })
}
