/** What an actor has asked of the outside and has no answer to yet, derived from its row alone (effect.ts, E2). */
import type { ActorRecord } from '../domain/records.ts'
import type { DeskContext } from './desk/desk-context.ts'
import type { OuterEffect } from './effect.ts'
import type { OrderContext } from './order/order-context.ts'
import { isShortOfFills } from './order/order-rules.ts'

const ofOrder = (state: string, context: OrderContext): readonly OuterEffect[] => {
  const { clientOrderId, venueOrderId } = context
  const lookUp: OuterEffect = { type: 'lookUp', clientOrderId, venueOrderId, since: context.claimedAt }
  if (state === 'submitting') return [{ type: 'sendOrder', clientOrderId }]
  if (state === 'resolving') return [lookUp]
  if (venueOrderId === null) return []
  const cancel: readonly OuterEffect[] = state === 'cancelling' ? [{ type: 'sendCancel', clientOrderId, venueOrderId }] : []
  return isShortOfFills(context) ? [...cancel, { type: 'fetchFills', clientOrderId, venueOrderId }] : cancel
}

const ofDesk = (state: string, { waitsBecause, asked }: DeskContext): readonly OuterEffect[] =>
  state === 'reconciling' ? [{ type: 'reconcile', reason: waitsBecause ?? 'the desk has started', asked }] : []

/** The effects that an actor's present state waits for; none for one that only hears from others. */
export const pendingEffects = ({ kind, state, context }: Pick<ActorRecord, 'kind' | 'state' | 'context'>): readonly OuterEffect[] => {
  if (kind === 'order') return ofOrder(state, context as unknown as OrderContext)
  return kind === 'desk' ? ofDesk(state, context as unknown as DeskContext) : []
}
