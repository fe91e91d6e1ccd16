import { chmod, copyFile, open, stat, truncate, type FileHandle } from 'node:fs/promises'

const LIMIT_BYTES = 8 * 1024 * 1024
const TAIL_BYTES = 16 * 1024

/** Keeps at most two files of 8 MiB. Cuts in place, because a running server goes on appending to the same file. */
export async function boundLog(path: string): Promise<void> {
  if ((await logSize(path)) <= LIMIT_BYTES) return
  await copyFile(path, `${path}.1`)
  await chmod(`${path}.1`, 0o600)
  await truncate(path, 0)
}

/** Opens the server's log for appending, readable by its owner only. */
export async function openLog(path: string): Promise<FileHandle> {
  return open(path, 'a', 0o600)
}

/** The log's size in bytes; 0 when there is none. */
export async function logSize(path: string): Promise<number> {
  return stat(path).then(({ size }) => size, () => 0)
}

/** What was written after `offset` bytes, at most the last 16 KiB. */
export async function logSince(path: string, offset: number): Promise<string> {
  const size = await logSize(path)
  const from = Math.max(offset, size - TAIL_BYTES)
  if (size <= from) return ''
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The line that best explains a failed start: the last fatal one, else the last. */
export function tellingLine(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  return lines.findLast((line) => /\b(FATAL|PANIC):/.test(line)) ?? lines.at(-1) ?? 'it wrote nothing to its log'
}
