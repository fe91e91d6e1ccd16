/** Walks along the audit log and says where its chain is broken. */
import { createHash } from 'node:crypto'
import { beforeTheFirst, chainedText } from '../domain/audit-chain.ts'
import type { KeptAudit } from '../domain/records.ts'
import type { JournalReads } from '../ports/journal.ts'

export interface ChainVerdict {
  readonly rows: number
  /** Hash of the last row: whoever has noted it can tell later that nothing before it was changed. */
  readonly last: string
  /** One sentence about the first row that does not follow; null when all do. */
  readonly broken: string | null
}

const rowsAtOnce = 5_000

const problemOf = (previous: string, expected: number, { number, hash, ...record }: KeptAudit): string | null => {
  if (number !== expected) return `number ${expected} is missing: ${number} follows ${expected - 1}`
  const computed = createHash('sha256').update(chainedText(previous, number, record)).digest('hex')
  return computed === hash ? null : `number ${number} (${record.kind}, ${new Date(record.at).toISOString()}) was changed, or the row before it`
}

export const verifyChain = async (reads: Pick<JournalReads, 'auditAfter'>): Promise<ChainVerdict> => {
  let rows = 0
  let last = beforeTheFirst
  for (;;) {
    const part = await reads.auditAfter(rows, rowsAtOnce)
    if (part.length === 0) return { rows, last, broken: null }
    for (const row of part) {
      const broken = problemOf(last, rows + 1, row)
      if (broken !== null) return { rows, last, broken }
      rows += 1
      last = row.hash
    }
  }
}
