/**
 * Commits batches, one at a time, and finds out what became of one whose answer was lost.
 *
 * W1  A batch in doubt is asked about by its id on a new connection; it is written again only when it is absent.
 * W2  The store may be away for `lostAfterMs`; past that the writer gives up for good (exit 74).
 * W3  A lease that is no longer ours ends the writer for good (exit 75).
 */
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Failpoints } from '../ports/failpoints.ts'
import type { Batch, CommitOutcome, Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import { noMeter, type Meter } from '../ports/metrics.ts'

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
  readonly #failpoints: Failpoints
  readonly #meter: Meter
  #awaySince: Millis | undefined
  #beganAt: Millis | undefined
  #lastMs: Millis = 0

  constructor(options: { journal: Pick<Journal, 'commit' | 'wasCommitted' | 'reconnect'>; clock: Clock; log: Log; policy: WriterPolicy; failpoints: Failpoints; meter?: Meter }) {
    this.#journal = options.journal
    this.#clock = options.clock
    this.#log = options.log
    this.#policy = options.policy
    this.#failpoints = options.failpoints
    this.#meter = options.meter ?? noMeter
  }

  /** Since when the store has not answered, on the monotonic clock; undefined while it does. */
  get awaySince(): Millis | undefined {
    return this.#awaySince
  }

  /** How long the commit under way has taken so far, or the last one took. */
  get commitMs(): Millis {
    return this.#beganAt === undefined ? this.#lastMs : this.#clock.monotonic() - this.#beganAt
  }

  /** Writes one batch, however often the connection is lost on the way, within the bound (W1, W2). */
  async write(batch: Batch): Promise<WriteOutcome> {
    const beganAt = this.#clock.monotonic()
    this.#beganAt = beganAt
    const outcome = await this.#write(batch)
    this.#lastMs = this.#clock.monotonic() - beganAt
    this.#beganAt = undefined
    this.#meter.observe('nightdesk_journal_commit_seconds', this.#lastMs / 1_000)
    return outcome
  }

  async #write(batch: Batch): Promise<WriteOutcome> {
    for (let pause = 0; ; pause = Math.min(Math.max(pause * 2, this.#policy.againMs), this.#policy.againMaxMs)) {
      this.#failpoints.reach('commit.begin')
      const outcome = await this.#journal.commit(batch)
      if (outcome.kind === 'committed') this.#failpoints.reach('commit.done')
      if (outcome.kind !== 'inDoubt') return this.#settled(outcome)
      const since = this.#away()
      this.#log.warn('journal.inDoubt', { batch: batch.id, detail: outcome.detail })
      const found = await this.#findOut(batch.id)
      if (found !== 'absent') return this.#settled(found === 'committed' ? { kind: 'committed' } : { kind: 'over', end: found })
      // The store answers and yet does not take the batch (a full disk, a standby): as good as away (W2, DB-09).
      if (this.#clock.monotonic() - since > this.#policy.lostAfterMs) return { kind: 'over', end: 'journalLost' }
      if (pause > 0) await this.#pause(pause)
    }
  }

  #settled(outcome: Exclude<CommitOutcome, { readonly kind: 'inDoubt' }> | WriteOutcome): WriteOutcome {
    if (outcome.kind === 'epochLost') return { kind: 'over', end: 'epochLost' }
    if (outcome.kind !== 'over' && this.#awaySince !== undefined) {
      this.#log.info('journal.back', { awayMs: Math.round(this.#clock.monotonic() - this.#awaySince) })
      this.#awaySince = undefined
    }
    return outcome
  }

  #away(): Millis {
    this.#awaySince ??= this.#clock.monotonic()
    return this.#awaySince
  }

  #pause(delayMs: Millis): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(delayMs, resolve))
  }

  /** Reaches the store again when a read has failed; undefined when it is back. */
  async reach(): Promise<WriterEnd | undefined> {
    const found = await this.#findOut('')
    if (found === 'epochLost' || found === 'journalLost') return found
    this.#awaySince = undefined
    return undefined
  }

  async #findOut(batchId: string): Promise<'committed' | 'absent' | WriterEnd> {
    const since = this.#away()
    for (let pause = this.#policy.againMs; ; pause = Math.min(pause * 2, this.#policy.againMaxMs)) {
      try {
        if (!(await this.#journal.reconnect())) return 'epochLost'
        return (await this.#journal.wasCommitted(batchId)) ? 'committed' : 'absent'
      } catch (error) {
        if (this.#clock.monotonic() - since > this.#policy.lostAfterMs) return 'journalLost'
        this.#log.warn('journal.away', { detail: String(error), againInMs: pause })
        await this.#pause(pause)
      }
    }
  }
}
