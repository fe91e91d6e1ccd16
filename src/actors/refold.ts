/**
 * An actor's row made anew from its events, by the machine as it is now: what a row that cannot be read is replaced by,
 * and what every row is checked against (I15).
 */
import type { Address } from '../domain/address.ts'
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import { ActorFailed } from './durable-actor.ts'
import { Folding } from './folding.ts'

/**
 * Folds all events of an actor, the first of which is `created`.
 * @throws ActorFailed when they are not its whole life, or the machine cannot take them
 */
export const refold = (address: Address, events: readonly EventRecord[]): ActorRecord => {
  const [birth, ...life] = events
  if (birth?.address !== address) throw new ActorFailed(`the journal does not hold the whole life of ${address}`)
  const { folding } = Folding.begin(birth)
  for (const event of life) folding.take(event)
  return folding.record()
}
