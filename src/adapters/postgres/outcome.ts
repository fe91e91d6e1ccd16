/** What a failed commit means: refused for good, or not known. Anything not understood is not known. */
import { DatabaseError } from 'pg'
import type { CommitOutcome, JournalRule } from '../../ports/journal.ts'
import { BatchTooLarge } from './commit.ts'

const rules: Readonly<Record<string, JournalRule>> = {
  orders_one_live: 'liveOrder',
  fills_once: 'duplicateFill',
  journal_pkey: 'duplicateEvent',
  journal_once: 'duplicateEvent',
  audit_log_once: 'duplicateCommand',
  trade_pairs_cover: 'cover',
}

/** What `write_batch` raises (migrations/0008-write-batch.ts): the lease has moved on; a pair would be sold or offered beyond what it bought. */
const epochLost = 'ND001'
const coverBroken = 'ND002'

/** SQLSTATE classes of a statement that the server understood and refused: data, integrity, syntax, privilege, its own limits. */
const refusing: ReadonlySet<string> = new Set(['21', '22', '23', '42', '54', 'P0'])

const ruleOf = (error: DatabaseError): JournalRule => {
  const named = rules[error.constraint ?? '']
  if (named !== undefined) return named
  return error.code === '23503' ? 'reference' : 'other'
}

/** The outcome of a commit that threw. */
export const outcomeOf = (error: unknown): CommitOutcome => {
  if (error instanceof DatabaseError && error.code === epochLost) return { kind: 'epochLost' }
  if (error instanceof DatabaseError && error.code === coverBroken) return { kind: 'refused', rule: 'cover', detail: error.message }
  if (error instanceof DatabaseError && refusing.has((error.code ?? '').slice(0, 2))) {
    return { kind: 'refused', rule: ruleOf(error), detail: error.message }
  }
  if (error instanceof BatchTooLarge) return { kind: 'refused', rule: 'other', detail: error.message }
  return { kind: 'inDoubt', detail: error instanceof Error ? error.message : String(error) }
}
