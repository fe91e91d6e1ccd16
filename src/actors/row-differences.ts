/**
 * In what a row differs from the one that its events lead to, in sentences.
 *
 * D1  Everything that the row says is compared: state, since when, count, end, typed columns, memory.
 * D2  Of a row that an older version wrote, only what that version knew itself is compared: what an upcaster has put
 *     beside it is an assumption, and the events may know better.
 */
import type { ActorRecord } from '../domain/records.ts'
import { memoryChanges } from '../domain/memory-changes.ts'
import { durableMachines, isContinuable } from '../machines/durable-machines.ts'

const compared = ({ state, since, seq, finished, order, tradePair }: ActorRecord) => ({ state, since, seq, finished, ...(order && { order }), ...(tradePair && { tradePair }) })

/** The memory of a row as this version reads it, and which of its names the row's own version wrote as they are read now. */
const memoryOf = ({ kind, version, context }: ActorRecord): { readonly context: ActorRecord['context']; readonly isKnown: (name: string) => boolean } => {
  const upcast = durableMachines[kind].upcasters.slice(version - 1).reduce((older, next) => next(older), context)
  if (upcast === context) return { context, isKnown: () => true }
  const assumed = new Set(memoryChanges(context, upcast).map(({ name }) => name))
  const own = (name: string): boolean => name.split('.').every((_part, at, all) => !assumed.has(all.slice(0, at + 1).join('.')))
  return { context: upcast, isKnown: (name) => own(name) && (name.split('.')[0] ?? '') in context }
}

const told = (value: string | null): string => value ?? 'nothing'

/** One sentence for each difference; none when the row is what its events lead to. */
export const rowDifferences = (row: ActorRecord, folded: ActorRecord): readonly string[] => {
  const { context, isKnown } = memoryOf(row)
  const unreadable = isContinuable(row.kind, row.state, context) ? [] : [`the row cannot be continued by this program (${row.state}): it is folded again when it is read`]
  const columns = memoryChanges(compared(row), compared(folded)).map(({ name, before, after }) => `${name} is ${told(before)} in the row, and ${told(after)} by its events`)
  const memory = memoryChanges(context, folded.context)
    .filter(({ name }) => isKnown(name))
    .map(({ name, before, after }) => `${name} of its memory is ${told(before)} in the row, and ${told(after)} by its events`)
  return [...unreadable, ...columns, ...memory]
}
