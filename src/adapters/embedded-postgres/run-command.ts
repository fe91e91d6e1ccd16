import { execFile } from 'node:child_process'
import type { Host, Ids } from './options.ts'

/** A program, its arguments, and the user it runs as when that is not the desk's own. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly ids?: Ids
}

/** How a program ended: code 0 is success; a string is a signal or an operating-system error code. */
export interface Finished {
  readonly code: number | string
  readonly output: string
}

/** Runs a short program to its end, bounded by `timeoutMs`. Never rejects. */
export function runCommand(command: Command, env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Finished> {
  const { promise, resolve } = Promise.withResolvers<Finished>()
  const options = { env, cwd: '/', timeout: timeoutMs, windowsHide: true, ...command.ids }
  execFile(command.file, command.args, options, (error, stdout, stderr) => {
    const output = `${stdout}${stderr}`.trim()
    if (error === null) resolve({ code: 0, output })
    else resolve({ code: error.code ?? error.signal ?? 'unknown', output: output === '' ? error.message : output })
  })
  return promise
}

const KEPT = ['PATH', 'SystemRoot', 'SystemDrive', 'TEMP', 'TMP', 'ComSpec']

/** A small fixed environment: a PGDATA, PGOPTIONS or locale of the desk's shell must not reach the server. */
export function serverEnvironment(host: Host): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C', TZ: 'UTC' }
  for (const name of KEPT) {
    const value = host.env[name]
    if (value !== undefined) env[name] = value
  }
  return env
}
