/** `logs`: the log's files, across their rotations. */
import { z } from 'zod'
import { logNames } from '../../adapters/pino/pino-log.ts'
import { systemClock } from '../../adapters/system/system-clock.ts'
import { loadConfig } from '../config/load-config.ts'
import { filesOf, LogReader } from '../log-files.ts'
import { logFolder } from '../logging.ts'
import { printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder } from '../store.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const

export interface LogsOptions {
  readonly config?: string
  readonly follow?: boolean
  readonly pretty?: boolean
  readonly level?: (typeof logLevels)[number]
  readonly grep?: string
}

const lookEveryMs = 250

const entry = z.looseObject({ level: z.enum(logLevels), time: z.string(), event: z.string() })

/** `2026-11-21 19:09:34.123Z INFO  transition  address=order/... from=pending`. */
const inWords = ({ level, time, event, ...fields }: z.infer<typeof entry>): string => {
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`)
  return [`${time.replace('T', ' ')} ${level.toUpperCase().padEnd(5)} ${event}`, ...rest].join('  ')
}

/** The line as it is shown, or undefined when it is not wanted. One that a death has cut off is shown as it is, where nothing is asked of it. */
const shown = (line: string, { pretty, level = 'debug', grep }: LogsOptions): string | undefined => {
  // Lines name an actor by its address or by its id, and a client order id holds its pair's.
  if (grep !== undefined && !line.includes(grep.slice(grep.indexOf('/') + 1))) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return line
  }
  const read = entry.safeParse(parsed)
  if (!read.success) return line
  if (logLevels.indexOf(read.data.level) < logLevels.indexOf(level)) return undefined
  return pretty === true ? inWords(read.data) : line
}

const folderOf = (config: string | undefined): string => {
  const home = homeFolder()
  const folder = config === undefined ? logFolder({ log: { level: 'info', file: undefined, maxFileMb: 1, keepFiles: 1 }, environment: 'production' }, home) : logFolder(loadConfig(config), home)
  if (folder === undefined) throw new Problem(exitCodes.foundProblem, 'this configuration keeps no log files: name a folder as log.file; the log of a running desk is on its standard error')
  return folder
}

/**
 * Prints the log, the oldest line first; with `follow` it goes on until it is interrupted.
 * @throws Problem when there is none
 */
export const logs = async (options: LogsOptions): Promise<ExitCode> => {
  const folder = folderOf(options.config)
  if (options.follow !== true && filesOf(folder, logNames.all).length === 0) throw new Problem(exitCodes.inputFile, `there is no log in ${folder}: name the configuration with --config, or set NIGHTDESK_HOME to where the desk is`)
  const reader = new LogReader(folder, logNames.all)
  const end = new AbortController()
  const isOver = (): boolean => options.follow !== true || end.signal.aborted
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort())
  // Whoever read along has gone: there is nobody to follow for.
  process.stdout.once('error', () => end.abort())
  do {
    for (const line of reader.lines()) {
      const text = shown(line, options)
      if (text !== undefined) printLine(text)
    }
    if (!isOver()) await new Promise<void>((resolve) => void systemClock.after(lookEveryMs, resolve))
  } while (!isOver())
  reader.close()
  return exitCodes.fine
}
