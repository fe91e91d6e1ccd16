/**
 * Time, chance and timers. Stamps come from `now`, durations from `monotonic`, which never jumps.
 */
import type { Millis } from '../domain/time.ts'

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Wall time. May jump when the machine's clock is set. */
  now(): Millis
  /** Milliseconds since some fixed moment; never goes back. */
  monotonic(): Millis
  /** Calls `task` once, not before `delayMs` have passed. */
  after(delayMs: Millis, task: () => void): Timer
  /** Runs `task` when the current work has let go of the thread. */
  soon(task: () => void): void
}

export interface Random {
  /** A fraction at or above 0 and below 1. */
  fraction(): number
  /** A whole number at or above 0 and below `bound`. */
  below(bound: number): number
}
