/** Reads the log's files across their rotations, from the oldest on, and then what is added. */
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { fileOf } from '../adapters/pino/rolling-file.ts'

const chunkBytes = 65_536
/** More files than any configuration keeps. */
const mostFiles = 1_000

/** The files that are there, the oldest first. */
export const filesOf = (folder: string, name: string): readonly string[] => {
  const files: string[] = []
  for (let age = 0; age < mostFiles; age++) {
    const file = fileOf(folder, name, age)
    if (!existsSync(file)) break
    files.unshift(file)
  }
  return files
}

const inodeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.ino

/** A place in the files that survives their being renamed. */
export class LogReader {
  readonly #folder: string
  readonly #name: string
  #file: number | undefined
  #rest = ''
  #decoder = new StringDecoder('utf8')

  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
  }

  /** The whole lines that were added since the last call; at first, all there are. */
  *lines(): Generator<string> {
    if (this.#file === undefined) {
      const [oldest] = filesOf(this.#folder, this.#name)
      if (oldest === undefined) return
      this.#file = openSync(oldest, 'r')
    }
    for (;;) {
      yield* this.#toTheEnd(this.#file)
      const next = this.#newer(this.#file)
      if (next === undefined) return
      // Between the two looks the file may have been added to and then renamed.
      yield* this.#toTheEnd(this.#file)
      closeSync(this.#file)
      this.#file = openSync(next, 'r')
      this.#decoder = new StringDecoder('utf8')
      this.#rest = ''
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  *#toTheEnd(file: number): Generator<string> {
    const chunk = Buffer.alloc(chunkBytes)
    for (let size = readSync(file, chunk, 0, chunkBytes, null); size > 0; size = readSync(file, chunk, 0, chunkBytes, null)) {
      const parts = `${this.#rest}${this.#decoder.write(chunk.subarray(0, size))}`.split('\n')
      this.#rest = parts.pop() ?? ''
      yield* parts.filter((line) => line !== '')
    }
  }

  /** The file after the one that is open; undefined when that is the newest. One that was thrown away meanwhile is followed by the oldest. */
  #newer(file: number): string | undefined {
    const files = filesOf(this.#folder, this.#name)
    const { ino } = fstatSync(file)
    const at = files.findIndex((one) => inodeOf(one) === ino)
    return files[at + 1]
  }
}
