/**
 * Commits batches, one at a time, and finds out what became of one whose answer was lost.
 *
 * W1  A batch in doubt is asked about by its id on a new connection; it is written again only when it is absent.
 * W2  The store may be away for `lostAfterMs`; past that the writer gives up for good (exit 74).
 * W3  A lease that is no longer ours ends the writer for good (exit 75).
 */
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Batch, CommitOutcome, Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'

/** Why the desk must end: the store is gone for too long, or another process holds the desk. */
export type WriterEnd = 'journalLost' | 'epochLost'

export type WriteOutcome =
  | { readonly kind: 'committed' }
  | Extract<CommitOutcome, { readonly kind: 'refused' }>
  | { readonly kind: 'over'; readonly end: WriterEnd }

export interface WriterPolicy {
  readonly lostAfterMs: Millis
  readonly againMs: Millis
  readonly againMaxMs: Millis
}

export class JournalWriter {
  readonly #journal: Pick<Journal, 'commit' | 'wasCommitted' | 'reconnect'>
  readonly #clock: Clock
  readonly #log: Log
  readonly #policy: WriterPolicy
  #awaySince: Millis | undefined

  constructor(options: { journal: Pick<Journal, 'commit' | 'wasCommitted' | 'reconnect'>; clock: Clock; log: Log; policy: WriterPolicy }) {
    this.#journal = options.journal
    this.#clock = options.clock
    this.#log = options.log
    this.#policy = options.policy
  }

  /** Since when the store has not answered, on the monotonic clock; undefined while it does. */
  get awaySince(): Millis | undefined {
    return this.#awaySince
  }

  /** Writes one batch, however often the connection is lost on the way, within the bound (W1, W2). */
  async write(batch: Batch): Promise<WriteOutcome> {
    for (;;) {
      const outcome = await this.#journal.commit(batch)
      if (outcome.kind === 'epochLost') return { kind: 'over', end: 'epochLost' }
      if (outcome.kind !== 'inDoubt') return outcome
      this.#log.warn('journal.inDoubt', { batch: batch.id, detail: outcome.detail })
      const found = await this.#findOut(batch.id)
      if (found !== 'absent') return found === 'committed' ? { kind: 'committed' } : { kind: 'over', end: found }
    }
  }

  /** Reaches the store again when a read has failed; undefined when it is back. */
  async reach(): Promise<WriterEnd | undefined> {
    const found = await this.#findOut('')
    return found === 'epochLost' || found === 'journalLost' ? found : undefined
  }

  async #findOut(batchId: string): Promise<'committed' | 'absent' | WriterEnd> {
    const since = this.#awaySince ?? this.#clock.monotonic()
    this.#awaySince = since
    for (let pause = this.#policy.againMs; ; pause = Math.min(pause * 2, this.#policy.againMaxMs)) {
      try {
        if (!(await this.#journal.reconnect())) return 'epochLost'
        const committed = await this.#journal.wasCommitted(batchId)
        this.#log.info('journal.back', { awayMs: this.#clock.monotonic() - since })
        this.#awaySince = undefined
        return committed ? 'committed' : 'absent'
      } catch (error) {
        if (this.#clock.monotonic() - since > this.#policy.lostAfterMs) return 'journalLost'
        this.#log.warn('journal.away', { detail: String(error), againInMs: pause })
        await new Promise<void>((resolve) => void this.#clock.after(pause, resolve))
      }
    }
  }
}
