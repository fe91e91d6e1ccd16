/** The desk's log as pino JSON lines: on stderr, and in files where that is wanted. */
import { pino, destination, multistream, type Level, type Logger, type DestinationStream } from 'pino'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { redact } from './redact.ts'
import { boundRepeats } from './repeats.ts'
import { RollingFile } from './rolling-file.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Names of the two logs that are kept in files: everything, and errors alone. */
export const logNames = { all: 'nightdesk', errors: 'errors' } as const

const wrap = (logger: Logger): Log => ({
  debug: (event, fields) => logger.debug(fields ?? {}, event),
  info: (event, fields) => logger.info(fields ?? {}, event),
  warn: (event, fields) => logger.warn(fields ?? {}, event),
  error: (event, fields) => logger.error(fields ?? {}, event),
})

const linesInto = (level: LogLevel, stream: DestinationStream): Log =>
  wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event', formatters: { level: (label) => ({ level: label }) }, hooks: { streamWrite: redact } }, stream))

const toStderr = (): DestinationStream => destination({ dest: 2, sync: true })

/** A log that writes to stderr, so that stdout belongs to answers. */
export const pinoLog = (level: LogLevel): Log => linesInto(level, toStderr())

/** One kind of line may be said so often a minute before it is only counted. */
const mostPerMinute = 60

export interface FileLogOptions {
  readonly level: LogLevel
  readonly folder: string
  readonly maxFileBytes: number
  readonly keepFiles: number
  readonly clock: Clock
  /** Told when files cannot be written any more, with the system's code, and undefined when they can be again. Must not throw. */
  readonly onTrouble: (code: string | undefined) => void
}

export interface FileLog {
  /** To stderr and into the files; the same thing again and again is counted. */
  readonly log: Log
  /** Into the files alone, every line. */
  readonly record: Log
  readonly close: () => void
}

/**
 * A log that writes to stderr and into files.
 * @throws the system's error when the folder cannot be written to
 */
export const pinoFileLog = ({ level, folder, maxFileBytes, keepFiles, clock, onTrouble }: FileLogOptions): FileLog => {
  const rolling = (name: string): RollingFile => new RollingFile({ folder, name, maxBytes: maxFileBytes, keep: keepFiles, onTrouble })
  const all = rolling(logNames.all)
  const errors = rolling(logNames.errors)
  const least: Level = level === 'silent' ? 'fatal' : level
  const files = [{ level: least, stream: all }, { level: 'error', stream: errors }] as const
  return {
    log: boundRepeats(linesInto(level, multistream([{ level: least, stream: toStderr() }, ...files])), clock, { mostPerMinute }),
    record: linesInto(level, multistream([...files])),
    close: () => {
      all.close()
      errors.close()
    },
  }
}
