/** The file in the data directory that says which desk works there: process id and address, for the other commands. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const schema = z.object({ pid: z.number().int(), url: z.string().nullable(), startedAt: z.string() })
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

export const writeDeskFile = (home: string, content: DeskFile): void => {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = fileIn(home)
  writeFileSync(`${file}.new`, JSON.stringify(content), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** True when the last desk of this folder has ended without taking its file away: it crashed, was killed, or lost its machine. */
export const wasLeftBehind = (home: string): boolean => {
  if (!existsSync(fileIn(home))) return false
  // In a container every process may have the same id.
  const pid = readDeskFile(home)?.pid
  return pid === undefined || pid === process.pid
}

/** Takes the file away, if it is still this process's. */
export const removeDeskFile = (home: string): void => {
  if (readDeskFile(home)?.pid === process.pid) rmSync(fileIn(home), { force: true })
}

/** The desk that works in this folder; undefined when its process is gone. */
export const readDeskFile = (home: string): DeskFile | undefined => {
  const file = fileIn(home)
  if (!existsSync(file)) return undefined
  try {
    const content = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return content.success && isAlive(content.data.pid) ? content.data : undefined
  } catch {
    return undefined
  }
}
