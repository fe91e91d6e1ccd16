/** Events that mean nothing to the desk, counted without filling the log: it is told the first, tenth, hundredth of a kind. */
import type { Log } from '../../ports/log.ts'

/** Kinds that are told apart; the venue has about ten. */
const mostKinds = 50

export class IgnoredEvents {
  readonly #log: Log
  readonly #counts = new Map<string, number>()

  constructor(log: Log) {
    this.#log = log
  }

  note(type: string | undefined): void {
    const known = (type ?? 'unnamed').slice(0, 40)
    const name = this.#counts.has(known) || this.#counts.size < mostKinds ? known : 'other'
    const count = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, count)
    if (/^10*$/.test(String(count))) this.#log.debug('venue.eventIgnored', { event: name, count })
  }
}
