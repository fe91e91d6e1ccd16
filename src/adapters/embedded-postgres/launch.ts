import { spawn } from 'node:child_process'
import type { Address } from './address.ts'
import { program } from './binaries.ts'
import type { Host } from './options.ts'
import type { Place } from './place.ts'
import { commandVia, type RunAs } from './run-as.ts'
import { serverEnvironment } from './run-command.ts'
import { openLog } from './server-log.ts'
import { serverArguments } from './server-settings.ts'

/** A server process that was just started. */
export interface Launched {
  /** How it ended, once it has. */
  ended(): string | undefined
}

/** Starts the server in a session of its own: neither the desk's end nor a Ctrl-C in its terminal reaches it. */
export async function launch(place: Place, user: RunAs, address: Address, host: Host): Promise<Launched> {
  const log = await openLog(place.log)
  try {
    const command = host.platform === 'win32' ? windowsCommand(place, user, address, host) : unixCommand(place, user, address, host)
    const child = spawn(command.file, [...command.args], {
      detached: true,
      windowsHide: true,
      cwd: '/',
      env: serverEnvironment(host),
      stdio: ['ignore', log.fd, log.fd],
      ...command.ids,
    })
    let ended: string | undefined
    child.once('error', (error) => { ended = error.message })
    child.once('exit', (code, signal) => { ended = `it ended with ${signal ?? `code ${code ?? 'unknown'}`}` })
    child.unref()
    return { ended: () => ended }
  } finally {
    await log.close()
  }
}

function unixCommand(place: Place, user: RunAs, address: Address, host: Host) {
  return commandVia(user.server, program(user.binaries, 'postgres', host), ['-D', place.cluster, ...serverArguments(address)])
}

// Windows lets an administrator start the server only through pg_ctl, which gives up those rights first.
function windowsCommand(place: Place, user: RunAs, address: Address, host: Host) {
  const args = ['start', '-W', '-D', place.cluster, '-o', serverArguments(address).join(' ')]
  return commandVia(user.server, program(user.binaries, 'pg_ctl', host), args)
}
