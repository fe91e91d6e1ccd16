/** How often a strategy has failed in a row, and how long it is left alone therefor (Y4 of `strategist.ts`). */
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import { Brake } from './brake.ts'

const firstPauseMs = 1_000
const longestPauseMs = 60_000

export interface Trouble {
  readonly instrument: string
  /** Failures since it last decided. */
  readonly times: number
  /** The last one, in one sentence. */
  readonly detail: string
}

export class StrategyTrouble {
  readonly #instrument: string
  readonly #brake: Brake
  #times = 0
  #detail = ''

  constructor(instrument: string, clock: Clock) {
    this.#instrument = instrument
    this.#brake = new Brake(clock, firstPauseMs, longestPauseMs)
  }

  failed(detail: string): void {
    this.#times++
    this.#detail = detail
    this.#brake.refused()
  }

  passed(): void {
    this.#times = 0
    this.#brake.passed()
  }

  /** How long it is not asked still; 0 when it may be. */
  get waitMs(): Millis {
    return this.#brake.waitMs
  }

  /** Undefined when it decided last time. */
  get now(): Trouble | undefined {
    return this.#times === 0 ? undefined : { instrument: this.#instrument, times: this.#times, detail: this.#detail }
  }
}
