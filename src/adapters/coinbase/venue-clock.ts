/** The venue's time as far as it is known: ours, corrected by the last measurement. */
import { failed, ok, type Result } from '../../domain/failure.ts'
import { parseTimestamp, type Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Rest } from './rest.ts'

/** Round trips of one measurement: the median forgives two bad ones. */
const samples = 5

export class VenueClock {
  readonly #clock: Clock
  #offset: Millis = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  now(): Millis {
    return this.at(this.#clock.now())
  }

  /** A moment of our clock as the venue would write it. */
  at(ours: Millis): Millis {
    return ours + this.#offset
  }

  /** Measures the offset by GET /time (coinbase-advanced-trade.md 5.1) and keeps it for signing. */
  async measure(rest: Rest): Promise<Result<Millis>> {
    const offsets: Millis[] = []
    for (let taken = 0; taken < samples; taken += 1) {
      const sample = await this.#sample(rest)
      if (!sample.ok) return sample
      offsets.push(sample.value)
    }
    this.#offset = medianOf(offsets)
    return ok(this.#offset)
  }

  /** The venue's stamp is taken to be of the middle of the round trip, timed by the clock that never jumps. */
  async #sample(rest: Rest): Promise<Result<Millis>> {
    const sentAt = this.#clock.now()
    const began = this.#clock.monotonic()
    const read = await rest.read('time', { path: '/time', access: 'public' })
    if (!read.ok) return read
    const middle = sentAt + (this.#clock.monotonic() - began) / 2
    const { epochMillis, iso } = read.value
    const venue = epochMillis === undefined ? parseTimestamp(iso ?? '') : Number(epochMillis)
    if (venue === undefined || !Number.isSafeInteger(venue)) return failed({ kind: 'malformed', detail: 'GET /time: no time in the answer' })
    return ok(Math.round(venue - middle))
  }
}

const medianOf = (values: readonly Millis[]): Millis => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
