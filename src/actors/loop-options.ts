/** What the turn loop is made of, and what it hands out. */
import type { EventRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { OuterEffect } from '../machines/effect.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/metrics.ts'
import type { ActorDirectory } from './actor-directory.ts'
import type { JournalWriter, WriterEnd } from './journal-writer.ts'
import type { Message, TurnDraft, TurnRules } from './turn.ts'

/** A committed turn as observers and performers see it. */
export interface CommittedTurn extends Omit<TurnDraft, 'events' | 'touched'> {
  readonly events: readonly EventRecord[]
  /** Monotonic time at which the turn was decided: the age of a claim counts from here. */
  readonly decidedAt: Millis
}

export interface LoopBounds {
  readonly maxInbox: number
  readonly maxTurnsPerBatch: number
  /** Turns run before others get the thread. */
  readonly maxTurnsAtOnce: number
}

/** Why the loop takes no more messages: `broken` when its own work failed in a way that leaves nothing to rely on. */
export type LoopEnd = WriterEnd | 'inboxFull' | 'broken'

export interface LoopOptions {
  readonly directory: ActorDirectory
  readonly writer: JournalWriter
  readonly rules: TurnRules
  readonly clock: Clock
  readonly log: Log
  readonly meter?: Meter
  readonly bounds: LoopBounds
  /** The epoch, which makes turn and batch ids unique across restarts. */
  readonly epoch: number
  readonly lastPosition: number
  /** Folds a committed turn into what the desk knows, before anybody else hears of it. Must not throw. */
  fold(turn: CommittedTurn): void
  /** Takes what a committed turn wants done outside. Must not throw. */
  perform(effect: OuterEffect, turn: CommittedTurn): void
  /** Told of every message that could not be taken, once it is set aside. Must not throw. */
  setAside(message: Message, detail: string): void
  /** The pair of an order whose id does not name it. */
  pairOfOrder(clientOrderId: string): string | undefined
  /** Called once when the desk must end. */
  over(end: LoopEnd): void
}
