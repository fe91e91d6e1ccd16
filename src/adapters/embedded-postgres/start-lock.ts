import { randomBytes } from 'node:crypto'
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { EmbeddedPostgresError, codeOf } from './embedded-postgres-error.ts'
import type { EmbeddedPostgresOptions, Host } from './options.ts'
import { birthOf } from './processes.ts'

const POLL_MS = 25

/**
 * Runs `work` while holding the lock file, so that one desk at a time makes or starts a cluster. The file names its
 * holder by process id and start time: a holder killed with -9, or before a reboot, is set aside. Rejects with `busy`
 * when a living holder keeps it longer than `timeoutMs`.
 */
export async function withStartLock<T>(path: string, options: EmbeddedPostgresOptions, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const mine = `${options.host.pid} ${(await birthOf(options.host.pid, options.host)) ?? ''} ${randomBytes(8).toString('hex')}`
  await acquire(path, mine, options, timeoutMs)
  try {
    return await work()
  } finally {
    if ((await content(path)) === mine) await unlink(path).catch(() => undefined)
  }
}

async function acquire(path: string, mine: string, options: EmbeddedPostgresOptions, timeoutMs: number): Promise<void> {
  const deadline = options.now() + timeoutMs
  while (!(await take(path, mine))) {
    const holder = await content(path)
    if (holder === undefined) continue
    if (await isDead(holder, options.host)) await setAside(path, holder)
    else if (options.now() >= deadline) throw busy(path, holder)
    else await options.sleep(POLL_MS)
  }
}

// A hard link appears with its content at once: nobody ever reads a half-written lock.
async function take(path: string, mine: string): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, mine, { mode: 0o600 })
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft).catch(() => undefined)
  }
}

async function isDead(holder: string, host: Host): Promise<boolean> {
  const pid = Number.parseInt(holder, 10)
  if (!(pid > 0)) return true
  const birth = await birthOf(pid, host)
  return birth === undefined || birth !== holder.slice(holder.indexOf(' ') + 1, holder.lastIndexOf(' '))
}

// Two desks may judge the same dead holder: the slower one may catch the faster one's fresh lock, and puts it back.
async function setAside(path: string, dead: string): Promise<void> {
  const aside = `${path}.dead-${randomBytes(6).toString('hex')}`
  const moved = await rename(path, aside).then(() => true, () => false)
  if (!moved) return
  if ((await content(aside)) !== dead) await link(aside, path).catch(() => undefined)
  await unlink(aside).catch(() => undefined)
}

async function content(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}

function busy(path: string, holder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'busy',
    `Process ${Number.parseInt(holder, 10)} has been starting the embedded PostgreSQL for too long (${path}): wait for it or end it, then start again.`,
  )
}
