/**
 * Errors that nobody waited for, most of them of a user's strategy: unheard, they would end the process without a word.
 *
 * F1  A promise that fails unheard stops nothing: it is logged, and told once in a while.
 * F2  An exception that nobody caught leaves nothing that can be relied on: it is told, and the process ends (70) within a bound,
 *     for the next start to recover.
 */
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Messenger } from './alerts/messenger.ts'
import { exitCodes } from './problem.ts'

/** A stray promise is told to people at most so often; each is a line of the log. */
const quietMs: Millis = 600_000

const wordsOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 4_000)
const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 200) ?? ''

/** Hears them for as long as the process lives. */
export const hearStrayErrors = (messenger: Pick<Messenger, 'log' | 'raise' | 'failed' | 'close'>, clock: Clock): void => {
  let toldAt = -Infinity
  process.on('unhandledRejection', (error) => {
    messenger.log.error('process.strayPromise', { detail: wordsOf(error) })
    if (clock.monotonic() - toldAt < quietMs) return
    toldAt = clock.monotonic()
    messenger.raise('process.strayPromise', `a promise failed that nobody waited for: ${sentenceOf(error)}`)
  })
  let isEnding = false
  process.on('uncaughtException', (error) => {
    messenger.log.error('process.uncaught', { detail: wordsOf(error) })
    // Another one must not cut off the last words about the first.
    if (isEnding) return
    isEnding = true
    void end(error, messenger)
  })
}

const end = async (error: unknown, messenger: Pick<Messenger, 'failed' | 'close'>): Promise<void> => {
  messenger.failed(error)
  await messenger.close()
  process.exit(exitCodes.internal)
}
