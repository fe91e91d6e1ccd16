/**
 * The file in the data directory that says which desk works there: its process, address and store, for the other commands.
 *
 * F1  A process id alone is not believed: in a container, or after a boot, it may be anybody's. Where the platform tells, the
 *     process must also have been born when the desk was.
 * F2  Whoever reads is never the desk that it reads about.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { birthOf } from '../adapters/system/process-birth.ts'

const schema = z.object({
  pid: z.number().int(),
  /** What tells the process from a later one with its id; null where the platform does not say. */
  born: z.string().nullable().default(null),
  url: z.string().nullable(),
  /** The store's place, as `placeOfStore` names it; null in a file of an older version. */
  store: z.string().nullable().default(null),
  /** What its sessions in the store are called, and no other desk's are; empty in a file of an older version. */
  session: z.string().default(''),
  startedAt: z.string(),
})
export type DeskFile = z.infer<typeof schema>

const fileIn = (home: string): string => path.join(home, 'desk.json')

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** What it says, whether the desk lives or not; undefined when there is none, or it says nothing. */
const contentOf = (home: string): DeskFile | undefined => {
  try {
    return schema.safeParse(JSON.parse(readFileSync(fileIn(home), 'utf8'))).data
  } catch {
    return undefined
  }
}

/** Whether the process of that id is still the one that the file is about (F1). */
const isItself = ({ pid, born }: DeskFile): boolean => {
  const now = birthOf(pid)
  return isAlive(pid) && (born === null || now === undefined || born === now)
}

/** Says that this process is the desk of the folder. */
export const writeDeskFile = (home: string, content: Pick<DeskFile, 'url' | 'store' | 'session' | 'startedAt'>): void => {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = fileIn(home)
  writeFileSync(`${file}.new`, JSON.stringify({ pid: process.pid, born: birthOf(process.pid) ?? null, ...content } satisfies DeskFile), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** The desk that works in this folder, another process than this one (F2); undefined when it is gone. */
export const readDeskFile = (home: string): DeskFile | undefined => {
  const content = contentOf(home)
  return content !== undefined && content.pid !== process.pid && isItself(content) ? content : undefined
}

/** True when the last desk of this folder has ended without taking its file away: it crashed, was killed, or lost its machine. */
export const wasLeftBehind = (home: string): boolean => existsSync(fileIn(home)) && readDeskFile(home) === undefined

/** Takes the file away, if it is still this process's. */
export const removeDeskFile = (home: string): void => {
  const content = contentOf(home)
  if (content?.pid === process.pid && isItself(content)) rmSync(fileIn(home), { force: true })
}

/** Whether a desk has ever begun to run in this folder. */
export const wasEverADesks = (home: string): boolean => ['token', 'desk.json', 'postgres', 'postgres-elsewhere.json'].some((name) => existsSync(path.join(home, name)))
