/** What happened, in order: a hash that says whether two runs were the same, and lines for people who ask. */
import { createHash } from 'node:crypto'
import type { Batch } from '../src/ports/journal.ts'

/** Takes one line at a time, without its end. */
export type PrintLine = (line: string) => void

/** Of an event's body, for people. */
const longestBody = 300

export class Trace {
  readonly #hash = createHash('sha1')
  readonly #now: () => number
  readonly #print: PrintLine | undefined

  constructor(now: () => number, print: PrintLine | undefined) {
    this.#now = now
    this.#print = print
  }

  /** Something that a second run must do at the same moment. */
  note(what: string, text: string): void {
    this.#hash.update(`${this.#now()} ${what} ${text}\n`)
    this.say(what, text)
  }

  /** For people only. */
  say(what: string, text: string): void {
    this.#print?.(`${(this.#now() / 1_000).toFixed(3).padStart(9)}  ${what.padEnd(9)} ${text}`)
  }

  /** Notes a batch that took hold; hands back the text of its events. */
  batch(life: number, { id, turns }: Batch): string {
    const text = JSON.stringify(turns.map(({ events, fills }) => [events, fills]))
    this.#hash.update(`${this.#now()} commit ${id} ${text}\n`)
    if (this.#print !== undefined) for (const { address, type, from, to, body } of turns.flatMap((turn) => turn.events)) this.say(`process ${life}`, `${address} ${type}: ${from} -> ${to} ${JSON.stringify(body).slice(0, longestBody)}`)
    return text
  }

  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16)
  }
}
