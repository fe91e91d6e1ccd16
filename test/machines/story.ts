/**
 * Stories: a machine is led through events one at a time, with pure steps and a time that the story sets. After
 * every step the invariants of its kind are asserted, and its memory goes through JSON, as it would through a row.
 */
import { expect } from 'vitest'
import { initialTransition, type AnyStateMachine } from 'xstate'
import { statePath } from '../../src/machines/durable-machines.ts'
import type { Effect } from '../../src/machines/effect.ts'
import { emitted, step } from './total-table.ts'

/** What the invariants of a kind may look at: the step, and everything that the story has collected. */
export interface Step<C> {
  readonly event: { readonly type: string }
  readonly before: { readonly state: string; readonly context: C }
  readonly after: { readonly state: string; readonly context: C }
  readonly effects: readonly Effect[]
  /** Every effect since the beginning. */
  readonly all: readonly Effect[]
  /** Deadlines that are set now, by name. */
  readonly deadlines: ReadonlyMap<string, number>
}

export interface StoryOf<C> {
  readonly machine: AnyStateMachine
  readonly input?: object
  /** When it begins. */
  readonly at: number
  invariants(step: Step<C>): void
}

/** What became of effects in a few words: `setDeadline resolve 6000`, `tell trade-pair/x legEnded`. */
export const inWords = (effect: Effect): string => {
  switch (effect.type) {
    case 'setDeadline':
      return `setDeadline ${effect.name} ${effect.dueAt}`
    case 'clearDeadline':
      return `clearDeadline ${effect.name}`
    case 'tell':
      return `tell ${effect.to.split('/')[0]} ${effect.event.type}`
    case 'bookFill':
      return `bookFill ${effect.fill.tradeId}`
    case 'openOrder':
      return `openOrder ${effect.order.leg} ${effect.order.quantity} at ${effect.order.price}`
    case 'alert':
      return `alert ${effect.code}`
    case 'reconcile':
      return `reconcile: ${effect.reason}`
    default:
      return effect.type
  }
}

export class Story<C extends object> {
  readonly #kind: StoryOf<C>
  readonly #deadlines = new Map<string, number>()
  readonly #all: Effect[] = []
  #now: number
  #state: string
  #context: C
  #effects: readonly Effect[]

  constructor(kind: StoryOf<C>) {
    this.#kind = kind
    this.#now = kind.at
    const [snapshot, actions] = initialTransition(kind.machine, kind.input as never)
    this.#state = statePath(snapshot.value)
    this.#context = snapshot.context as C
    this.#effects = []
    this.#collect(emitted(actions))
  }

  get now(): number {
    return this.#now
  }
  get state(): string {
    return this.#state
  }
  get context(): C {
    return this.#context
  }

  #collect(effects: readonly Effect[]): void {
    this.#effects = effects
    this.#all.push(...effects)
    for (const effect of effects) {
      if (effect.type === 'setDeadline') this.#deadlines.set(effect.name, effect.dueAt)
      if (effect.type === 'clearDeadline') this.#deadlines.delete(effect.name)
    }
  }

  /** Moves time; deadlines are served by `due`. */
  wait(ms: number): this {
    this.#now += ms
    return this
  }

  /** Gives the machine an event, then asserts the invariants. */
  on(event: { readonly type: string }): this {
    const before = { state: this.#state, context: this.#context }
    const result = step(this.#kind.machine, before, { ...event, at: this.#now })
    this.#state = result.state
    this.#context = result.context as C
    this.#collect(result.effects)
    expect(JSON.parse(JSON.stringify(this.#context))).toEqual(this.#context)
    this.#kind.invariants({
      event,
      before,
      after: { state: this.#state, context: this.#context },
      effects: this.#effects,
      all: this.#all,
      deadlines: this.#deadlines,
    })
    return this
  }

  /** Moves time to a deadline that is set and serves it. */
  due(name: string): this {
    const dueAt = this.#deadlines.get(name)
    if (dueAt === undefined) throw new Error(`no deadline ${name} is set; there are ${[...this.#deadlines.keys()].join(', ') || 'none'}`)
    this.#now = Math.max(this.#now, dueAt)
    this.#deadlines.delete(name)
    return this.on({ type: 'deadlineDue', name } as { type: string })
  }

  /** A new process: the memory is read from the row, and what was on its way is lost. */
  restarts(event: { readonly type: string } = { type: 'restarted' }): this {
    this.#context = JSON.parse(JSON.stringify(this.#context)) as C
    return this.on(event)
  }

  becomes(state: string): this {
    expect(this.#state).toBe(state)
    return this
  }

  /** Exactly these effects came of the last step, in words. */
  does(...words: readonly string[]): this {
    expect(this.#effects.map(inWords)).toEqual(words)
    return this
  }

  /** Exactly these deadlines are set. */
  waitsFor(...names: readonly string[]): this {
    expect([...this.#deadlines.keys()].sort()).toEqual([...names].sort())
    return this
  }

  knows(memory: Partial<C>): this {
    expect(Object.fromEntries(Object.keys(memory).map((key) => [key, this.#context[key as keyof C]]))).toEqual(memory)
    return this
  }

  /** The last step's effects as they are. */
  get effects(): readonly Effect[] {
    return this.#effects
  }
  get all(): readonly Effect[] {
    return this.#all
  }
}
