/** Which arrows of its chart an actor has taken, read from what its journal says. */
import type { EventRecord } from '../domain/records.ts'
import type { Chart, ChartState } from './chart.ts'

/** An arrow between two states, by their paths, and how often it was taken. */
export interface TakenArrow {
  readonly from: string
  readonly to: string
  readonly times: number
}

interface Arrow {
  readonly from: string
  readonly to: string
}

const isIn = (path: string, state: string): boolean => state === path || state.startsWith(`${path}.`)

export class TakenArrows {
  readonly #chart: Chart
  readonly #states: ReadonlyMap<string, ChartState>
  readonly #times = new Map<string, { arrow: Arrow; times: number }>()

  constructor(chart: Chart) {
    this.#chart = chart
    this.#states = new Map(chart.states.map((state) => [state.path, state]))
  }

  /** Counts one event of a life; one that changed no state takes no arrow. */
  take({ type, from, to }: Pick<EventRecord, 'type' | 'from' | 'to'>): void {
    const way = from === '' ? this.#onwards([], this.#leafOf(this.#chart.initial), to) : from === to ? [] : this.#wayOf(type, from, to)
    for (const arrow of way ?? []) {
      const key = `${arrow.from} ${arrow.to}`
      this.#times.set(key, { arrow, times: (this.#times.get(key)?.times ?? 0) + 1 })
    }
  }

  get arrows(): readonly TakenArrow[] {
    return [...this.#times.values()].map(({ arrow, times }) => ({ ...arrow, times }))
  }

  /** The shortest way that the chart knows: one arrow for the event, and those that are taken by themselves after it. */
  #wayOf(type: string, from: string, to: string): readonly Arrow[] | undefined {
    const begun = this.#leading(from, type).map((arrow) => this.#onwards([arrow], this.#leafOf(arrow.to), to))
    // Told to stay, and then moved by itself: the event changed what a condition looks at.
    const ways = [...begun, this.#onwards([], from, to)].filter((way) => way !== undefined)
    return ways.toSorted((one, other) => one.length - other.length)[0]
  }

  #leading(leaf: string, event: string): readonly Arrow[] {
    const active = this.#chart.states.filter(({ path }) => isIn(path, leaf)).toReversed()
    return active.flatMap(({ path, transitions }) => transitions.flatMap(({ event: type, target }) => (type === event && target !== null ? [{ from: path, to: target }] : [])))
  }

  #leafOf(path: string): string {
    const initial = this.#states.get(path)?.initial ?? null
    return initial === null ? path : this.#leafOf(`${path}.${initial}`)
  }

  /** Breadth first along the arrows that need no event; a chart has few states, and each is visited once. */
  #onwards(begun: readonly Arrow[], leaf: string, to: string): readonly Arrow[] | undefined {
    const visited = new Set([leaf])
    let ways = [{ way: begun, leaf }]
    while (ways.length > 0) {
      const there = ways.find((one) => one.leaf === to)
      if (there !== undefined) return there.way
      ways = ways.flatMap((one) =>
        this.#leading(one.leaf, 'always').flatMap((arrow) => {
          const next = this.#leafOf(arrow.to)
          if (visited.has(next)) return []
          visited.add(next)
          return [{ way: [...one.way, arrow], leaf: next }]
        }),
      )
    }
    return undefined
  }
}
