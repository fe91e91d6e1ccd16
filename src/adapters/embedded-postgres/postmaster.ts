import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Host } from './options.ts'
import { programOf, type RunningProgram } from './processes.ts'

/** What a server writes about itself in `postmaster.pid`. Fields after the pid appear while it starts. */
export interface Postmaster {
  readonly pid: number
  readonly port: number | undefined
  /** Empty when it listens on TCP only. */
  readonly socketDir: string
  readonly status: string
}

/** Reads `postmaster.pid`, whoever the process in it may be. */
export async function readPostmasterFile(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (!(pid > 0)) return undefined
  const port = Number.parseInt(lines[3] ?? '', 10)
  return { pid, port: port > 0 ? port : undefined, socketDir: lines[4] ?? '', status: (lines[7] ?? '').trim() }
}

/** The living server of this very cluster. A dead process, or another program with its number, is no server. */
export async function findPostmaster(cluster: string, host: Host): Promise<Postmaster | undefined> {
  const written = await readPostmasterFile(cluster)
  if (written === undefined) return undefined
  return (await serves(written.pid, cluster, host)) ? written : undefined
}

/** Whether this process is the PostgreSQL server of this cluster. */
export async function serves(pid: number, cluster: string, host: Host): Promise<boolean> {
  const running = await programOf(pid, host)
  if (running === undefined) return false
  if (host.platform === 'win32') return running.line.includes('postgres.exe')
  if (host.platform !== 'linux') return running.line.includes('postgres') && running.line.includes(cluster)
  return basename(running.words[0] ?? '') === 'postgres' && (await inCluster(running, cluster))
}

// Folders are compared by inode: a path may lead through a link, and a copied cluster carries the original's pid file.
async function inCluster(running: RunningProgram, cluster: string): Promise<boolean> {
  const named = running.words[running.words.indexOf('-D') + 1]
  return (await sameFolder(running.cwd, cluster)) || (running.cwd === undefined && (await sameFolder(named, cluster)))
}

async function sameFolder(one: string | undefined, other: string): Promise<boolean> {
  if (one === undefined) return false
  const [a, b] = await Promise.all([stat(one).catch(() => undefined), stat(other).catch(() => undefined)])
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}

/**
 * Removes a pid file that was left empty: its server was killed between making the file and writing into it, so it had no
 * children yet, and PostgreSQL would refuse to start beside it for ever. One that a server is only about to fill is left
 * alone. Call only under the start lock.
 */
export async function dropEmptyPidFile(cluster: string, sleep: (ms: number) => Promise<void>): Promise<void> {
  const path = join(cluster, 'postmaster.pid')
  const isEmpty = async (): Promise<boolean> => (await readFile(path, 'utf8').catch(() => 'none')).trim() === ''
  if (!(await isEmpty())) return
  await sleep(FILLED_WITHIN_MS)
  if (await isEmpty()) await rm(path, { force: true })
}

const FILLED_WITHIN_MS = 500

// Above every platform's highest process id, so that no process ever answers to it.
const NOBODY = '2147483646'

/**
 * Puts an impossible process id into a pid file whose own belongs to another program now: PostgreSQL would take that
 * program for a server and refuse. The file itself stays, because its shared-memory line is how PostgreSQL notices
 * surviving children of a killed server. Call only under the start lock.
 */
export async function disownPidFile(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid')
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text === '') return
  const rest = text.includes('\n') ? text.slice(text.indexOf('\n')) : '\n'
  await writeFile(path, `${NOBODY}${rest}`)
}
