/** What leads from where to where: one arrow for each pair of states, and one for what many states answer alike. */
import type { MachineInspection } from '../../ports/inspection.ts'

export interface Arrow {
  /** One state; several when they all answer the same events with the same state, and are drawn as one. */
  readonly from: readonly string[]
  readonly to: string
  /** Event types, and the conditions of what happens by itself in brackets. */
  readonly events: readonly string[]
  /** The same as it is written beside the arrow. */
  readonly lines: readonly string[]
}

/** So many states that answer alike would cover the drawing with the same words. */
const alikeFrom = 4
/** More lines than that would too; the rest is in the arrow's title. */
const mostLines = 4
/** Letters of a line. */
const lineLength = 15

/** Broken between words; a word is never broken. */
const wrapped = (words: readonly string[]): readonly string[] =>
  words.reduce<readonly string[]>((lines, word) => {
    const last = lines.at(-1)
    return last !== undefined && last.length + word.length < lineLength ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word]
  }, [])

const linesOf = (events: readonly string[]): readonly string[] => {
  const lines = events.flatMap((event) => wrapped(event.split(' ')))
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines - 1), '…']
}

interface Pair {
  readonly from: string
  readonly to: string
  readonly events: Set<string>
}

const pairsOf = ({ states }: Pick<MachineInspection, 'states'>): readonly Pair[] => {
  const found = new Map<string, Pair>()
  for (const { path, transitions } of states) {
    for (const { event, guard, target } of transitions) {
      if (target === null || target === path) continue
      const key = `${path} ${target}`
      const pair = found.get(key) ?? { from: path, to: target, events: new Set<string>() }
      pair.events.add(event === 'always' ? `[${guard ?? 'at once'}]` : event)
      found.set(key, pair)
    }
  }
  return [...found.values()]
}

/** Arrows that lead back to where they begin change no state, and are not drawn. */
export const arrowsOf = (chart: Pick<MachineInspection, 'states'>): readonly Arrow[] => {
  const pairs = pairsOf(chart)
  const alike = Map.groupBy(pairs, ({ to, events }) => JSON.stringify([to, [...events].sort()]))
  return [...alike.values()].flatMap((group) => {
    const arrow = ({ to, events }: Pair, from: readonly string[]): Arrow => ({ from, to, events: [...events], lines: linesOf([...events]) })
    const [first] = group
    return first !== undefined && group.length >= alikeFrom ? [arrow(first, group.map(({ from }) => from))] : group.map((pair) => arrow(pair, [pair.from]))
  })
}
