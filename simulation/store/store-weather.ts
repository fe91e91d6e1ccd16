/** What the store does to everybody: how long it takes, whether it is there, and what the next commit meets. */
import type { NextCommit } from '../../src/adapters/memory/memory-journal.ts'
import type { Random } from '../../src/simulated-market/random.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'

export interface StoreTimes {
  /** Mean time of one way to the store. */
  readonly latencyMs: number
}

/** What a lasting trouble is called; each counts as met when a request runs into it. */
export type StoreTrouble = 'away' | 'slow' | 'full'

const slowestMs = 2_000

export class StoreWeather {
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #times: StoreTimes
  readonly #met: (trouble: StoreTrouble | NextCommit) => void
  readonly #until = { away: 0, slow: 0, full: 0 }
  #nextCommit: NextCommit | undefined

  constructor(parts: { clock: VirtualClock; random: Random; times: StoreTimes; met: (trouble: StoreTrouble | NextCommit) => void }) {
    this.#clock = parts.clock
    this.#random = parts.random
    this.#times = parts.times
    this.#met = parts.met
  }

  begin(trouble: StoreTrouble, forMs: number): void {
    this.#until[trouble] = this.#clock.now + forMs
  }

  /** The answer of the next commit is lost, before or after it took hold. */
  loseNext(next: NextCommit): void {
    this.#nextCommit = next
  }

  clear(): void {
    this.#nextCommit = undefined
    for (const trouble of ['away', 'slow', 'full'] as const) this.#until[trouble] = 0
  }

  latencyMs(): number {
    const usual = this.#random.exponential(this.#times.latencyMs)
    return this.#isOn('slow') ? usual + this.#random.uniform() * slowestMs : usual
  }

  get isAway(): boolean {
    return this.#isOn('away')
  }

  /** How the commit that has just reached the store loses its answer, if it does. */
  takeLoss(): NextCommit | undefined {
    // A full disk takes nothing and says so in a way that proves nothing; the connection is as good as gone.
    if (this.#isOn('away') || this.#isOn('full')) return 'loseBefore'
    const next = this.#nextCommit
    this.#nextCommit = undefined
    if (next !== undefined) this.#met(next)
    return next
  }

  #isOn(trouble: StoreTrouble): boolean {
    const isOn = this.#clock.now < this.#until[trouble]
    if (isOn) this.#met(trouble)
    return isOn
  }
}
