/** Asks the desk that runs here, at its door. */
import { z } from 'zod'
import { readDeskFile } from './desk-file.ts'
import { exitCodes, Problem } from './problem.ts'
import { homeFolder } from './store.ts'
import { readToken } from './token.ts'

const answerWithinMs = 15_000
const refusal = z.object({ error: z.string() })

/** @throws Problem when no desk runs, when it does not answer, or what it answered when it refuses */
export const askDesk = async (where: string): Promise<unknown> => {
  const home = homeFolder()
  const url = readDeskFile(home)?.url
  if (url === undefined || url === null) throw new Problem(exitCodes.unavailable, `no desk runs in ${home}: start it with "nightdesk run", or set NIGHTDESK_HOME to where it is`)
  const token = readToken(home)
  const answer = await fetch(`${url}${where}`, { ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }), signal: AbortSignal.timeout(answerWithinMs) }).catch((error: unknown) => {
    throw new Problem(exitCodes.unavailable, `the desk at ${url} does not answer (${error instanceof Error ? error.name : 'unknown'}): look at its log`)
  })
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return body
  const said = refusal.safeParse(body)
  throw new Problem(answer.status === 400 ? exitCodes.usage : answer.status === 404 ? exitCodes.foundProblem : exitCodes.unavailable, said.success ? said.data.error : `the desk answered ${answer.status}`)
}
