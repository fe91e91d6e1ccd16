/** What a judge of one invariant sees, and how it speaks. */
import type { Batch } from '../../src/ports/journal.ts'
import type { MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import type { Ledger } from '../../sandbox/exchange/ledger.ts'
import type { Order } from '../../sandbox/exchange/order.ts'
import type { LeavingRequest } from '../network/http-line.ts'

/** A promise that was broken. */
export interface Violation {
  /** Such as `I3`, of the list of invariants. */
  readonly invariant: string
  readonly detail: string
  /** Simulated milliseconds since the world began. */
  readonly at: number
  /** Batches committed so far. */
  readonly turn: number
}

export type Report = (invariant: string, detail: string) => void

/** A batch that took hold. */
export interface Commit {
  readonly batch: Batch
  /** The epoch of the process that wrote it. */
  readonly epoch: number
  /** A moment on that process's wall clock, in world time. */
  readonly worldTimeOf: (wall: number) => number
  readonly life: number
}

/** Whatever a checker does not look at, it leaves out. */
export interface Checker {
  /** A request leaves a process. */
  leaves?(request: Pick<LeavingRequest, 'method' | 'url' | 'body'>): void
  /** A batch took hold; the store shows it already. */
  committed?(commit: Commit): void
  /** An order was admitted, or changed, at the venue. */
  venueChanged?(order: Order): void
  /** A process has heard a frame of a feed, or the answer to a question about prices. */
  priced?(life: number): void
  /** The wall clock was set. */
  clockSet?(): void
  /** A line of a log, or a row, as text. */
  told?(what: string, text: string): void
  /** Everything is at rest and the faults are over. */
  atRest?(): void
}

/** The two books: what the desk has written, and what the venue knows. */
export interface Books {
  readonly store: Pick<MemoryStore, 'tables' | 'epoch'>
  readonly ledger: Ledger
}
