/**
 * An actor's row made anew from its events, by the machine as it is now: what a row that cannot be read is replaced by,
 * and what every row is checked against (I15). Nothing is performed; effects are only counted for the deadlines they set.
 */
import { kindOf, type Address } from '../domain/address.ts'
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import { durableMachines } from '../machines/durable-machines.ts'
import type { Effect } from '../machines/effect.ts'
import { ActorFailed, DurableActor } from './durable-actor.ts'

const mark = (actor: DurableActor, effects: readonly Effect[]): void => {
  for (const effect of effects) {
    if (effect.type === 'setDeadline') actor.setDeadline(effect.name)
    else if (effect.type === 'clearDeadline') actor.clearDeadline(effect.name)
  }
}

/**
 * Folds all events of an actor, the first of which is `created`.
 * @throws ActorFailed when they are not its whole life, or the machine cannot take them
 */
export const refold = (address: Address, events: readonly EventRecord[]): ActorRecord => {
  const [birth, ...life] = events
  const kind = kindOf(address)
  if (kind === undefined || birth?.type !== 'created') throw new ActorFailed(`the journal does not hold the whole life of ${address}`)
  const upcast = durableMachines[kind].eventUpcaster
  const { actor, taken } = DurableActor.create(address, kind, birth.body, birth.at)
  mark(actor, taken.effects)
  for (const { seq, type, body, at } of life) {
    if (type === 'deadlineDue') actor.clearDeadline(String(body['name']))
    const { event, effects } = actor.take({ ...(upcast?.(type, body) ?? body), type }, at)
    if (event.seq !== seq) throw new ActorFailed(`the journal of ${address} has a gap before event ${seq}`)
    mark(actor, effects)
  }
  return actor.record()
}
