/** Reads an actor's journal, page by page, through its replay: the same answer whether the desk runs or not. */
import { setImmediate as breath } from 'node:timers/promises'
import { Replay } from '../actors/replay.ts'
import type { ActorRecord, EventRecord } from '../domain/records.ts'
import type { JournalReads } from '../ports/journal.ts'
import type { LifeTooLong, ReplayInspection, ReplayStep } from '../ports/replay.ts'

/** Events read, and folded, at once: a desk that is looked at goes on in between. */
const page = 250

/** Which steps are wanted, and the longest life that is folded for them. */
export interface ReplayQuery {
  readonly after: number
  readonly limit: number
  readonly mostEvents: number
}

type Reads = Pick<JournalReads, 'actor' | 'history'>

/** All events of a row's life, a page at a time. */
async function* lifeOf(reads: Reads, { address, seq }: ActorRecord): AsyncGenerator<readonly EventRecord[]> {
  for (let last = 0; last < seq; ) {
    const events = await reads.history(address, last, page)
    if (events.length === 0) return
    yield events
    last = events.at(-1)?.seq ?? seq
  }
}

/** Whether events stand beyond what the row counts, though nothing has happened to it since. */
const beyondOf = async (reads: Reads, { address, seq }: ActorRecord): Promise<number> => {
  const more = await reads.history(address, seq, 1)
  return more.length > 0 && (await reads.actor(address))?.seq === seq ? more.length : 0
}

/** The steps after a number, and the verdict on the whole life; undefined when there never was such an actor. */
export const replayActor = async (reads: Reads, address: string, { after, limit, mostEvents }: ReplayQuery): Promise<ReplayInspection | LifeTooLong | undefined> => {
  const row = await reads.actor(address)
  if (row === undefined) return undefined
  if (row.seq > mostEvents) return { tooLong: `${address} has lived ${row.seq} events, and no more than ${mostEvents} are replayed here: "nightdesk replay ${address}" replays them all` }
  const replay = new Replay(row)
  const steps: ReplayStep[] = []
  for await (const events of lifeOf(reads, row)) {
    for (const event of events) {
      const step = replay.take(event)
      if (step !== undefined && step.seq > after && steps.length < limit) steps.push(step)
    }
    if (replay.isOver) break
    await breath()
  }
  return { ...replay.verdict(await beyondOf(reads, row)), steps }
}
