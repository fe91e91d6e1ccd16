/**
 * Time that moves only from one event to the next: a heap of timers, run in order.
 *
 * V1  Events run in the order of their moments, and of one moment in the order in which they were asked for.
 * V2  Before the next event runs, every promise that can go on has gone on; nothing else runs meanwhile.
 * V3  An event never runs before its moment, and `now` never goes back.
 * V4  A moment that does not end (events that ask for events at once, for ever) is a fault, not a wait.
 */
import type { Timer } from '../../src/ports/clock.ts'

interface Entry {
  readonly at: number
  readonly order: number
  task: (() => void) | undefined
}

const isSooner = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** In a millisecond. */
const microseconds = 1_000
/** Far more than any world does in one moment. */
const mostAtOnce = 100_000

/** Thrown when time does not move on. */
export class EndlessMoment extends Error {
  override readonly name = 'EndlessMoment'
}

export class VirtualClock {
  #now = 0
  #order = 0
  #cancelled = 0
  #atOnce = 0
  #heap: Entry[] = []

  /** Milliseconds since the world began. */
  get now(): number {
    return this.#now
  }

  /** Events that wait. */
  get waiting(): number {
    return this.#heap.length - this.#cancelled
  }

  /** Runs `task` once, after that many milliseconds. */
  after(delayMs: number, task: () => void): Timer {
    const entry: Entry = { at: this.#momentAfter(delayMs), order: ++this.#order, task }
    this.#push(entry)
    return {
      cancel: () => {
        if (entry.task === undefined) return
        entry.task = undefined
        this.#cancelled++
      },
    }
  }

  /**
   * Runs every event up to that moment and stops there; or, after an event, as soon as `isDone` says so.
   * Rejects with what an event throws.
   */
  run(until: number, isDone: () => boolean = () => false): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          const next = isDone() ? undefined : this.#next(until)
          if (next === undefined) return resolve()
          next()
        } catch (error) {
          return reject(error)
        }
        whenSettled(step)
      }
      whenSettled(step)
    })
  }

  /** In whole microseconds, and never at once when something was to be waited for: time always moves on. */
  #momentAfter(delayMs: number): number {
    if (delayMs <= 0) return this.#now
    return Math.max(Math.ceil((this.#now + delayMs) * microseconds), Math.round(this.#now * microseconds) + 1) / microseconds
  }

  #next(until: number): (() => void) | undefined {
    for (;;) {
      const [first] = this.#heap
      if (first === undefined || first.at > until) {
        this.#now = Math.max(this.#now, until)
        return undefined
      }
      this.#pop()
      const { task } = first
      if (task === undefined) {
        this.#cancelled--
        continue
      }
      first.task = undefined
      this.#atOnce = first.at > this.#now ? 0 : this.#atOnce + 1
      if (this.#atOnce > mostAtOnce) throw new EndlessMoment(`time stands still at ${this.#now} ms`)
      this.#now = first.at
      return task
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.length
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isSooner(entry, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let below = at * 2 + 1
      let child = heap[below]
      if (child === undefined) break
      const right = heap[below + 1]
      if (right !== undefined && isSooner(right, child)) {
        below++
        child = right
      }
      if (!isSooner(child, last)) break
      heap[at] = child
      at = below
    }
    heap[at] = last
  }
}

/** Node runs a tick that a microtask asked for only when no microtask is left: cheaper than a turn of the event loop, and in a fixed order. */
const whenSettled = (task: () => void): void => queueMicrotask(() => process.nextTick(task))
