/** An actor's past, lived again from its journal: every step of it, and whether it ends where the row says. */
import type { Address } from '../domain/address.ts'
import type { MemoryChange } from '../domain/memory-changes.ts'
import type { Millis } from '../domain/time.ts'

type Memory = Readonly<Record<string, unknown>>

/** One event, as the machine of this program takes it. */
export interface ReplayStep {
  readonly seq: number
  readonly at: Millis
  readonly event: string
  readonly body: Memory
  /** State paths; `from` is empty before the first event. */
  readonly from: string
  readonly to: string
  /** The memory after it, and what in it the event has changed. */
  readonly context: Memory
  readonly changed: readonly MemoryChange[]
  /** What the machine wanted done; none of it is done again. */
  readonly effects: readonly Memory[]
}

/** A life that is longer than whoever asks may fold, and what to do about it. */
export interface LifeTooLong {
  readonly tooLong: string
}

export interface ReplayInspection {
  readonly address: Address
  readonly machine: string
  /** Of the machine that lived it again; the row's own is in `row`. */
  readonly version: number
  /** The part of the life that was asked for. */
  readonly steps: readonly ReplayStep[]
  /** Where the events lead; null when none could be taken. */
  readonly ends: { readonly state: string; readonly context: Memory } | null
  readonly row: { readonly state: string; readonly seq: number; readonly version: number }
  /** True when the events lead to the row, and each of them from and to where the journal says. */
  readonly agrees: boolean
  /** One sentence each; a bounded number of them. */
  readonly differences: readonly string[]
  /** The event that the replay begins with: 1, since journals are kept whole; null when its beginning is missing and nothing could be lived again. */
  readonly from: number | null
}
