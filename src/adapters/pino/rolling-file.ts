/**
 * One log file that does not grow without bound: `name.log`, and before it `name.1.log`, `name.2.log` ... up to as many as are kept.
 *
 * F1  A line is in one file, whole, when `write` returns; it is the system's to bring it to the disk.
 * F2  What goes wrong after it was opened is told once, and never thrown: a full disk stops no desk. It is tried again with every line.
 */
import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'

export interface RollingFileOptions {
  readonly folder: string
  /** Without `.log`. */
  readonly name: string
  readonly maxBytes: number
  /** Files in all, the one that is written included. */
  readonly keep: number
  /** Told when writing begins to fail, with the system's code, and undefined when it works again. Must not throw. */
  readonly onTrouble: (code: string | undefined) => void
}

/** The names of a log's files, the oldest first; the last is the one that is written. */
export const fileOf = (folder: string, name: string, age: number): string => path.join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`)

const newline = 0x0a

export class RollingFile {
  readonly #options: RollingFileOptions
  #file: number | undefined
  #bytes = 0
  #inTrouble = false

  /** @throws the system's error when the folder cannot be written to */
  constructor(options: RollingFileOptions) {
    this.#options = options
    this.#open()
  }

  /** @param line ends with a line feed */
  write(line: string): void {
    try {
      const bytes = Buffer.from(line)
      if (this.#bytes > 0 && this.#bytes + bytes.length > this.#options.maxBytes) this.#roll()
      this.#append(bytes)
      this.#tell(undefined)
    } catch (error) {
      // Half a line may stand there: opening again ends it.
      this.#forget()
      this.#tell((error as NodeJS.ErrnoException).code ?? 'unknown')
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #append(bytes: Buffer): void {
    const file = this.#file ?? this.#open()
    // A disk that fills takes a part of a line: the next one begins on its own.
    for (let from = 0; from < bytes.length; ) {
      const written = writeSync(file, bytes, from)
      from += written
      this.#bytes += written
    }
  }

  /** A line that a death or a full disk has cut off is ended, so that what follows can be read. */
  #open(): number {
    const file = openSync(fileOf(this.#options.folder, this.#options.name, 0), 'a+', 0o600)
    this.#file = file
    this.#bytes = fstatSync(file).size
    const last = Buffer.alloc(1)
    if (this.#bytes > 0 && readSync(file, last, 0, 1, this.#bytes - 1) === 1 && last[0] !== newline) this.#bytes += writeSync(file, '\n')
    return file
  }

  #roll(): void {
    const { folder, name, keep } = this.#options
    this.close()
    rmSync(fileOf(folder, name, keep - 1), { force: true })
    for (let age = keep - 2; age >= 0; age--) if (existsSync(fileOf(folder, name, age))) renameSync(fileOf(folder, name, age), fileOf(folder, name, age + 1))
    this.#open()
  }

  #tell(code: string | undefined): void {
    if ((code !== undefined) === this.#inTrouble) return
    this.#inTrouble = code !== undefined
    this.#options.onTrouble(code)
  }

  #forget(): void {
    try {
      this.close()
    } catch {
      this.#file = undefined
    }
  }
}
