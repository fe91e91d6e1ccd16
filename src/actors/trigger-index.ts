/**
 * "Wake me when the price crosses that line", indexed by price: a tick costs the same with ten or a hundred
 * thousand resting triggers, and touches only those it crosses.
 *
 * X1  A trigger fires at most once; arming it again is a new trigger.
 * X2  A disarmed trigger never fires. Its place in the heap is reclaimed when half of the heap is disarmed.
 */

/** `falls`: when the price is at or below the line. `rises`: when it is at or above. */
export type Crossing = 'falls' | 'rises'

interface Entry {
  readonly id: string
  readonly ticks: number
  readonly wake: () => void
  armed: boolean
}

/** A binary heap whose top is the line that a moving price meets first. */
class LineHeap {
  #entries: Entry[] = []
  #disarmed = 0
  /** 1 when the least line comes first (rising price), -1 when the greatest does (falling price). */
  readonly #order: 1 | -1

  constructor(order: 1 | -1) {
    this.#order = order
  }

  get size(): number {
    return this.#entries.length - this.#disarmed
  }

  add(entry: Entry): void {
    const entries = this.#entries
    let hole = entries.push(entry) - 1
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const above = entries[parent]
      if (above === undefined || this.#before(above, entry)) break
      entries[hole] = above
      hole = parent
    }
    entries[hole] = entry
  }

  disarm(entry: Entry): void {
    entry.armed = false
    if (++this.#disarmed * 2 < this.#entries.length) return
    const kept = this.#entries.filter((one) => one.armed)
    this.#entries = []
    this.#disarmed = 0
    for (const one of kept) this.add(one)
  }

  /** Takes the first line if the price has met it. */
  takeCrossed(ticks: number): Entry | undefined {
    for (;;) {
      const top = this.#entries[0]
      if (top === undefined) return undefined
      if (top.armed && (ticks - top.ticks) * this.#order < 0) return undefined
      this.#removeTop()
      if (top.armed) return top
      this.#disarmed--
    }
  }

  #before(a: Entry, b: Entry): boolean {
    return (b.ticks - a.ticks) * this.#order >= 0
  }

  #removeTop(): void {
    const entries = this.#entries
    const last = entries.pop()
    if (last === undefined || entries.length === 0) return
    let hole = 0
    for (;;) {
      let child = hole * 2 + 1
      const left = entries[child]
      const right = entries[child + 1]
      if (left === undefined) break
      const first = right !== undefined && this.#before(right, left) ? right : left
      if (first === right) child++
      if (this.#before(last, first)) break
      entries[hole] = first
      hole = child
    }
    entries[hole] = last
  }
}

export class TriggerIndex {
  readonly #falls = new LineHeap(-1)
  readonly #rises = new LineHeap(1)
  readonly #armed = new Map<string, { readonly entry: Entry; readonly heap: LineHeap }>()

  get size(): number {
    return this.#armed.size
  }

  /** Arms a trigger; one with the same id is replaced. `ticks` is the line in whole ticks. */
  arm(trigger: { readonly id: string; readonly crossing: Crossing; readonly ticks: number; readonly wake: () => void }): void {
    this.disarm(trigger.id)
    const heap = trigger.crossing === 'falls' ? this.#falls : this.#rises
    const entry: Entry = { id: trigger.id, ticks: trigger.ticks, wake: trigger.wake, armed: true }
    heap.add(entry)
    this.#armed.set(trigger.id, { entry, heap })
  }

  disarm(id: string): void {
    const found = this.#armed.get(id)
    if (found === undefined) return
    this.#armed.delete(id)
    found.heap.disarm(found.entry)
  }

  /** Wakes everything that a price crosses: falling lines by the bid, rising lines by the bid. */
  move(bid: number): void {
    for (const heap of [this.#falls, this.#rises]) {
      for (let hit = heap.takeCrossed(bid); hit !== undefined; hit = heap.takeCrossed(bid)) {
        this.#armed.delete(hit.id)
        hit.wake()
      }
    }
  }
}
