/**
 * One turn: everything that one message causes inside, gathered to be committed as one.
 *
 * N1  Effects on other actors are carried out in the same turn, until none is left; a turn has at most
 *     `maxEvents` events, and one that wants more is a fault.
 * N2  An order begins with the gate's approval only; its row in `submitting` is the claim.
 * N3  What is meant for the outside is only collected here.
 */
import type { EventObject } from 'xstate'
import { kindOf, orderAddress, pairAddress, type ActorKind, type Address } from '../domain/address.ts'
import type { Fill } from '../domain/order.ts'
import { netQuantity } from '../domain/profit.ts'
import type { AuditRecord, EventRecord, FillRecord, LotRecord, ReconciliationRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { Turn } from '../ports/journal.ts'
import type { Effect, OuterEffect, WantedOrder } from '../machines/effect.ts'
import type { OrderInput, OrderPolicy } from '../machines/order/order-context.ts'
import type { Denied } from '../risk/verdict.ts'
import type { ActorDirectory } from './actor-directory.ts'
import { decisionsOf } from './audit-trail.ts'
import { ActorFailed, DurableActor, type Taken } from './durable-actor.ts'

/** Something for a durable actor. With `create` it begins a new one: no row is looked for, and the store refuses a second. */
export interface Message {
  readonly to: Address
  readonly event: EventObject
  readonly create?: Readonly<Record<string, unknown>>
  /** Written in the same transaction. */
  readonly reconciliation?: ReconciliationRecord
  /** The command that the event carries out: its record is written in the same transaction. */
  readonly command?: Pick<AuditRecord, 'kind' | 'who' | 'reason'> & { readonly commandId: string }
}

/** One event and the memory of its actor on either side of it; `before` is empty when the event began it. */
export interface Change {
  readonly kind: ActorKind
  readonly event: Pick<EventRecord, 'type' | 'body' | 'from' | 'to'>
  readonly before: Readonly<Record<string, unknown>>
  readonly after: Readonly<Record<string, unknown>>
}

/** What the turn needs to know that is not in the rows. */
export interface TurnRules {
  readonly venue: string
  readonly orderPolicy: OrderPolicy
  /** The gate's word on an order that is about to begin; the order as it may begin, or the denial. */
  judge(order: WantedOrder, at: Millis): { readonly order: WantedOrder } | Denied
  /** Counts an order that stands at the venue already, until its row does. */
  count(order: WantedOrder): void
  /** The venue's time now: what a claim made now is dated and signed with. */
  claimTime(): Millis
  /** What an event means to actors that its own machine does not know: told to them in the same turn. */
  consequences(change: Change): readonly Message[]
  /** The base asset of an instrument. */
  baseOf(instrument: string): string
}

/** A turn before it is given its place in a batch. */
export interface TurnDraft extends Omit<Turn, 'events'> {
  readonly events: readonly Omit<EventRecord, 'position'>[]
  readonly touched: readonly DurableActor[]
  readonly effects: readonly OuterEffect[]
  /** What the machines had no answer for, and messages to actors that do not exist. */
  readonly surprises: readonly string[]
}

/** Thrown when a turn would not come to an end. */
export class EndlessTurn extends Error {
  override readonly name = 'EndlessTurn'
}

/** Room for an order that was filled in thousands of executions and is read in one listing (FS-19). */
export const maxEvents = 10_000

export class TurnRun {
  readonly #id: string
  readonly #at: Millis
  readonly #directory: ActorDirectory
  readonly #rules: TurnRules
  readonly #queue: Message[] = []
  readonly #events: Omit<EventRecord, 'position'>[] = []
  readonly #touched = new Set<DurableActor>()
  readonly #fills: FillRecord[] = []
  readonly #lots: LotRecord[] = []
  readonly #deadlines = new Map<string, { address: Address; name: string; dueAt: Millis | undefined }>()
  readonly #effects: OuterEffect[] = []
  readonly #surprises: string[] = []
  #audit: Omit<AuditRecord, 'after'> | undefined

  constructor(options: { id: string; at: Millis; directory: ActorDirectory; rules: TurnRules }) {
    this.#id = options.id
    this.#at = options.at
    this.#directory = options.directory
    this.#rules = options.rules
  }

  /**
   * Runs the message and all it causes. Waits only when an actor must be woken.
   * @throws ActorFailed, EndlessTurn; everything touched is then in an unknown state and must be dropped
   */
  async run(message: Message): Promise<TurnDraft> {
    this.#queue.push(message)
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.#events.length >= maxEvents) throw new EndlessTurn(`the turn of ${message.event.type} to ${message.to} does not end`)
      const found = next.create === undefined ? this.#directory.find(next.to) : this.#beginActor(next.to, next.create)
      const actor = found instanceof DurableActor ? found : await found
      if (actor === undefined) this.#surprises.push(`${next.event.type} for ${next.to}, which does not exist`)
      else {
        if (next.command !== undefined) this.#audit = { pairId: null, orderId: null, rule: null, ...next.command, at: this.#at, target: next.to, before: next.create === undefined ? actor.state : '' }
        this.#deliver(actor, next.event)
      }
    }
    return this.#draft()
  }

  /** The actors this turn has changed so far, also when it failed. */
  get touched(): Iterable<DurableActor> {
    return this.#touched
  }

  #beginActor(address: Address, input: Readonly<Record<string, unknown>>): DurableActor {
    const kind = kindOf(address)
    if (kind === undefined) throw new ActorFailed(`${address} is no address of an actor`)
    return this.#create(address, kind, input)
  }

  #create(address: Address, kind: ActorKind, input: Readonly<Record<string, unknown>>): DurableActor {
    const { actor, taken } = DurableActor.create(address, kind, input, this.#at)
    this.#directory.add(actor)
    this.#note(actor, taken, {})
    return actor
  }

  #deliver(actor: DurableActor, event: EventObject): void {
    // Before it takes the event: an actor that fails on it is stopped, and must be dropped with the rest.
    this.#touched.add(actor)
    if (event.type === 'deadlineDue') this.#clearDeadline(actor, String((event as EventObject & { name?: unknown }).name))
    const before = actor.context
    this.#note(actor, actor.take(event, this.#at), before)
  }

  #note(actor: DurableActor, taken: Taken, before: Change['before']): void {
    this.#touched.add(actor)
    this.#events.push({ ...taken.event, turn: this.#id })
    for (const effect of taken.effects) this.#carryOut(actor, effect)
    this.#queue.push(...this.#rules.consequences({ kind: actor.kind, event: taken.event, before, after: actor.context }))
  }

  #carryOut(actor: DurableActor, effect: Effect): void {
    switch (effect.type) {
      case 'tell':
        this.#queue.push({ to: effect.to, event: effect.event })
        return
      case 'openOrder':
        this.#open(effect.order)
        return
      case 'adoptOrder':
        this.#rules.count(effect.order)
        this.#begin(effect.order)
        return
      case 'bookFill':
        this.#book(effect.fill, effect.clientOrderId, effect.pairId)
        return
      case 'setDeadline':
        actor.setDeadline(effect.name)
        this.#deadlines.set(`${actor.address} ${effect.name}`, { address: actor.address, name: effect.name, dueAt: effect.dueAt })
        return
      case 'clearDeadline':
        this.#clearDeadline(actor, effect.name)
        return
      case 'unexpected':
        this.#surprises.push(`${effect.event} for ${effect.state} in state ${actor.state}`)
        return
      default:
        this.#effects.push(effect)
    }
  }

  #open(order: WantedOrder): void {
    const verdict = this.#rules.judge(order, this.#at)
    if ('rule' in verdict) {
      const { rule, detail } = verdict
      this.#queue.push({ to: pairAddress(order.pairId), event: { type: 'denied', leg: order.leg, rule, detail } as EventObject })
      return
    }
    this.#begin(verdict.order)
  }

  #begin(order: WantedOrder & Pick<OrderInput, 'adopted'>): void {
    const { orderPolicy: policy } = this.#rules
    const claimedAt = order.adopted?.createdAt ?? this.#rules.claimTime()
    const input: OrderInput = { ...order, claimedAt, openedAt: this.#at, policy }
    this.#create(orderAddress(order.clientOrderId), 'order', { ...input })
  }

  #book(fill: Fill, clientOrderId: string, pairId: string): void {
    const { venue } = this.#rules
    this.#fills.push({ venue, fill, clientOrderId, pairId })
    if (fill.side === 'sell') return
    const { instrument, tradeId, venueOrderId } = fill
    const net = netQuantity({ base: this.#rules.baseOf(instrument) }, fill)
    this.#lots.push({ venue, instrument, tradeId, venueOrderId, pairId, net })
  }

  #clearDeadline(actor: DurableActor, name: string): void {
    if (!actor.clearDeadline(name)) return
    this.#deadlines.set(`${actor.address} ${name}`, { address: actor.address, name, dueAt: undefined })
  }

  #draft(): TurnDraft {
    const deadlines = [...this.#deadlines.values()]
    const actors = [...this.#touched].map((actor) => actor.record())
    const audit = [...this.#commanded(), ...decisionsOf(this.#events, actors, this.#at)]
    return {
      id: this.#id,
      at: this.#at,
      events: this.#events,
      actors,
      fills: this.#fills,
      lots: this.#lots,
      deadlines: deadlines.flatMap(({ dueAt, ...rest }) => (dueAt === undefined ? [] : [{ ...rest, dueAt, setAt: this.#at }])),
      cleared: deadlines.flatMap(({ dueAt, ...rest }) => (dueAt === undefined ? [rest] : [])),
      touched: [...this.#touched],
      effects: this.#effects,
      surprises: this.#surprises,
      ...(audit.length > 0 && { audit }),
    }
  }

  /** The command that began the turn, with the state to which it led. */
  #commanded(): readonly AuditRecord[] {
    const command = this.#audit
    if (command === undefined) return []
    const [kind, id = null] = command.target.split('/')
    const after = [...this.#touched].find((actor) => actor.address === command.target)?.state ?? ''
    return [{ ...command, after, pairId: kind === 'trade-pair' ? id : null, orderId: kind === 'order' ? id : null }]
  }
}
