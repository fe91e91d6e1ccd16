/** `audit`: the sandbox's ledger against the rows. */
import { loadConfig } from '../config/load-config.ts'
import { settledAudit } from '../books.ts'
import { printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { withRows } from '../with-rows.ts'

export const auditCommand = (options: { readonly config: string; readonly settle: number; readonly json?: boolean }): Promise<ExitCode> => {
  const { venue } = loadConfig(options.config)
  const sandbox = venue.name === 'ccxt' ? undefined : venue.sandbox
  if (sandbox === undefined) throw new Problem(exitCodes.configuration, 'venue.sandbox is missing: only a sandbox has a ledger to audit against')
  return withRows(options.config, async (reads) => {
    const result = await settledAudit(sandbox.controlUrl, reads, options.settle * 1_000)
    if (options.json === true) printJson(result)
    else {
      const { differences, ...counts } = result
      printLine(Object.entries(counts).map(([name, value]) => `${name.padEnd(13)} ${String(value)}`).join('\n'))
      for (const difference of differences) printLine(`- ${difference}`)
    }
    return result.clean ? exitCodes.fine : exitCodes.foundProblem
  })
}
