/**
 * The end of the audit log, to which the next decisions are chained. It is read once and known from then on: whoever holds the
 * epoch is the only one who writes, and a batch under a lost epoch is not committed (C1).
 */
import { createHash } from 'node:crypto'
import { beforeTheFirst, chainedText } from '../../domain/audit-chain.ts'
import type { AuditRecord, KeptAudit } from '../../domain/records.ts'
import type { Send } from './connection.ts'

export class AuditTail {
  /** Undefined while it is not known. */
  #last: { readonly number: number; readonly hash: string } | undefined

  /** Reads it, unless it is known. */
  async find(send: Send): Promise<void> {
    if (this.#last !== undefined) return
    const { rows } = await send({ name: 'last audit', text: 'SELECT number, hash FROM audit_log ORDER BY number DESC LIMIT 1' })
    const [row] = rows as { number: string; hash: string }[]
    this.#last = row === undefined ? { number: 0, hash: beforeTheFirst } : { number: Number(row.number), hash: row.hash }
  }

  /** What was chained since it was found may not have been committed. */
  lose(): void {
    this.#last = undefined
  }

  /** Each decision with its number, and its hash over the one before. */
  chained(records: readonly AuditRecord[]): readonly KeptAudit[] {
    if (records.length === 0) return []
    if (this.#last === undefined) throw new Error('the end of the audit log is not known')
    let last = this.#last
    const chained = records.map((record) => {
      const number = last.number + 1
      last = { number, hash: createHash('sha256').update(chainedText(last.hash, number, record)).digest('hex') }
      return { ...record, ...last }
    })
    this.#last = last
    return chained
  }
}
