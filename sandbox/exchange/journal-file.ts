import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'

/** An append-only file of lines. A line counts once its write call has returned: it then survives the death of this process. */
export interface JournalFile {
  /** Every complete line found at opening. */
  readonly lines: readonly string[]
  /** False when lines need not be written: nothing is kept. */
  readonly keeps: boolean
  append(lines: readonly string[]): void
  close(): void
}

/** The journal could not be written; whatever was being done is in doubt and the process must end. */
export class JournalFault extends Error {}

/** Opens or makes the file; a last line without its newline was torn by a kill and is cut off. */
export function openJournal(path: string): JournalFile {
  const file = openSync(path, 'a+', 0o600)
  const text = readFileSync(path)
  const complete = text.lastIndexOf(0x0a) + 1
  if (complete < text.length) ftruncateSync(file, complete)
  return {
    lines: text.subarray(0, complete).toString('utf8').split('\n').filter(Boolean),
    keeps: true,
    append: (lines) => writeWhole(file, Buffer.from(lines.map((line) => `${line}\n`).join(''))),
    close: () => closeSync(file),
  }
}

/** A journal that keeps nothing, for tests and trials. */
export function forgetfulJournal(): JournalFile {
  return { lines: [], keeps: false, append: () => undefined, close: () => undefined }
}

function writeWhole(file: number, bytes: Buffer): void {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written)
  } catch (cause) {
    throw new JournalFault(`the ledger cannot be written (${cause instanceof Error ? cause.message : String(cause)}); make room and start again on the same --home`, { cause })
  }
}
