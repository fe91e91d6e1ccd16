/**
 * A whole list out of pages whose order and length the library does not tell. Exchanges answer oldest first from `since`, or
 * newest first up to `until`; both are walked until nothing new comes.
 *
 * W1  A list is whole or failed: a page that may have been cut off is never the end.
 * W2  A short page is whole: one below its limit where the library knows the longest page, else one below `smallestPage`.
 *     Assumed: no exchange cuts a list off at fewer rows.
 */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Millis } from '../../domain/time.ts'
import { momentIn, nameIn } from './wire.ts'

export interface PageWish {
  readonly since: Millis
  readonly limit: number
  readonly until?: Millis
}

export type AskPage = (wish: PageWish) => Promise<Result<readonly unknown[]>>

const pageRows = 100
const smallestPage = 20
const mostPages = 60
/** Some exchanges take no longer distance of `since` and `until`. */
const longestWindowMs = 86_400_000

type Failed = Extract<Result<never>, { readonly ok: false }>

const broken = (detail: string): Failed => failed({ kind: 'malformed', detail })
const tooLong = broken(`a list has more than ${mostPages} pages`)

/** @param longestPage as the library knows it */
export const wholeList = async (ask: AskPage, since: Millis, longestPage: number | undefined): Promise<Result<readonly unknown[]>> => {
  const limit = Math.min(longestPage ?? pageRows, pageRows)
  const walk = new Walk({ ask, limit, whole: longestPage === undefined ? Math.min(smallestPage, limit) : limit })
  const first = await walk.page({ since, limit })
  if (!first.ok) return first
  if (first.value.isWhole) return ok(walk.rows)
  const trouble = (await walk.forwards()) ?? (await walk.backwards(since))
  return trouble ?? ok(walk.rows)
}

interface Page {
  readonly isWhole: boolean
  /** How many rows were not in an earlier page. */
  readonly fresh: number
}

class Walk {
  readonly #ask: AskPage
  readonly #limit: number
  readonly #whole: number
  readonly #rows: unknown[] = []
  readonly #seen = new Set<string>()
  #earliest = Infinity
  #latest = -Infinity
  #pages = 0

  constructor({ ask, limit, whole }: { readonly ask: AskPage; readonly limit: number; readonly whole: number }) {
    this.#ask = ask
    this.#limit = limit
    this.#whole = whole
  }

  /** In the order in which they came; one that was seen again in a later page is in it again. */
  get rows(): readonly unknown[] {
    return this.#rows
  }

  async page(wish: PageWish): Promise<Result<Page>> {
    this.#pages += 1
    if (this.#pages > mostPages) return tooLong
    const read = await this.#ask(wish)
    if (!read.ok) return read
    const isWhole = read.value.length < this.#whole
    let fresh = 0
    for (const row of read.value) {
      const at = momentIn(row, 'timestamp')
      const id = nameIn(row, 'id')
      if (!isWhole && (at === undefined || id === undefined)) return broken('a long list has rows without a time or an id')
      if (wish.until !== undefined && at !== undefined && at > wish.until) return broken('a list cannot be read page by page: the exchange does not heed its end')
      if (id === undefined || !this.#seen.has(id)) fresh += 1
      if (id !== undefined) this.#seen.add(id)
      this.#earliest = Math.min(this.#earliest, at ?? this.#earliest)
      this.#latest = Math.max(this.#latest, at ?? this.#latest)
      this.#rows.push(row)
    }
    return ok({ isWhole, fresh })
  }

  /** Towards now, until nothing new comes. */
  async forwards(): Promise<Failed | undefined> {
    for (;;) {
      const from = this.#latest
      const page = await this.page({ since: from, limit: this.#limit })
      if (!page.ok) return page
      if (page.value.isWhole) return undefined
      if (page.value.fresh === 0) return broken('a list stands still: too many rows have the same time')
    }
  }

  /** Towards the beginning, a day at most at a time. */
  async backwards(since: Millis): Promise<Failed | undefined> {
    let until = this.#earliest + 1
    while (until > since) {
      const from = Math.max(since, until - longestWindowMs)
      const page = await this.page({ since: from, limit: this.#limit, until })
      if (!page.ok) return page
      const reached = this.#earliest + 1
      if (!page.value.isWhole && reached >= until) return broken('a list stands still: too many rows have the same time')
      // A whole page has shown all that lies in its window.
      until = page.value.isWhole ? from : reached
    }
    return undefined
  }
}
