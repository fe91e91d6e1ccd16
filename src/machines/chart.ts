/** A machine as something to look at: its states, its transitions, and a drawing made from them. */
import { getNextTransitions, type AnyStateMachine, type AnyStateNode } from 'xstate'
import { connectionMachine } from './connection/connection-machine.ts'
import { durableMachines, stateValue } from './durable-machines.ts'

export interface ChartTransition {
  /** An event type, `after <delay>` or `always`. */
  readonly event: string
  readonly guard: string | null
  /** State path; null when the machine stays where it is. */
  readonly target: string | null
  readonly actions: readonly string[]
}

export interface ChartState {
  /** Such as `pending` or `buying.partial`. */
  readonly path: string
  readonly initial: string | null
  readonly entry: readonly string[]
  readonly transitions: readonly ChartTransition[]
}

export interface Chart {
  readonly id: string
  readonly initial: string
  readonly states: readonly ChartState[]
}

/** Every machine of the product, by the name under which it is inspected. */
export const machines: Readonly<Record<string, AnyStateMachine>> = {
  order: durableMachines.order.machine,
  'trade-pair': durableMachines['trade-pair'].machine,
  desk: durableMachines.desk.machine,
  account: durableMachines.account.machine,
  'kill-switch': durableMachines['kill-switch'].machine,
  breaker: durableMachines.breaker.machine,
  connection: connectionMachine,
}

const nameOf = (one: unknown): string => {
  if (typeof one === 'string') return one
  const named = one as { type?: unknown; name?: unknown }
  const name = typeof named.type === 'string' ? named.type : named.name
  return typeof name === 'string' && name !== '' ? name.replace(/^xstate\./, '') : 'emit'
}

const pathOf = (node: AnyStateNode): string => node.path.join('.')

/** XState names a delay `xstate.after.<delay>.<state node's id>`. */
const eventName = (descriptor: string, node: AnyStateNode): string => {
  if (descriptor === '') return 'always'
  const prefix = 'xstate.after.'
  return descriptor.startsWith(prefix) ? `after ${descriptor.slice(prefix.length, -node.id.length - 1)}` : descriptor
}

const transitionsOf = (node: AnyStateNode): readonly ChartTransition[] => {
  const eventful = [...node.transitions.values()].flat()
  return [...eventful, ...(node.always ?? [])].flatMap((transition) => {
    const target = transition.target?.[0]
    const actions = transition.actions.map(nameOf)
    if (target === undefined && actions.length === 0) return []
    const guard = transition.guard === undefined ? null : nameOf(transition.guard)
    return [{ event: eventName(transition.eventType, node), guard, target: target === undefined ? null : pathOf(target), actions }]
  })
}

const statesOf = (node: AnyStateNode): readonly ChartState[] =>
  Object.values(node.states).flatMap((child) => [
    {
      path: pathOf(child),
      initial: child.initial?.target[0]?.key ?? null,
      entry: child.entry.map(nameOf),
      transitions: transitionsOf(child),
    },
    ...statesOf(child),
  ])

/** The chart of a machine, every state and every transition that changes something. */
export const chartOf = (machine: AnyStateMachine): Chart => ({
  id: machine.id,
  initial: machine.root.initial.target[0]?.key ?? '',
  states: statesOf(machine.root),
})

const alias = (path: string): string => path.replaceAll('.', '_')

const drawState = (chart: Chart, state: ChartState): readonly string[] => {
  const children = chart.states.filter((other) => other.path.startsWith(`${state.path}.`))
  if (children.length === 0) return state.path.includes('.') ? [] : [`  state "${state.path}" as ${alias(state.path)}`]
  return [
    `  state ${alias(state.path)} {`,
    `    [*] --> ${alias(`${state.path}.${state.initial ?? ''}`)}`,
    ...children.map((child) => `    state "${child.path.slice(state.path.length + 1)}" as ${alias(child.path)}`),
    '  }',
  ]
}

/** One arrow for each pair of states, with all the events that lead along it. */
const arrows = (chart: Chart): readonly string[] => {
  const labels = new Map<string, Set<string>>()
  for (const { path, transitions } of chart.states) {
    for (const { event, guard, target } of transitions) {
      if (target === null || target === path) continue
      const arrow = `${alias(path)} --> ${alias(target)}`
      labels.set(arrow, (labels.get(arrow) ?? new Set()).add(event === 'always' ? (guard ?? event) : event))
    }
  }
  return [...labels].map(([arrow, events]) => `  ${arrow}: ${[...events].join(', ')}`)
}

/** The chart as a Mermaid state diagram; `active` is marked where it is given. */
export const mermaidOf = (chart: Chart, active?: string): string =>
  [
    'stateDiagram-v2',
    `  [*] --> ${alias(chart.initial)}`,
    ...chart.states.flatMap((state) => drawState(chart, state)),
    ...arrows(chart),
    ...(active === undefined ? [] : ['  classDef active stroke-width:4px', `  class ${alias(active)} active`]),
  ].join('\n')

/**
 * The event types that a machine in this state answers with a change, as the machine itself says: ancestors included,
 * without the catch-all, delays and what happens by itself. Guards may still refuse one.
 */
export const nextEvents = (machine: AnyStateMachine, path: string, context: Readonly<Record<string, unknown>>): readonly string[] => {
  const changes = getNextTransitions(machine.resolveState({ value: stateValue(path), context })).filter(({ target, actions }) => target !== undefined || actions.length > 0)
  return [...new Set(changes.map(({ eventType }) => eventType))].filter((event) => event !== '' && event !== '*' && !event.startsWith('xstate.')).toSorted((one, other) => (one < other ? -1 : 1))
}
