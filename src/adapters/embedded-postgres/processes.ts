import { readFile, readlink } from 'node:fs/promises'
import { kill } from 'node:process'
import { codeOf } from './embedded-postgres-error.ts'
import type { Host } from './options.ts'
import { runCommand } from './run-command.ts'

/** Sends a signal; false when the process is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    kill(pid, signal)
    return true
  } catch (error) {
    // EPERM tells of a living process of another user.
    return codeOf(error) === 'EPERM'
  }
}

/**
 * What tells this process from a later one with the same id: its start time, and the boot it belongs to. Undefined when
 * no such process lives; an empty string where the platform does not say.
 */
export async function birthOf(pid: number, host: Host): Promise<string | undefined> {
  if (!signalProcess(pid, 0)) return undefined
  if (host.platform === 'linux') return linuxBirth(pid)
  if (host.platform === 'win32') return ''
  return (await runCommand({ file: 'ps', args: ['-o', 'lstart=', '-p', String(pid)] }, { ...host.env }, 5000)).output
}

async function linuxBirth(pid: number): Promise<string | undefined> {
  try {
    const [boot, stat] = await Promise.all([readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')])
    // The name in brackets may hold spaces; the start time is field 22 of the whole line.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${boot.trim()}/${started ?? ''}`
  } catch {
    return undefined
  }
}

/** What is known of a running program: its words, and its working folder where the platform tells. */
export interface RunningProgram {
  readonly words: readonly string[]
  readonly line: string
  readonly cwd: string | undefined
}

/** The program behind a process id; undefined when it is gone (a zombie counts as gone). */
export async function programOf(pid: number, host: Host): Promise<RunningProgram | undefined> {
  if (host.platform === 'linux') return linuxProgram(pid)
  const command =
    host.platform === 'win32'
      ? { file: 'tasklist', args: ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'] }
      : { file: 'ps', args: ['-ww', '-o', 'args=', '-p', String(pid)] }
  const { code, output } = await runCommand(command, { ...host.env }, 5000)
  return code === 0 && output !== '' ? { words: output.split(' '), line: output, cwd: undefined } : undefined
}

async function linuxProgram(pid: number): Promise<RunningProgram | undefined> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (text === '') return undefined
  const words = text.split('\0').slice(0, -1)
  // Refused in some containers; the words alone then decide.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  return { words, line: words.join(' '), cwd }
}
