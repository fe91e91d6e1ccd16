/**
 * What a durable machine wants done: data, never a call. The host carries the first group out inside the turn
 * and hands the second to the outside only after the turn's commit.
 *
 * E1  A machine emits effects; it performs none.
 * E2  Every effect of the second group can be derived again from the rows, so none needs a queue that survives.
 */
import { enqueueActions, type EventObject, type MachineContext } from 'xstate'
import type { Address } from '../domain/address.ts'
import type { AlertCode } from '../domain/alert-catalogue.ts'
import type { Fill, OrderReport } from '../domain/order.ts'
import type { Millis } from '../domain/time.ts'
import type { OrderInput } from './order/order-context.ts'

/** An order as a machine wants it; the host adds the moment and the venue's waits. */
export type WantedOrder = Omit<OrderInput, 'claimedAt' | 'openedAt' | 'policy' | 'adopted'>

/** Carried out inside the turn, before the commit. */
export type InnerEffect =
  /** Deliver an event to another durable actor in this same turn. */
  | { readonly type: 'tell'; readonly to: Address; readonly event: EventObject }
  /** Judge the request and begin the order: the new row is the claim. A denial comes back as `denied`. */
  | { readonly type: 'openOrder'; readonly order: WantedOrder }
  /** Begin the order that stands at the venue already. Nothing is sent. */
  | { readonly type: 'adoptOrder'; readonly order: WantedOrder & { readonly adopted: OrderReport } }
  /** Book one execution, and for a buy the lot that it left. */
  | { readonly type: 'bookFill'; readonly fill: Fill; readonly clientOrderId: string; readonly pairId: string }
  | { readonly type: 'setDeadline'; readonly name: string; readonly dueAt: Millis }
  | { readonly type: 'clearDeadline'; readonly name: string }
  /** An event arrived that this state has no answer for. */
  | { readonly type: 'unexpected'; readonly event: string; readonly state: string }

/** Carried out after the commit, by an actor that may touch a port. */
export type OuterEffect =
  | { readonly type: 'sendOrder'; readonly clientOrderId: string }
  | { readonly type: 'sendCancel'; readonly clientOrderId: string; readonly venueOrderId: string }
  | { readonly type: 'lookUp'; readonly clientOrderId: string; readonly venueOrderId: string | null; readonly since: Millis }
  | { readonly type: 'fetchFills'; readonly clientOrderId: string; readonly venueOrderId: string }
  | { readonly type: 'reconcile'; readonly reason: string; readonly asked: number }
  | { readonly type: 'alert'; readonly code: AlertCode; readonly subject?: string; readonly detail: string }

export type Effect = InnerEffect | OuterEffect

/** Every event of a durable machine is stamped by the host with the moment of its turn. */
export type Stamped<E extends { readonly type: string }> = E & { readonly at: Millis }

/** An XState action that emits the effects a pure function derives from the context and the event. */
export const emitting = <C extends MachineContext, E extends EventObject>(
  derive: (args: { readonly context: C; readonly event: E }) => readonly Effect[],
) =>
  enqueueActions<C, E, undefined, E, never, never, never, never, Effect>(({ context, event, enqueue }) => {
    for (const effect of derive({ context, event })) enqueue.emit(effect)
  })
