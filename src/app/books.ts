/** Reads both books for an audit: the sandbox's ledger over HTTP, and the rows. */
import type { PostgresReads } from '../adapters/postgres/reads.ts'
import { audit, ledgerSchema, type Audit, type Books, type Ledger } from './audit.ts'
import { exitCodes, Problem } from './problem.ts'

/** Most rows of a kind that an audit reads. */
const most = 1_000_000

export const readLedger = async (controlUrl: string): Promise<Ledger> => {
  const answer = await fetch(`${controlUrl}/ledger`).catch(() => undefined)
  if (answer?.ok !== true) throw new Problem(exitCodes.unavailable, `the sandbox at ${controlUrl} does not answer: start it with "nightdesk sandbox", or correct venue.sandbox.controlUrl`)
  return ledgerSchema.parse(await answer.json())
}

export const readBooks = async (reads: PostgresReads): Promise<Books> => {
  const [orders, pairs, fills] = await Promise.all([
    reads.actors({ kind: 'order', limit: most }),
    reads.actors({ kind: 'trade-pair', limit: most }),
    reads.allFills(most),
  ])
  return { install: await reads.install(), orders, pairs, fills }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What is under way: a live order without a fate, or a fill that is there and not here. */
const isQuiet = (result: Audit, books: Books): boolean =>
  result.clean && !books.orders.some(({ state }) => state === 'submitting' || state === 'resolving' || state === 'cancelling')

const compareOnce = async (controlUrl: string, reads: PostgresReads): Promise<{ readonly result: Audit; readonly quiet: boolean }> => {
  const before = await readBooks(reads)
  const ledger = await readLedger(controlUrl)
  const books = await readBooks(reads)
  const result = audit(ledger, books)
  const still = before.fills.length === books.fills.length && before.orders.length === books.orders.length
  return { result, quiet: still && isQuiet(result, books) }
}

/** Lets the sandbox's markets stand still for so long, 0: go on. A sandbox that is away is waited for by whoever reads its ledger. */
const holdMarkets = async (controlUrl: string, holdMs: number): Promise<void> => {
  await fetch(`${controlUrl}/market`, { method: 'POST', body: JSON.stringify({ holdMs }) }).catch(() => undefined)
}

/**
 * One comparison or, within `settleMs`, as many as it takes for both sides to agree and be quiet: the markets stand
 * still meanwhile, so that nothing new happens. A side that is away is waited for.
 * @throws Problem, or the store's error, when a side is away at the end
 */
export const settledAudit = async (controlUrl: string, reads: PostgresReads, settleMs: number): Promise<Audit> => {
  const until = Date.now() + settleMs
  try {
    for (;;) {
      const leftMs = until - Date.now()
      if (leftMs > 0) await holdMarkets(controlUrl, leftMs)
      try {
        const { result, quiet } = await compareOnce(controlUrl, reads)
        if (quiet || leftMs <= 0) return result
      } catch (error) {
        if (leftMs <= 0) throw error
      }
      await sleep(250)
    }
  } finally {
    if (settleMs > 0) await holdMarkets(controlUrl, 0)
  }
}

