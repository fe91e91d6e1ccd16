/**
 * Where durable actors are found: awake in memory, or passive in their rows until somebody writes to them.
 *
 * A1  An actor with an uncommitted change is never put to sleep.
 * A2  At most `maxAwake` committed actors are awake; the longest quiet goes to sleep first.
 */
import type { Address } from '../domain/address.ts'
import type { ActorRecord } from '../domain/records.ts'
import { DurableActor } from './durable-actor.ts'

export interface ActorLoader {
  /** @throws RowUnreadable when the store did not answer; whatever else it throws is about the row itself */
  actor(address: Address): Promise<ActorRecord | undefined>
  deadlineNames(address: Address): readonly string[]
}

export class ActorDirectory {
  readonly #awake = new Map<Address, DurableActor>()
  readonly #loader: ActorLoader
  readonly #maxAwake: number

  constructor(loader: ActorLoader, maxAwake: number) {
    this.#loader = loader
    this.#maxAwake = maxAwake
  }

  get awake(): number {
    return this.#awake.size
  }

  /** The actor, at once when it is awake; undefined (in the promise) when no such actor was ever begun. */
  find(address: Address): DurableActor | Promise<DurableActor | undefined> {
    const actor = this.#awake.get(address)
    if (actor === undefined) return this.#wake(address)
    this.#awake.delete(address)
    this.#awake.set(address, actor)
    return actor
  }

  async #wake(address: Address): Promise<DurableActor | undefined> {
    const record = await this.#loader.actor(address)
    if (record === undefined) return undefined
    const actor = DurableActor.restore(record, this.#loader.deadlineNames(address))
    this.#awake.set(address, actor)
    return actor
  }

  add(actor: DurableActor): void {
    this.#awake.set(actor.address, actor)
  }

  /** Forgets what memory says of these actors; the next message reads their rows. */
  drop(addresses: Iterable<Address>): void {
    for (const address of addresses) this.#awake.delete(address)
  }

  /** Puts to sleep what has finished and what is beyond the bound, as far as batch `committed` has confirmed it (A1, A2). */
  settle(touched: Iterable<Address>, committed: number): void {
    for (const address of touched) {
      const actor = this.#awake.get(address)
      if (actor !== undefined && actor.touchedBy <= committed && actor.isFinished) this.#awake.delete(address)
    }
    for (const [address, actor] of this.#awake) {
      if (this.#awake.size <= this.#maxAwake) return
      if (actor.touchedBy <= committed) this.#awake.delete(address)
    }
  }
}
