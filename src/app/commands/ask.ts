/** Questions that only a running desk can answer: it is asked at its door, where reading is open. */
import { z } from 'zod'
import { readDeskFile } from '../desk-file.ts'
import { printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder } from '../store.ts'

const answerWithinMs = 15_000
const refusal = z.object({ error: z.string() })

const ask = async (where: string): Promise<unknown> => {
  const home = homeFolder()
  const url = readDeskFile(home)?.url
  if (url === undefined || url === null) throw new Problem(exitCodes.unavailable, `no desk runs in ${home}: start it with "nightdesk run", or set NIGHTDESK_HOME to where it is`)
  const answer = await fetch(`${url}${where}`, { signal: AbortSignal.timeout(answerWithinMs) }).catch((error: unknown) => {
    throw new Problem(exitCodes.unavailable, `the desk at ${url} does not answer (${error instanceof Error ? error.name : 'unknown'}): look at its log`)
  })
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return body
  const said = refusal.safeParse(body)
  throw new Problem(answer.status === 400 ? exitCodes.usage : answer.status === 404 ? exitCodes.foundProblem : exitCodes.unavailable, said.success ? said.data.error : `the desk answered ${answer.status}`)
}

const show = (answer: unknown, json: boolean | undefined): ExitCode => {
  if (json === true) printJson(answer)
  else printLine(Object.entries(answer as object).map(([name, value]) => `${name.padEnd(13)} ${typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '-')}`).join('\n'))
  return exitCodes.fine
}

/** @throws Problem when no desk runs, or the question cannot be read */
export const preview = async (order: Readonly<Record<string, string>>, { json }: { readonly json?: boolean }): Promise<ExitCode> => show(await ask(`/api/preview?${new URLSearchParams(order).toString()}`), json)

/** @throws Problem when no desk runs, or it knows no such order */
export const execution = async (order: string, { json }: { readonly json?: boolean }): Promise<ExitCode> => show(await ask(`/api/executions/${encodeURIComponent(order)}`), json)

const rows = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
const columns = ['pairId', 'state', 'instrument', 'quantity', 'cost', 'breakEven', 'target', 'marketValue', 'unrealised', 'distanceToTarget'] as const

/** @throws Problem when no desk runs */
export const positions = async ({ json }: { readonly json?: boolean }): Promise<ExitCode> => {
  const held = rows.parse(await ask('/api/positions'))
  if (json === true) for (const one of held) printJson(one)
  else {
    const age = (ageMs: string | number | null | undefined): string => (typeof ageMs === 'number' ? `${Math.round(ageMs / 1_000)} s` : '-')
    printLine(table([...columns, 'age'], held.map((one) => [...columns.map((name) => String(one[name] ?? '-')), age(one['ageMs'])])))
  }
  return exitCodes.fine
}
