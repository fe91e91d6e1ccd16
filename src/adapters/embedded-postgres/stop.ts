import { dropSocketFolder } from './address.ts'
import { locateBinaries, program } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { EmbeddedPostgresOptions } from './options.ts'
import type { Place } from './place.ts'
import { serves, type Postmaster } from './postmaster.ts'
import { signalProcess } from './processes.ts'
import { runCommand, serverEnvironment } from './run-command.ts'

const POLL_MS = 20
const FAST_MS = 15_000
const IMMEDIATE_MS = 5000

/**
 * Ends the server: fast (open transactions roll back, a checkpoint is written), and after 15 s at once, which makes the
 * next start recover. A process that is not this cluster's server is never signalled. Rejects with `busy` when the
 * server is still there after 20 s.
 */
export async function stopServer(place: Place, server: Postmaster, options: EmbeddedPostgresOptions): Promise<void> {
  const gone = (await endWith('SIGINT', FAST_MS)) || (await endWith('SIGQUIT', IMMEDIATE_MS))
  if (!gone) throw new EmbeddedPostgresError('busy', `PostgreSQL process ${server.pid} of ${place.cluster} does not end: look at ${place.log}, then end it by hand.`)
  await dropSocketFolder(server.socketDir)

  async function endWith(signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
    if (!(await serves(server.pid, place.cluster, options.host))) return true
    await requestEnd(place, server, signal, options)
    const deadline = options.now() + withinMs
    while (options.now() < deadline) {
      if (!(await serves(server.pid, place.cluster, options.host))) return true
      await options.sleep(POLL_MS)
    }
    return false
  }
}

async function requestEnd(place: Place, server: Postmaster, signal: NodeJS.Signals, options: EmbeddedPostgresOptions): Promise<void> {
  const { host } = options
  if (host.platform !== 'win32') {
    signalProcess(server.pid, signal)
    return
  }
  // Windows has no signals: there a kill would end the server without a word to its children.
  const mode = signal === 'SIGINT' ? 'fast' : 'immediate'
  const file = program(await locateBinaries(host), 'pg_ctl', host)
  await runCommand({ file, args: ['stop', '-W', '-D', place.cluster, '-m', mode] }, serverEnvironment(host), FAST_MS)
}
