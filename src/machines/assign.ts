/**
 * XState's `assign`, with the context copied by spread. XState copies it by `Object.assign` into `{}`, which V8 keeps as a
 * dictionary from some dozen fields on: 8 us for a trade pair instead of 0.1, and slow to read ever after. Every turn
 * assigns several times.
 */
import { assign as assignSlowly } from 'xstate'

type Fields = Readonly<Record<string, unknown>>

interface Snapshot {
  context: Fields
}

interface Assignment {
  readonly assignment: unknown
}

/** What XState calls when it comes to a built-in action (5.33: `resolveAndExecuteActionsWithContext`). */
interface Resolvable {
  resolve: (...told: readonly [scope: unknown, snapshot: Snapshot, args: unknown, parameters: unknown, action: Assignment]) => [next: Snapshot, ...rest: unknown[]]
}

/** The changes, whichever way they are given: as a function, or field by field. */
const changesOf = (assignment: unknown, args: object, parameters: unknown): Fields => {
  if (typeof assignment === 'function') return (assignment as (args: object, parameters: unknown) => Fields)(args, parameters)
  return Object.fromEntries(Object.entries(assignment as Fields).map(([name, value]) => [name, typeof value === 'function' ? (value as (args: object, parameters: unknown) => unknown)(args, parameters) : value]))
}

/** As XState's. */
export const assign = ((given: never) => {
  const action = assignSlowly(given) as unknown as Resolvable
  const { resolve } = action
  action.resolve = (...[scope, snapshot, args, parameters, { assignment }]) => {
    let changes: Fields = {}
    const noteChanges = (told: object): Fields => {
      changes = changesOf(assignment, { ...told, context: snapshot.context }, parameters)
      return {}
    }
    const [next, ...rest] = resolve(scope, { ...snapshot, context: {} }, args, parameters, { assignment: noteChanges })
    next.context = { ...snapshot.context, ...changes }
    return [next, ...rest]
  }
  return action
}) as unknown as typeof assignSlowly
