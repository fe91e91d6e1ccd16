/**
 * The one that knows the time: deadlines are rows, and this actor tells their owners when they are due.
 *
 * K1  A deadline that is due is told once; it stays set until its turn is committed, so a crash tells it again.
 * K2  No single wait is longer than `maxWaitMs`: the wall clock may jump, the machine may sleep.
 */
import type { Address } from '../domain/address.ts'
import type { DeadlineRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock, Timer } from '../ports/clock.ts'

const maxWaitMs = 1_000

interface Deadline extends DeadlineRecord {
  told: boolean
}

export class Alarm {
  readonly #clock: Clock
  readonly #tell: (deadline: DeadlineRecord) => void
  readonly #byAddress = new Map<Address, Map<string, Deadline>>()
  /** Untold deadlines, soonest first. */
  #queue: Deadline[] = []
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
    const deadline = { ...record, told: false }
    const names = this.#byAddress.get(record.address) ?? new Map<string, Deadline>()
    names.set(record.name, deadline)
    this.#byAddress.set(record.address, names)
    this.#queue.splice(this.#place(record.dueAt), 0, deadline)
    this.#schedule()
  }

  clear({ address, name }: Pick<DeadlineRecord, 'address' | 'name'>): void {
    const names = this.#byAddress.get(address)
    const found = names?.get(name)
    if (names === undefined || found === undefined) return
    names.delete(name)
    if (names.size === 0) this.#byAddress.delete(address)
    if (found.told) return
    for (let at = this.#place(found.dueAt) - 1; at >= 0; at--) {
      if (this.#queue[at] === found) {
        this.#queue.splice(at, 1)
        return
      }
    }
  }

  /** The first place after everything due at or before that moment. */
  #place(dueAt: Millis): number {
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#queue[middle]?.dueAt ?? 0) <= dueAt) low = middle + 1
      else high = middle
    }
    return low
  }

  #schedule(): void {
    if (!this.#running) return
    this.#timer?.cancel()
    const [next] = this.#queue
    if (next === undefined) return
    const wait = Math.min(Math.max(next.dueAt - this.#clock.now(), 0), maxWaitMs)
    this.#timer = this.#clock.after(wait, () => this.#ring())
  }

  #ring(): void {
    const now = this.#clock.now()
    const due = this.#queue.splice(0, this.#place(now))
    for (const deadline of due) {
      deadline.told = true
      this.#tell({ address: deadline.address, name: deadline.name, dueAt: deadline.dueAt })
    }
    this.#schedule()
  }
}
