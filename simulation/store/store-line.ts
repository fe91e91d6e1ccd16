/**
 * A process's connection to the store: the same journal as ever, at the end of a line that is slow, breaks, and
 * outlives the process that spoke last.
 *
 * L1  What has reached the store happens there, whether or not the process still lives to hear of it.
 * L2  While the store is away nothing happens there: a commit is in doubt, everything else fails.
 */
import type { MemoryJournal } from '../../src/adapters/memory/memory-journal.ts'
import type { Failpoints } from '../../src/ports/failpoints.ts'
import type { Batch, CommitOutcome, Journal } from '../../src/ports/journal.ts'
import type { Life } from '../process/life.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'
import type { StoreWeather } from './store-weather.ts'

export interface StoreLineParts {
  readonly life: Life
  readonly clock: VirtualClock
  readonly journal: MemoryJournal
  readonly weather: StoreWeather
  readonly failpoints: Failpoints
  /** Hears which epoch the process was given. */
  readonly leased: (epoch: number) => void
  /** Hears of every batch that took hold, at the moment it did. */
  readonly committed: (batch: Batch) => void
}

const isAway = (): Error => Object.assign(new Error('the store is away'), { code: 'ECONNREFUSED' })

export const storeLine = ({ life, clock, journal, weather, failpoints, leased, committed }: StoreLineParts): Journal => {
  /** Sends a question, does the work where the store is, and brings the answer back. */
  const ask = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const back = (answer: () => void): void => void clock.after(weather.latencyMs(), () => life.hear(answer))
      life.say(() => void clock.after(weather.latencyMs(), () => {
        work().then(
          (value) => back(() => resolve(value)),
          (error: unknown) => back(() => reject(error)),
        )
      }))
    })
  const whileThere = <A extends readonly unknown[], T>(work: (...args: A) => Promise<T>) => (...args: A): Promise<T> =>
    ask(async () => {
      if (weather.isAway) throw isAway()
      return work(...args)
    })
  const write = async (batch: Batch): Promise<CommitOutcome> => {
    const loss = weather.takeLoss()
    if (loss !== undefined) journal.loseNext(loss)
    const outcome = await journal.commit(batch)
    if (outcome.kind === 'committed' || (loss === 'loseAfter' && (await journal.wasCommitted(batch.id)))) committed(batch)
    return outcome
  }
  return {
    takeLease: whileThere(async (stamp, install) => {
      const outcome = await journal.takeLease(stamp, install)
      if (outcome.kind === 'taken') leased(outcome.lease.epoch)
      // The store does not keep a lock for a connection whose process is gone.
      if (life.state === 'dead') await journal.close()
      return outcome
    }),
    commit: (batch) => {
      const answer = ask(() => write(batch))
      failpoints.reach('commit.sent')
      return answer
    },
    command: whileThere((commandId) => journal.command(commandId)),
    wasCommitted: whileThere((batchId) => journal.wasCommitted(batchId)),
    reconnect: whileThere(() => journal.reconnect()),
    liveRows: whileThere(() => journal.liveRows()),
    actor: whileThere((address) => journal.actor(address)),
    orderAtVenue: whileThere((venueOrderId) => journal.orderAtVenue(venueOrderId)),
    lastPairOn: whileThere((instrument) => journal.lastPairOn(instrument)),
    bookedSince: whileThere((at) => journal.bookedSince(at)),
    history: whileThere((address, after, limit) => journal.history(address, after, limit)),
    close: () => ask(() => journal.close()),
  }
}
