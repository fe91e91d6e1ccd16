/**
 * What a venue says beyond its documents, and events that mean nothing to the desk: survived, and counted, so that a
 * person hears of a change before it matters. The log is told the first, tenth, hundredth of each.
 */
import type { Log } from '../../ports/log.ts'
import { isRecord } from './reading.ts'

/** What the documents know of a row: its fields, and the words that some of them may hold. */
export interface Vocabulary {
  readonly fields: ReadonlySet<string>
  readonly words: Readonly<Record<string, ReadonlySet<unknown>>>
}

/** A vocabulary from names with blanks between them. */
export const vocabulary = (fields: string, words: Readonly<Record<string, string>> = {}): Vocabulary => ({
  fields: new Set(fields.split(/\s+/)),
  words: Object.fromEntries(Object.entries(words).map(([field, text]) => [field, new Set<unknown>(text.split(/\s+/))])),
})

/** Kinds that are told apart; beyond them they are one. */
const mostKinds = 200
/** Longest name that is kept. */
const longest = 80

export class Novelties {
  readonly #log: Log
  readonly #counts = new Map<string, number>()

  constructor(log: Log) {
    this.#log = log
  }

  /** How often each was met. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  /** An event that the desk has no use for. */
  ignored(type: string | undefined): void {
    this.#note('debug', 'venue.eventIgnored', `event ${type ?? 'unnamed'}`)
  }

  /** A row: fields that are not documented, and undocumented words in those that are. An absent or empty word is none. */
  row(kind: string, row: unknown, { fields, words }: Vocabulary): void {
    if (!isRecord(row)) return
    for (const field in row) if (!fields.has(field)) this.#note('info', 'venue.novelty', `field ${kind}.${field}`)
    for (const field in words) {
      const word = row[field]
      if (typeof word === 'string' && word !== '' && words[field]?.has(word) === false) this.#note('info', 'venue.novelty', `word ${kind}.${field}=${word}`)
    }
  }

  #note(level: 'debug' | 'info', event: string, what: string): void {
    const short = what.slice(0, longest)
    const name = this.#counts.has(short) || this.#counts.size < mostKinds ? short : 'other'
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    if (/^10*$/.test(String(count))) this.#log[level](event, { what: name, count })
  }
}
