/** What differs between two memories of a machine, name by name: for people who compare them. Pure. */

/** One name whose value differs; values as JSON text, a text bare, null where there is none. */
export interface MemoryChange {
  /** Such as `filled` or `closing.price`. */
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

type Memory = Readonly<Record<string, unknown>>

/** Nested so deep a value is shown whole. */
const deepest = 3

const isMemory = (value: unknown): value is Memory => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same text for equal values: a database may give names back in another order. */
const textOf = (value: unknown): string =>
  JSON.stringify(value ?? null, (_name, inner: unknown) => (isMemory(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1))) : inner))

const shown = (value: unknown): string | null => (value === undefined || value === null ? null : typeof value === 'string' ? value : textOf(value))

const between = (before: unknown, after: unknown, { name, depth }: { readonly name: string; readonly depth: number }): readonly MemoryChange[] => {
  // A machine keeps what it does not change: most of a memory is the very same on both sides.
  if (before === after) return []
  if (depth < deepest && isMemory(before) && isMemory(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...names].flatMap((inner) => between(before[inner], after[inner], { name: name === '' ? inner : `${name}.${inner}`, depth: depth + 1 }))
  }
  return textOf(before) === textOf(after) ? [] : [{ name, before: shown(before), after: shown(after) }]
}

/** The names whose values differ, in the order in which they are remembered. */
export const memoryChanges = (before: Memory, after: Memory): readonly MemoryChange[] => between(before, after, { name: '', depth: 0 })
