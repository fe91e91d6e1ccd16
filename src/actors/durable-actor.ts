/**
 * One durable actor: a pure machine, awake. It takes an event and hands back what became of it; it never
 * reaches outside.
 */
import { createActor, type AnyActorRef, type EventObject } from 'xstate'
import type { ActorKind, Address } from '../domain/address.ts'
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import { durableMachines, statePath, stateValue } from '../machines/durable-machines.ts'
import type { Effect } from '../machines/effect.ts'

/** Thrown when a machine's own code fails; the actor is not to be used again. */
export class ActorFailed extends Error {
  override readonly name = 'ActorFailed'
}

/** What one event did. */
export interface Taken {
  readonly event: Omit<EventRecord, 'position' | 'turn'>
  readonly effects: readonly Effect[]
}

export class DurableActor {
  readonly address: Address
  readonly kind: ActorKind
  /** The number of the last batch that changed it. */
  touchedBy = 0
  #seq: number
  #since: Millis
  #failure: string | undefined
  #effects: Effect[] = []
  readonly #deadlines: Set<string>
  readonly #ref: AnyActorRef

  private constructor(address: Address, kind: ActorKind, options: { input?: unknown; record?: ActorRecord; deadlines?: readonly string[] }) {
    this.address = address
    this.kind = kind
    this.#seq = options.record?.seq ?? 0
    this.#since = options.record?.since ?? 0
    this.#deadlines = new Set(options.deadlines)
    const { machine } = durableMachines[kind]
    const snapshot = options.record && machine.resolveState({ value: stateValue(options.record.state), context: options.record.context })
    this.#ref = createActor(machine, { input: options.input, ...(snapshot && { snapshot }) } as never)
    this.#ref.on('*', (effect: unknown) => this.#effects.push(effect as Effect))
    this.#ref.subscribe({ error: (error: unknown) => { this.#failure = error instanceof Error ? error.message : JSON.stringify(error) } })
    this.#ref.start()
  }

  /** Wakes an actor from its row. */
  static restore(record: ActorRecord, deadlines: readonly string[]): DurableActor {
    return new DurableActor(record.address, record.kind, { record, deadlines })
  }

  /** Begins a new actor; its first event is `created`. */
  static create(address: Address, kind: ActorKind, input: Readonly<Record<string, unknown>>, at: Millis): { actor: DurableActor; taken: Taken } {
    const actor = new DurableActor(address, kind, { input })
    actor.#since = at
    return { actor, taken: actor.#result('created', input, '', at) }
  }

  get state(): string {
    return statePath(this.#ref.getSnapshot().value)
  }

  get isFinished(): boolean {
    return durableMachines[this.kind].isFinished(this.state) && this.#deadlines.size === 0
  }

  get context(): Readonly<Record<string, unknown>> {
    return this.#ref.getSnapshot().context as Readonly<Record<string, unknown>>
  }

  /** True when such a deadline is set; setting and clearing are remembered so that idle clears cost nothing. */
  setDeadline(name: string): void {
    this.#deadlines.add(name)
  }
  clearDeadline(name: string): boolean {
    return this.#deadlines.delete(name)
  }

  /**
   * Gives the machine one event.
   * @throws ActorFailed when the machine's own code throws
   */
  take(event: EventObject, at: Millis): Taken {
    const from = this.state
    this.#ref.send({ ...event, at })
    const { type, ...body } = event
    return this.#result(type, body, from, at)
  }

  #result(type: string, body: Readonly<Record<string, unknown>>, from: string, at: Millis): Taken {
    if (this.#failure !== undefined) throw new ActorFailed(`${this.address} failed on ${type}: ${this.#failure}`)
    const to = this.state
    if (to !== from) this.#since = at
    this.#seq++
    const effects = this.#effects
    this.#effects = []
    return { event: { address: this.address, seq: this.#seq, at, type, body, from, to }, effects }
  }

  /** The row as it is now. */
  record(): ActorRecord {
    const state = this.state
    const { context } = this
    return {
      address: this.address,
      kind: this.kind,
      version: durableMachines[this.kind].version,
      seq: this.#seq,
      state,
      since: this.#since,
      context,
      finished: this.isFinished,
      ...durableMachines[this.kind].columns(context, state),
    }
  }
}
