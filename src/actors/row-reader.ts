/**
 * Rows as the machines of this program can continue them.
 *
 * W1  A row of an older version is brought up to date step by step.
 * W2  A row that cannot be continued (a state that is not known, a memory with holes) is folded again from the events.
 * W3  A row of a newer version is refused: this program does not know what it means.
 */
import type { Address } from '../domain/address.ts'
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import { durableMachines, isContinuable } from '../machines/durable-machines.ts'
import type { Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import { refold } from './refold.ts'

/** Thrown when the row could not be read: the store's fault, not the message's. */
export class RowUnreadable extends Error {
  override readonly name = 'RowUnreadable'
}

/** Thrown when a row was written by a newer machine than this code knows. */
export class NewerRow extends Error {
  override readonly name = 'NewerRow'
}

const page = 1_000
/** More events than any actor of a sane desk ever took. */
const mostEvents = 1_000_000

const unreadable = (address: Address) => (error: unknown): never => {
  throw new RowUnreadable(`${address} could not be read: ${error instanceof Error ? error.message : String(error)}`)
}

export class RowReader {
  readonly #journal: Pick<Journal, 'actor' | 'history'>
  readonly #log: Log
  readonly #known: Map<Address, ActorRecord>

  /** @param known rows that were read under this lease, as this program continues them; each is handed out once, to whoever begins to change it */
  constructor(journal: Pick<Journal, 'actor' | 'history'>, log: Log, known: readonly ActorRecord[] = []) {
    this.#journal = journal
    this.#log = log
    this.#known = new Map(known.map((record) => [record.address, record]))
  }

  /** @throws RowUnreadable, NewerRow, ActorFailed */
  async read(address: Address): Promise<ActorRecord | undefined> {
    const known = this.#known.get(address)
    if (known !== undefined) {
      this.#known.delete(address)
      return known
    }
    const record = await this.#journal.actor(address).catch(unreadable(address))
    return record && this.upToDate(record)
  }

  /** The row as this program continues it; at once unless it must be folded again (W1, W2, W3). */
  upToDate(record: ActorRecord): ActorRecord | Promise<ActorRecord> {
    const { version, upcasters } = durableMachines[record.kind]
    if (record.version > version) {
      throw new NewerRow(`${record.address} was written by version ${record.version} of its machine and this program knows version ${version}: start the newer program`)
    }
    const steps = upcasters.slice(record.version - 1)
    const context = steps.reduce((older, upcast) => upcast(older), record.context)
    if (isContinuable(record.kind, record.state, context)) return steps.length === 0 ? record : { ...record, version, context }
    return this.#again(record)
  }

  async #again({ address, state, seq }: ActorRecord): Promise<ActorRecord> {
    this.#log.warn('row.folded', { address, detail: `its row (${state}, ${seq} events) cannot be continued and is folded again from the journal` })
    return refold(address, await this.#history(address).catch(unreadable(address)))
  }

  async #history(address: Address): Promise<readonly EventRecord[]> {
    const events: EventRecord[] = []
    while (events.length < mostEvents) {
      const more = await this.#journal.history(address, events.at(-1)?.seq ?? 0, page)
      events.push(...more)
      if (more.length < page) return events
    }
    throw new Error(`${address} has more than ${mostEvents} events`)
  }
}
