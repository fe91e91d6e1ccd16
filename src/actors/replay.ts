/**
 * Time travel: an actor's life, step by step, held against its journal and its row.
 *
 * R1  What is judged is the journal up to the row's own count; the row was read first, so later events are not its business.
 * R2  The first event that cannot be taken ends it: from there on nothing is known, and that is said.
 */
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import { memoryChanges } from '../domain/memory-changes.ts'
import { durableMachines } from '../machines/durable-machines.ts'
import type { ReplayInspection, ReplayStep } from '../ports/replay.ts'
import type { Taken } from './durable-actor.ts'
import { Folding } from './folding.ts'
import { rowDifferences } from './row-differences.ts'

/** Most sentences of one answer. */
const mostDifferences = 50

export class Replay {
  readonly #row: ActorRecord
  readonly #differences: string[] = []
  #folding: Folding | undefined
  #taken = 0
  #broken = false

  /** @param row an actor's row, read before its events are */
  constructor(row: ActorRecord) {
    this.#row = row
    const { version } = durableMachines[row.kind]
    if (row.version <= version) return
    this.#broken = true
    this.#tell(`the row was written by version ${row.version} of its machine and this program knows version ${version}: the newer program can replay it`)
  }

  /** True when there is nothing more to take: all is folded that the row counts, or an event could not be taken. */
  get isOver(): boolean {
    return this.#broken || this.#taken >= this.#row.seq
  }

  /** Lives one more event, for the verdict alone; undefined when it cannot be taken, or comes after all that the row counts (R1). */
  live(event: EventRecord): Taken | undefined {
    const taken = this.isOver ? undefined : this.#fold(event)
    if (taken === undefined) return undefined
    this.#taken++
    this.#compare(event, taken)
    return taken
  }

  /** Lives one more event and shows what it did; undefined as `live` says. */
  take(event: EventRecord): ReplayStep | undefined {
    const before = this.#folding?.context ?? {}
    const taken = this.live(event)
    if (taken === undefined || this.#folding === undefined) return undefined
    const { context } = this.#folding
    const { seq, at, type, body } = event
    return { seq, at, event: type, body, from: taken.event.from, to: taken.event.to, context, changed: memoryChanges(before, context), effects: taken.effects }
  }

  /** The verdict, once every event was taken. @param beyond how many events are in the journal after those that the row counts, if it still stands there */
  verdict(beyond: number): Omit<ReplayInspection, 'steps'> {
    const row = this.#row
    const ended = this.#folding?.record()
    if (!this.#broken && this.#taken < row.seq) this.#tell(`the row counts ${row.seq} events and the journal holds ${this.#taken}${row.finished && this.#taken === 0 ? ': lives that ended long ago are let go of (retention.journalDays)' : ''}`)
    if (beyond > 0) this.#tell(`the journal goes on after the ${row.seq} events that the row counts`)
    if (!this.#broken && ended !== undefined) for (const sentence of rowDifferences(row, ended)) this.#tell(sentence)
    return {
      address: row.address,
      machine: row.kind,
      version: durableMachines[row.kind].version,
      ends: ended === undefined ? null : { state: ended.state, context: ended.context },
      row: { state: row.state, seq: row.seq, version: row.version },
      agrees: this.#differences.length === 0,
      differences: this.#differences,
      from: this.#folding === undefined ? null : 1,
    }
  }

  #fold(event: EventRecord): Taken | undefined {
    try {
      if (this.#folding !== undefined) return this.#folding.take(event)
      const { folding, taken } = Folding.begin(event)
      this.#folding = folding
      return taken
    } catch (error) {
      this.#broken = true
      this.#tell(`event ${event.seq} (${event.type}) cannot be taken: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }

  #compare({ seq, type, from, to }: EventRecord, { event }: Taken): void {
    const path = (one: { readonly from: string; readonly to: string }): string => `${one.from === '' ? 'its beginning' : one.from} to ${one.to}`
    if (from !== event.from || to !== event.to) this.#tell(`event ${seq} (${type}) is journalled as leading from ${path({ from, to })}, and leads from ${path(event)}`)
  }

  #tell(sentence: string): void {
    if (this.#differences.length < mostDifferences) this.#differences.push(sentence)
  }
}
