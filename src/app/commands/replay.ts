/** `replay`: an actor's life, lived again from its journal; 1 when it does not lead to its row. */
import type { MemoryChange } from '../../domain/memory-changes.ts'
import type { ReplayInspection, ReplayStep } from '../../ports/replay.ts'
import { moment, printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { replayActor } from '../replay.ts'
import { withRows } from '../with-rows.ts'

export interface ReplayOptions {
  readonly config?: string
  readonly json?: boolean
  readonly limit: number
  readonly after?: number
}

/** More events than any actor of a sane desk ever took. */
const mostEvents = 1_000_000
/** A value longer than that is named, and not shown, in the table; `--json` shows all. */
const longest = 48

const short = (value: string): string => (value.length <= longest ? value : `${value.slice(0, longest - 1)}…`)

const inWords = ({ name, before, after }: MemoryChange): string => {
  if (before === null) return `${name} is ${short(after ?? 'nothing')}`
  return after === null ? `${name} is gone (it was ${short(before)})` : `${name} ${short(before)} -> ${short(after)}`
}

const changesOf = ({ seq, changed }: ReplayStep): string => (seq === 1 ? `${changed.length} names to remember` : changed.map(inWords).join('; '))

const print = ({ address, machine, version, steps, row, ends, agrees, differences, from }: ReplayInspection): void => {
  printLine(`${address} (${machine}, lived again by version ${version}${row.version === version ? '' : `, its row is of version ${row.version}`}; ${from === null ? 'its beginning is missing' : `from event ${from}`})\n`)
  printLine(table(['seq', 'at', 'event', 'from -> to', 'what changed'], steps.map((step) => [String(step.seq), moment(step.at), step.event, step.from === step.to ? `stays ${step.to}` : `${step.from || '-'} -> ${step.to}`, changesOf(step)])))
  const last = steps.at(-1)?.seq ?? row.seq
  if (last < row.seq) printLine(`... and ${row.seq - last} more: --after ${last}`)
  printLine(`\n${agrees ? `It agrees: ${row.seq} events lead to ${row.state}, as its row says.` : `It does not agree with its row (${row.state}, ${row.seq} events${ends === null ? '' : `; the events lead to ${ends.state}`}):`}`)
  for (const difference of differences) printLine(`- ${difference}`)
}

/**
 * Replays an actor from the rows, whether the desk runs or not; nothing is changed.
 * @throws Problem when there never was such an actor
 */
export const replay = (address: string, options: ReplayOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads) => {
    const found = await replayActor(reads, address, { after: options.after ?? 0, limit: options.limit, mostEvents })
    if (found === undefined) throw new Problem(exitCodes.foundProblem, `there is no actor ${address}: "nightdesk orders --all" and "nightdesk pairs --all" list their ids, as in order/<id>, trade-pair/<id> and desk`)
    if ('tooLong' in found) throw new Problem(exitCodes.foundProblem, `${address} has lived more than ${mostEvents} events`)
    if (options.json === true) printJson(found)
    else print(found)
    return found.agrees ? exitCodes.fine : exitCodes.foundProblem
  })
