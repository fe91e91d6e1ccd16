/**
 * A total state x event table as tests. The table's type has a key for every state and every event of the machine,
 * so a new state or event that nobody decided about does not compile.
 */
import { describe, expect, test } from 'vitest'
import { transition, type AnyStateMachine } from 'xstate'
import { statePath, stateValue } from '../../src/machines/durable-machines.ts'
import type { Effect } from '../../src/machines/effect.ts'

/** A state path to go to; `stays` with a change or an effect; `ignored`; or reported as `unexpected`. */
export type Outcome<State extends string> = State | 'stays' | 'ignored' | 'unexpected'
export type TotalTable<State extends string, Event extends string> = Readonly<Record<State, Readonly<Record<Event, Outcome<State>>>>>

export interface TableCase<State extends string, Event extends { readonly type: string }> {
  readonly machine: AnyStateMachine
  /** A typical memory of each state. */
  contextOf(state: State): object
  /** A typical event of each type, as it would come in that state. */
  eventOf(type: Event['type'], state: State): object
  readonly table: TotalTable<State, Event['type']>
}

/** The leaf state paths of a nested state value: `buying.pending`, never the bare `buying`. */
export type LeafPath<Value> = Value extends string
  ? Value
  : { [Parent in keyof Value & string]: Value[Parent] extends string | undefined ? `${Parent}.${Value[Parent] & string}` : never }[keyof Value & string]

/** What a step emitted, in order. */
export const emitted = (actions: readonly { readonly type: string; readonly params?: unknown }[]): readonly Effect[] =>
  actions.filter((action) => action.type === 'xstate.emit').map((action) => (action.params as { readonly event: Effect }).event)

/** One step of a machine from a state and a memory: pure, nothing is started. */
export const step = (machine: AnyStateMachine, from: { readonly state: string; readonly context: object }, event: object) => {
  const before = machine.resolveState({ value: stateValue(from.state), context: from.context })
  const [after, actions] = transition(machine, before, event as never)
  return { state: statePath(after.value), context: after.context, effects: emitted(actions), actions }
}

const outcomeOf = (from: string, before: object, result: ReturnType<typeof step>): string => {
  if (result.effects.some((effect) => effect.type === 'unexpected')) return 'unexpected'
  if (result.state !== from) return result.state
  const changed = JSON.stringify(result.context) !== JSON.stringify(before)
  return changed || result.actions.length > 0 ? 'stays' : 'ignored'
}

/** One test a cell. */
export const testTable = <State extends string, Event extends { readonly type: string }>(name: string, options: TableCase<State, Event>): void => {
  describe(`${name}: every state on every event`, () => {
    for (const [state, row] of Object.entries(options.table) as [State, Record<Event['type'], Outcome<State>>][]) {
      for (const [type, outcome] of Object.entries(row) as [Event['type'], Outcome<State>][]) {
        test(`${state} on ${type}: ${outcome}`, () => {
          const context = options.contextOf(state)
          expect(outcomeOf(state, context, step(options.machine, { state, context }, options.eventOf(type, state)))).toBe(outcome)
        })
      }
    }
  })
}
