/** `why`: why the desk that runs here is, or is not, taking entries now. */
import { z } from 'zod'
import type { WhyInspection } from '../../ports/inspection.ts'
import { readDeskFile } from '../desk-file.ts'
import { moment, printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder } from '../store.ts'

const answerWithinMs = 15_000
/** The desk's own answer is believed; only what went wrong is read with care. */
const refusal = z.object({ error: z.string() })

const ask = async (url: string, instrument: string | undefined): Promise<WhyInspection> => {
  const query = instrument === undefined ? '' : `?instrument=${encodeURIComponent(instrument)}`
  const answer = await fetch(`${url}/api/why${query}`, { signal: AbortSignal.timeout(answerWithinMs) }).catch((error: unknown) => {
    throw new Problem(exitCodes.unavailable, `the desk at ${url} does not answer (${error instanceof Error ? error.name : 'unknown'}): look at its log`)
  })
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return body as WhyInspection
  const problem = refusal.safeParse(body)
  throw new Problem(answer.status === 404 ? exitCodes.foundProblem : exitCodes.usage, problem.success ? problem.data.error : `the desk answered ${answer.status}`)
}

const line = (name: string, text: string): string => `${name.padEnd(12)} ${text}`

const lines = ({ trading, desk, kill, instruments, denials }: WhyInspection): readonly string[] => [
  line('trading', `${trading.state}${trading.because === null ? '' : `: ${trading.because}`}`),
  line('desk', `${desk.state}${desk.waitsBecause === null ? '' : `: ${desk.waitsBecause}`}`),
  ...(desk.pausedBecause === null ? [] : [line('paused', desk.pausedBecause)]),
  ...Object.entries(desk.hindrances).map(([what, detail]) => line('hindrance', `${what}: ${detail}`)),
  line('kill switch', kill.because ?? 'off'),
  ...instruments.flatMap(({ instrument, entries, because, status, price }) => [
    line(instrument, `${entries ? 'takes entries' : 'takes no entries'} (${status} at the venue; price ${price.state}${price.ageMs === null ? '' : `, ${price.ageMs} ms old`})`),
    ...because.map((sentence) => line('', sentence)),
  ]),
  ...denials.map(({ at, rule, instrument, side, times, detail }) => line('denied', `${moment(at)} ${side} ${instrument}, ${rule} (${times} times): ${detail}`)),
]

/**
 * Asks the desk that runs here.
 * @throws Problem when none runs, or it does not trade that instrument
 */
export const why = async (instrument: string | undefined, { json }: { readonly json?: boolean }): Promise<ExitCode> => {
  const running = readDeskFile(homeFolder())
  if (running?.url === undefined || running.url === null) throw new Problem(exitCodes.unavailable, `no desk runs in ${homeFolder()}, so no entries are taken: start it with "nightdesk run", or set NIGHTDESK_HOME to where it is`)
  const answer = await ask(running.url, instrument)
  if (json === true) printJson(answer)
  else printLine(lines(answer).join('\n'))
  return exitCodes.fine
}
