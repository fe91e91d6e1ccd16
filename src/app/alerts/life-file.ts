/**
 * The file `told.json` in the data directory: what people were told last of this desk's starts and ends. It is bounded, for its
 * owner alone, and replaced whole; where it cannot be read or written, people are told once more than they need to be.
 */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Millis } from '../../domain/time.ts'
import type { Log } from '../../ports/log.ts'
import { lifeCodes, mostKept, undelivered, weighLife, type LifeCode, type LifeNotices } from './life-rules.ts'

const schema = z
  .array(z.strictObject({ code: z.enum(lifeCodes), sentence: z.string().regex(/^[0-9a-f]{64}$/), at: z.number().int().nonnegative(), delivered: z.boolean(), keptBack: z.number().int().nonnegative() }))
  .max(mostKept)

/** Twenty notices are a fifth of it. */
const mostBytes = 16_384

export class LifeFile {
  readonly #file: string
  readonly #log: Log | undefined

  constructor(home: string, log: Log | undefined) {
    this.#file = path.join(home, 'told.json')
    this.#log = log
  }

  /** Notes what was raised at this wall time, and answers what to tell people of it; undefined when it is kept back. */
  weigh(code: LifeCode, detail: string, now: Millis): string | undefined {
    const { notices, told } = weighLife(this.#read(), code, detail, now)
    this.#write(notices)
    return told
  }

  /** What was told last has reached nobody. */
  noteUndelivered(): void {
    this.#write(undelivered(this.#read()))
  }

  #read(): LifeNotices {
    try {
      if (statSync(this.#file).size > mostBytes) return []
      const read = schema.safeParse(JSON.parse(readFileSync(this.#file, 'utf8')))
      return read.success ? read.data : []
    } catch {
      return []
    }
  }

  #write(notices: LifeNotices): void {
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 })
      writeFileSync(`${this.#file}.new`, JSON.stringify(notices), { mode: 0o600 })
      renameSync(`${this.#file}.new`, this.#file)
    } catch (error) {
      this.#log?.warn('alerts.notKept', { detail: `${this.#file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): the next start may tell the same again` })
    }
  }
}
