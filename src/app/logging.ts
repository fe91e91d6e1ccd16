/** The log of a running desk: where its files are, and what is written about every committed transition. */
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Observable } from 'rxjs'
import { pinoFileLog, pinoLog } from '../adapters/pino/pino-log.ts'
import { systemClock } from '../adapters/system/system-clock.ts'
import type { CommittedTurn } from '../actors/loop-options.ts'
import { parseClientOrderId } from '../domain/client-order-id.ts'
import type { Log } from '../ports/log.ts'
import type { Config } from './config/schema.ts'
import { exitCodes, Problem } from './problem.ts'

/** The folder of the log files; undefined when none are wanted: next to a sandbox only where a folder is named. */
export const logFolder = ({ log: { file }, environment }: Pick<Config, 'log' | 'environment'>, home: string): string | undefined => {
  if (file === false) return undefined
  return file ?? (environment === 'sandbox' ? undefined : path.join(home, 'logs'))
}

export interface OpenLog {
  readonly log: Log
  /** Where transitions are recorded; undefined without files. */
  readonly record: Log | undefined
  close(): void
}

const mebibyte = 1_048_576

/**
 * Opens the log.
 * @param onTrouble told when the files cannot be written any more, and undefined when they can be again
 * @throws Problem (78) when the folder cannot be written to
 */
export const openLog = (config: Pick<Config, 'log' | 'environment'>, home: string, onTrouble: (code: string | undefined) => void): OpenLog => {
  const { level, maxFileMb, keepFiles } = config.log
  const folder = logFolder(config, home)
  if (folder === undefined || level === 'silent') return { log: pinoLog(level), record: undefined, close: () => undefined }
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
    return pinoFileLog({ level, folder, maxFileBytes: maxFileMb * mebibyte, keepFiles, clock: systemClock, onTrouble })
  } catch (error) {
    throw new Problem(exitCodes.configuration, `the log cannot be written to ${folder} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): make room or correct its rights, name another folder as log.file, or set "log: { file: false }"`)
  }
}

/** One line for each transition that was committed, with the ids that join it to the rows, the venue's orders and the other lines. */
export const recordTransitions = (committed: Observable<CommittedTurn>, record: Log): void => {
  committed.subscribe(({ events }) => {
    for (const { address, turn, seq, position, type, from, to } of events) {
      const [kind, id = ''] = address.split('/')
      const pair = kind === 'order' ? parseClientOrderId(id)?.pairId : kind === 'trade-pair' ? id : undefined
      record[from === to ? 'debug' : 'info']('transition', { address, turn, seq, position, took: type, from, to, ...(kind === 'order' && { order: id }), ...(pair !== undefined && { pair }) })
    }
  })
}
