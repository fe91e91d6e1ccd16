/** Watchers of committed turns can be wrong; trading goes on (MD-10). */
import { config } from 'rxjs'
import type { Log } from '../ports/log.ts'

/** An observer that throws is told in the log; RxJS by itself would end the process. Holds for every stream of the process. */
export const guardObservers = (log: Log): void => {
  config.onUnhandledError = (error: unknown) => log.error('observer.failed', { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}
