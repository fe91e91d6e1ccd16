/** Turns between their message and their commit. */
import type { Address } from '../domain/address.ts'
import type { Millis } from '../domain/time.ts'
import { repairsOf } from './audit-trail.ts'
import type { Message, TurnDraft } from './turn.ts'

/** A message that waits for its turn. */
export interface Waiting {
  readonly message: Message
  readonly settle?: (outcome: 'committed' | 'quarantined') => void
  /** Set on the message that holds a pair because another one was set aside: why. */
  readonly quarantines?: string
}

/** A turn that was run and is not durable yet, with the message that it came from. */
export interface Drafted {
  readonly waiting: Waiting
  readonly draft: TurnDraft
  readonly decidedAt: Millis
}

/** The actors that the turns have touched. */
export const addressesOf = (drafted: readonly Drafted[]): readonly Address[] =>
  drafted.flatMap(({ draft }) => draft.touched.map((actor) => actor.address))

/** The turn with what its message brings along: a comparison with the venue, or why another message was set aside. */
export const withRecords = (draft: TurnDraft, { quarantines, message }: Waiting): TurnDraft => {
  const { reconciliation } = message
  if (reconciliation !== undefined) return { ...draft, reconciliation, audit: [...(draft.audit ?? []), ...repairsOf(reconciliation, draft.at)] }
  if (quarantines === undefined) return draft
  return { ...draft, quarantined: { id: draft.id, at: draft.at, address: message.to, event: { ...message.event }, detail: quarantines } }
}
