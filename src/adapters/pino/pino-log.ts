/** The desk's log as pino JSON lines on stderr. */
import { pino, destination, type Logger } from 'pino'
import type { Log } from '../../ports/log.ts'
import { redact } from './redact.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const wrap = (logger: Logger): Log => ({
  debug: (event, fields) => logger.debug(fields ?? {}, event),
  info: (event, fields) => logger.info(fields ?? {}, event),
  warn: (event, fields) => logger.warn(fields ?? {}, event),
  error: (event, fields) => logger.error(fields ?? {}, event),
})

/** A log that writes to stderr, so that stdout belongs to answers. */
export const pinoLog = (level: LogLevel): Log =>
  wrap(
    pino(
      { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'event', formatters: { level: (label) => ({ level: label }) }, hooks: { streamWrite: redact } },
      destination({ dest: 2, sync: true }),
    ),
  )
