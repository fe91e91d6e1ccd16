/**
 * The one that knows the time: deadlines are rows, and this actor tells their owners when they are due.
 *
 * K1  A deadline that is due is told once; it stays set until its turn is committed, so a crash tells it again.
 * K2  No single wait is longer than `maxWaitMs`: the machine may sleep.
 * K3  A deadline is never further away than it was when it was set: rows hold wall time, waiting is monotonic, so a wall
 *     clock that is set back delays nothing, in this process or the next.
 * K4  A deadline that could not be taken is told again, later, for as long as it is set.
 */
import type { Address } from '../domain/address.ts'
import type { DeadlineRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock, Timer } from '../ports/clock.ts'

const maxWaitMs = 1_000

interface Waiting {
  readonly record: DeadlineRecord
  /** On the monotonic clock. */
  due: Millis
  told: boolean
}

export class Alarm {
  readonly #clock: Clock
  readonly #tell: (deadline: DeadlineRecord) => void
  readonly #byAddress = new Map<Address, Map<string, Waiting>>()
  /** Untold deadlines, soonest first. */
  #queue: Waiting[] = []
  #timer: Timer | undefined
  #running = false

  constructor(clock: Clock, tell: (deadline: DeadlineRecord) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  get size(): number {
    return this.#queue.length
  }

  start(): void {
    this.#running = true
    this.#schedule()
  }

  stop(): void {
    this.#running = false
    this.#timer?.cancel()
  }

  namesOf(address: Address): readonly string[] {
    return [...(this.#byAddress.get(address)?.keys() ?? [])]
  }

  set(record: DeadlineRecord): void {
    this.clear(record)
    const { address, name, dueAt, setAt = Number.NEGATIVE_INFINITY } = record
    const away = Math.min(dueAt - this.#clock.now(), dueAt - setAt)
    const waiting = { record, due: this.#clock.monotonic() + away, told: false }
    const names = this.#byAddress.get(address) ?? new Map<string, Waiting>()
    names.set(name, waiting)
    this.#byAddress.set(address, names)
    this.#queue.splice(this.#place(waiting.due), 0, waiting)
    this.#schedule()
  }

  /** Time has passed that the monotonic clock did not count: the machine slept. */
  advance(byMs: Millis): void {
    for (const waiting of this.#queue) waiting.due -= byMs
    this.#schedule()
  }

  /** Tells a deadline again after a while: it was told, and could not be taken. */
  again({ address, name }: Pick<DeadlineRecord, 'address' | 'name'>, afterMs: Millis): void {
    if (this.#byAddress.get(address)?.has(name) === true) this.set({ address, name, dueAt: this.#clock.now() + afterMs })
  }

  clear({ address, name }: Pick<DeadlineRecord, 'address' | 'name'>): void {
    const names = this.#byAddress.get(address)
    const found = names?.get(name)
    if (names === undefined || found === undefined) return
    names.delete(name)
    if (names.size === 0) this.#byAddress.delete(address)
    if (found.told) return
    for (let at = this.#place(found.due) - 1; at >= 0; at--) {
      if (this.#queue[at] === found) {
        this.#queue.splice(at, 1)
        return
      }
    }
  }

  /** The first place after everything due at or before that moment. */
  #place(due: Millis): number {
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#queue[middle]?.due ?? 0) <= due) low = middle + 1
      else high = middle
    }
    return low
  }

  #schedule(): void {
    if (!this.#running) return
    this.#timer?.cancel()
    const [next] = this.#queue
    if (next === undefined) return
    const wait = Math.min(Math.max(next.due - this.#clock.monotonic(), 0), maxWaitMs)
    this.#timer = this.#clock.after(wait, () => this.#ring())
  }

  #ring(): void {
    const due = this.#queue.splice(0, this.#place(this.#clock.monotonic()))
    for (const waiting of due) {
      waiting.told = true
      this.#tell(waiting.record)
    }
    this.#schedule()
  }
}
