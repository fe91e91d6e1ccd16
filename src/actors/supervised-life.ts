/** What a supervising actor has lived through in this process: it has no row and no journal, so its last events are kept here. */
import type { SupervisedEvent } from '../ports/inspection.ts'
import type { Millis } from '../domain/time.ts'

/** Most events that are kept; the oldest goes first. */
const mostEvents = 500

/** XState names a delay `xstate.after.<delay>.<state node's id>`; charts say `after <delay>`. */
const delay = /^xstate\.after\.(.+)\.[^.]+\.[^.]+$/

const nameOf = (type: string): string => (type === 'xstate.init' ? 'created' : type.replace(delay, 'after $1'))

export class SupervisedLife {
  readonly #events: SupervisedEvent[] = []
  #state = ''
  #seq = 0

  /** Notes one event and where it has led. */
  note(at: Millis, { type, ...body }: { readonly type: string }, to: string): void {
    this.#events.push({ seq: ++this.#seq, at, event: nameOf(type), from: this.#state, to, body: type === 'xstate.init' ? {} : body })
    this.#state = to
    if (this.#events.length > mostEvents) this.#events.shift()
  }

  /** Oldest first. */
  get events(): readonly SupervisedEvent[] {
    return this.#events
  }
}
