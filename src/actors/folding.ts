/**
 * One actor's life, lived again from its journal by its machine as it is now: event after event, as far as somebody wants.
 *
 * F1  Nothing is performed and nothing is told: effects are handed back, and count only for the deadlines that they set.
 * F2  An event as any older version journalled it is taken as its machine takes it now (the event upcasters).
 */
import { kindOf } from '../domain/address.ts'
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import { durableMachines } from '../machines/durable-machines.ts'
import type { Effect } from '../machines/effect.ts'
import { ActorFailed, DurableActor, type Taken } from './durable-actor.ts'

export class Folding {
  readonly #actor: DurableActor

  private constructor(actor: DurableActor) {
    this.#actor = actor
  }

  /**
   * Begins with the first event of a life, which is `created`.
   * @throws ActorFailed when it is another one, or the machine cannot take it
   */
  static begin({ address, type, body, at }: EventRecord): { readonly folding: Folding; readonly taken: Taken } {
    const kind = kindOf(address)
    if (kind === undefined || type !== 'created') throw new ActorFailed(`the journal does not hold the whole life of ${address}`)
    const { actor, taken } = DurableActor.create(address, kind, body, at)
    const folding = new Folding(actor)
    folding.#mark(taken.effects)
    return { folding, taken }
  }

  /**
   * Takes the next event.
   * @throws ActorFailed when it is not the next one, or the machine cannot take it; the folding is then at its end
   */
  take({ seq, type, body, at }: EventRecord): Taken {
    const actor = this.#actor
    const upcast = durableMachines[actor.kind].eventUpcaster
    if (type === 'deadlineDue') actor.clearDeadline(String(body['name']))
    const taken = actor.take({ ...(upcast?.(type, body) ?? body), type }, at)
    if (taken.event.seq !== seq) throw new ActorFailed(`the journal of ${actor.address} has a gap before event ${seq}`)
    this.#mark(taken.effects)
    return taken
  }

  get context(): Readonly<Record<string, unknown>> {
    return this.#actor.context
  }

  /** The row that the events so far lead to. */
  record(): ActorRecord {
    return this.#actor.record()
  }

  #mark(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'setDeadline') this.#actor.setDeadline(effect.name)
      else if (effect.type === 'clearDeadline') this.#actor.clearDeadline(effect.name)
    }
  }
}
