/** How the audit log is chained: each row's hash is of the one before and of all that the row says, so that a gap or an edit shows. */
import type { AuditRecord } from './records.ts'

/** What the first row follows. */
export const beforeTheFirst = '0'.repeat(64)

/** The text whose SHA-256 is the row's hash. Another order or form of the fields would be another chain: it is never changed. */
export const chainedText = (previous: string, number: number, record: AuditRecord): string => {
  const { at, kind, who, reason, target, before, after, pairId, orderId, rule, commandId } = record
  return JSON.stringify([previous, number, at, kind, who, reason, target, before, after, pairId, orderId, rule, commandId])
}
