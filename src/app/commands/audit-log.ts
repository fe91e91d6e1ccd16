/** `audit-log`: the decisions of the desk, and whether their chain is whole. */
import type { AuditQuery } from '../../ports/journal.ts'
import { verifyChain } from '../audit-chain.ts'
import { moment, printJson, printLine, table } from '../output.ts'
import { exitCodes, type ExitCode } from '../problem.ts'
import { withRows } from '../with-rows.ts'

export interface AuditLogOptions {
  readonly config?: string
  readonly pair?: string
  readonly order?: string
  readonly rule?: string
  readonly kind?: string
  readonly limit: number
  readonly verify?: boolean
  readonly json?: boolean
}

const queryOf = ({ pair, order, rule, kind, limit }: AuditLogOptions): AuditQuery => ({
  limit,
  ...(pair !== undefined && { pairId: pair }),
  ...(order !== undefined && { orderId: order }),
  ...(rule !== undefined && { rule }),
  ...(kind !== undefined && { kind }),
})

/** Shows decisions, newest first; or walks along the whole chain: 1 where it is broken. */
export const auditLog = (options: AuditLogOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads) => {
    if (options.verify === true) {
      const verdict = await verifyChain(reads)
      if (options.json === true) printJson(verdict)
      else printLine(verdict.broken === null ? `${verdict.rows} decisions, the chain is whole; the last is ${verdict.last}` : `the chain is broken after ${verdict.rows} decisions: ${verdict.broken}`)
      return verdict.broken === null ? exitCodes.fine : exitCodes.foundProblem
    }
    const rows = await reads.audit(queryOf(options))
    if (options.json === true) for (const row of rows) printJson(row)
    else printLine(table(['number', 'at', 'kind', 'who', 'target', 'before', 'after', 'rule', 'reason'], rows.map((row) => [String(row.number), moment(row.at), row.kind, row.who, row.target, row.before || '-', row.after || '-', row.rule ?? '-', row.reason])))
    return exitCodes.fine
  })
