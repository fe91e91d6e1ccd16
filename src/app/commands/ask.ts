/** Questions that only a running desk can answer: preview, execution, positions. */
import { z } from 'zod'
import { askDesk } from '../ask-desk.ts'
import { printJson, printLine, table } from '../output.ts'
import { exitCodes, type ExitCode } from '../problem.ts'

const show = (answer: unknown, json: boolean | undefined): ExitCode => {
  if (json === true) printJson(answer)
  else printLine(Object.entries(answer as object).map(([name, value]) => `${name.padEnd(13)} ${typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '-')}`).join('\n'))
  return exitCodes.fine
}

/** @throws Problem when no desk runs, or the question cannot be read */
export const preview = async (order: Readonly<Record<string, string>>, { json }: { readonly json?: boolean }): Promise<ExitCode> => show(await askDesk(`/api/preview?${new URLSearchParams(order).toString()}`), json)

/** @throws Problem when no desk runs, or it knows no such order */
export const execution = async (order: string, { json }: { readonly json?: boolean }): Promise<ExitCode> => show(await askDesk(`/api/executions/${encodeURIComponent(order)}`), json)

const rows = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
const columns = ['pairId', 'state', 'instrument', 'quantity', 'cost', 'breakEven', 'target', 'marketValue', 'unrealised', 'distanceToTarget'] as const

/** @throws Problem when no desk runs */
export const positions = async ({ json }: { readonly json?: boolean }): Promise<ExitCode> => {
  const held = rows.parse(await askDesk('/api/positions'))
  if (json === true) for (const one of held) printJson(one)
  else {
    const age = (ageMs: string | number | null | undefined): string => (typeof ageMs === 'number' ? `${Math.round(ageMs / 1_000)} s` : '-')
    printLine(table([...columns, 'age'], held.map((one) => [...columns.map((name) => String(one[name] ?? '-')), age(one['ageMs'])])))
  }
  return exitCodes.fine
}
