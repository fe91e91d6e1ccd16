/** The commands that steer: each is sent to the desk that runs, with an id of its own, and answered with what it changed. */
import { randomUUID } from 'node:crypto'
import { accessSync, constants, existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { z } from 'zod'
import type { KillLevel } from '../../machines/kill-switch/kill-switch-context.ts'
import { readDeskFile, wasEverADesks } from '../desk-file.ts'
import { KillFile } from '../kill-file.ts'
import { noteLine, printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder } from '../store.ts'
import { readToken } from '../token.ts'

export interface SteerOptions {
  readonly reason: string
  /** The same id again does nothing and answers as before. */
  readonly id?: string
  readonly json?: boolean
}

/** Everything of a command but its signature. */
export type Wish = Readonly<{ kind: string } & Record<string, string | number>>

const answerWithinMs = 15_000

/** Who is at this terminal. */
export const whoAmI = (): string => {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

const done = z.object({ again: z.boolean(), record: z.object({ kind: z.string(), target: z.string(), before: z.string(), after: z.string() }) })
const refusal = z.object({ error: z.string() })

const post = async (url: string, token: string, body: object): Promise<Response> => {
  try {
    return await fetch(`${url}/api/commands`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(body), signal: AbortSignal.timeout(answerWithinMs) })
  } catch (error) {
    throw new Problem(exitCodes.unavailable, `the desk at ${url} does not answer (${error instanceof Error ? error.name : 'unknown'}): look at its log; the same --id can be sent again without harm`)
  }
}

const exits: Readonly<Record<number, ExitCode>> = { 400: exitCodes.usage, 401: exitCodes.credentials, 403: exitCodes.credentials, 409: exitCodes.foundProblem }

/**
 * Sends a command to the desk that runs here.
 * @throws Problem when none runs, or it refuses
 */
export const steer = async (wish: Wish, { reason, id = randomUUID(), json }: SteerOptions): Promise<ExitCode> => {
  const home = homeFolder()
  const running = readDeskFile(home)
  const token = readToken(home)
  if (running?.url === undefined || running.url === null || token === undefined) throw new Problem(exitCodes.unavailable, `no desk runs in ${home}: start it with "nightdesk run", or set NIGHTDESK_HOME to where it is`)
  const answer = await post(running.url, token, { ...wish, id, who: whoAmI(), reason })
  const body: unknown = await answer.json().catch(() => undefined)
  const said = done.safeParse(body)
  if (!said.success) {
    const problem = refusal.safeParse(body)
    throw new Problem(exits[answer.status] ?? exitCodes.unavailable, problem.success ? problem.data.error : `the desk answered ${answer.status} with something that cannot be read`)
  }
  const { again, record } = said.data
  if (json === true) printJson(body)
  else printLine(`${record.kind}: ${record.target} was ${record.before === '' ? 'new' : record.before}, is ${record.after}${again ? ' (carried out before)' : ''}`)
  return exitCodes.fine
}

/**
 * Leaves a letter for a desk that could not be told.
 * @throws Problem (69) where no desk would ever read it, or it cannot be written: whoever kills must know that nothing is killed
 */
const leaveLetter = (home: string, letter: Parameters<KillFile['write']>[0]): KillFile => {
  const mend = "set NIGHTDESK_HOME to the desk's folder"
  const cannot = (error: unknown): Problem => new Problem(exitCodes.unavailable, `${home} cannot be written to (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): nothing is killed; do it as the desk's own user, or ${mend}`)
  try {
    if (existsSync(home)) accessSync(home, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw cannot(error)
  }
  if (!wasEverADesks(home)) throw new Problem(exitCodes.unavailable, `no desk has ever run in ${home}: nothing is killed; ${mend}`)
  const file = new KillFile(home)
  try {
    file.write(letter)
    return file
  } catch (error) {
    throw cannot(error)
  }
}

/**
 * Throws the kill switch; where no desk can be told, a letter waits for the next one.
 * @throws Problem when nothing is killed
 */
export const kill = async (options: SteerOptions & { readonly level: KillLevel }): Promise<ExitCode> => {
  const { level, reason, id = randomUUID(), json } = options
  try {
    return await steer({ kind: 'kill', level }, { ...options, id })
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== exitCodes.unavailable) throw error
    const file = leaveLetter(homeFolder(), { id, level, who: whoAmI(), reason })
    noteLine(`nightdesk: ${error.message}`)
    if (json === true) printJson({ waiting: file.path, level })
    else printLine(`${file.path} is written: a desk that runs takes it within half a second, the next one before it trades`)
    return exitCodes.fine
  }
}
