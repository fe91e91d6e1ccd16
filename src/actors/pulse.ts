/**
 * Feels the process's own pulse: a beat that comes late was a thread that stood still, a wall clock that moved without the
 * monotonic one was set or has slept. Either way everything said to us meanwhile is old (PR-05, PR-21, CK-03).
 */
import type { Millis } from '../domain/time.ts'
import type { Clock, Timer } from '../ports/clock.ts'

export interface PulsePolicy {
  readonly beatMs: Millis
  /** A beat later than this is a stall. */
  readonly stallMs: Millis
  /** Wall and monotonic time further apart than this since the last beat is a leap. */
  readonly leapMs: Millis
}

export interface PulseOptions {
  readonly clock: Clock
  readonly policy: PulsePolicy
  readonly onStall: (lateMs: Millis) => void
  /** @param byMs positive when the wall clock went ahead */
  readonly onLeap: (byMs: Millis) => void
}

export class Pulse {
  readonly #options: PulseOptions
  #timer: Timer | undefined
  #stopped = false
  #wall: Millis
  #monotonic: Millis
  /** The latest beat ever was so late; for whoever looks. */
  worstMs: Millis = 0

  constructor(options: PulseOptions) {
    this.#options = options
    this.#wall = options.clock.now()
    this.#monotonic = options.clock.monotonic()
  }

  start(): void {
    const { clock, policy } = this.#options
    this.#wall = clock.now()
    this.#monotonic = clock.monotonic()
    this.#timer = clock.after(policy.beatMs, () => this.#beat())
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #beat(): void {
    if (this.#stopped) return
    const { clock, policy, onStall, onLeap } = this.#options
    const passed = clock.monotonic() - this.#monotonic
    const lateMs = Math.round(passed - policy.beatMs)
    const leptMs = Math.round(clock.now() - this.#wall - passed)
    this.worstMs = Math.max(this.worstMs, lateMs)
    this.start()
    if (lateMs > policy.stallMs) onStall(lateMs)
    if (Math.abs(leptMs) > policy.leapMs) onLeap(leptMs)
  }
}
