/**
 * Tells systemd how the service is (sd_notify), by its own program `systemd-notify`: ready, and alive. Without
 * NOTIFY_SOCKET in the environment there is nobody to tell, and nothing is done.
 *
 * S1  Telling is never waited for, and a program that fails or hangs changes nothing but that systemd does not hear of us.
 * S2  The watchdog is told from the thread that trades: a process that stands still falls silent, and systemd starts it again.
 */
import { execFile } from 'node:child_process'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'

const tellWithinMs = 5_000

export interface ServiceManager {
  ready(status: string): void
  /** Nothing is told afterwards. */
  close(): void
}

export interface ServiceManagerOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Log
}

const nobody: ServiceManager = { ready: () => undefined, close: () => undefined }

export const serviceManager = ({ env, clock, log }: ServiceManagerOptions): ServiceManager => {
  if (env['NOTIFY_SOCKET'] === undefined) return nobody
  // systemd wants to hear at least once in this time; a third of it leaves room for two that were lost.
  const everyMs = Math.floor(Number(env['WATCHDOG_USEC'] ?? 0) / 3_000)
  let failed = false
  let timer: Timer | undefined
  const tell = (...words: readonly string[]): void => {
    execFile('systemd-notify', [...words], { timeout: tellWithinMs, env: { ...env } }, (error) => {
      if (error !== null && !failed) log.warn('systemd.notTold', { detail: error.message.split('\n')[0] ?? '' })
      failed = error !== null
    })
  }
  const beat = (): void => {
    tell('WATCHDOG=1')
    timer = clock.after(everyMs, beat)
  }
  return {
    ready: (status) => {
      tell('--ready', `--status=${status}`)
      if (everyMs > 0) beat()
    },
    close: () => timer?.cancel(),
  }
}
