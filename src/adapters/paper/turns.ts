/**
 * Everything that happens to the account, one after the other: decided from all that is in the ledger, written, and only then told.
 *
 * T1  A decision is taken from the account as it is when its turn comes, and is void when the ledger has moved on meanwhile:
 *     then what was missed is read, and it is taken again (PL1).
 * T2  Nothing is told, to a caller or a stream, before it is durable.
 * T3  After a write whose outcome is not known the ledger is taken over anew, as at the start: an event of our own is written
 *     where the other one would still have to arrive, so that what was read is all there ever will be. What the market does
 *     meanwhile is not heard (M1).
 * T4  At most `mostWaiting` turns wait. Beyond that a caller is told so, and what the market does is not heard.
 */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Log } from '../../ports/log.ts'
import type { PaperEvent, PaperLedger, PaperOrder } from '../../ports/paper-ledger.ts'
import { PaperAccount } from './account.ts'

const mostWaiting = 10_000
/** Another process that decides as fast as we do overtakes us a few times at most. */
const mostAttempts = 10
const pageSize = 1_000
/** Events after the last snapshot that are worth another one: reading them takes about as long as writing it. */
const snapshotEvery = 20_000

/** What a turn wants written, and what is true once it is. */
export interface Decision<T> {
  readonly events: readonly PaperEvent[]
  readonly answer: T
  /** Runs when the events are durable and taken. */
  readonly done?: () => void
}

export const nothing: Decision<undefined> = { events: [], answer: undefined }

export interface TurnsParts {
  readonly ledger: PaperLedger
  readonly log: Log
  readonly now: () => number
  /** The first event of a ledger that is empty. */
  readonly opening: () => PaperEvent
  /** Somebody else, or a write of ours in doubt, has changed the account. */
  readonly reread: (account: PaperAccount) => void
  /** An order has changed, durably. */
  readonly changed: (order: PaperOrder) => void
}

export class Turns {
  readonly #parts: TurnsParts
  readonly #waiting: (() => Promise<void>)[] = []
  #account = new PaperAccount()
  #busy = false
  /** Behind: somebody else has written, and nothing of ours is under way. In doubt: something of ours may be. */
  #standing: 'unopened' | 'inDoubt' | 'behind' | 'current' = 'unopened'
  #snapshotAt = 0

  constructor(parts: TurnsParts) {
    this.#parts = parts
  }

  /** Takes a turn; unavailable when the ledger does not answer: whether it was taken then, only a look-up tells. */
  take<T>(decide: (account: PaperAccount) => Decision<T>): Promise<Result<T>> {
    return this.#queue(() => this.#turn(decide))
  }

  /** Looks at the account as it is now in the ledger, whoever changed it: what was decided before the question is in the answer. */
  look<T>(question: (account: PaperAccount) => T): Promise<Result<T>> {
    return this.#queue(async () => {
      await this.#catchUp()
      return question(this.#account)
    })
  }

  /** What the market did: heard only by an account that is current (T3). */
  hear(decide: (account: PaperAccount) => Decision<undefined>): void {
    void this.#queue(async () => (this.#standing === 'current' ? this.#turn(decide) : undefined))
  }

  #queue<T>(task: () => Promise<T>): Promise<Result<T>> {
    if (this.#waiting.length >= mostWaiting) return Promise.resolve(failed({ kind: 'unavailable', detail: `${mostWaiting} turns of the paper venue wait already` }))
    const answered = new Promise<Result<T>>((resolve) => {
      this.#waiting.push(async () => resolve(await this.#attempt(task)))
    })
    void this.#run()
    return answered
  }

  async #run(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) await next()
    this.#busy = false
  }

  async #attempt<T>(task: () => Promise<T>): Promise<Result<T>> {
    try {
      return ok(await task())
    } catch (error) {
      if (this.#standing !== 'unopened') this.#standing = 'inDoubt'
      this.#parts.log.error('paper.ledgerInDoubt', { detail: String(error).slice(0, 300) })
      return failed({ kind: 'unavailable', detail: 'the ledger of the paper venue does not answer' })
    }
  }

  async #turn<T>(decide: (account: PaperAccount) => Decision<T>): Promise<T> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      if (this.#standing !== 'current') await this.#catchUp()
      const { events, answer, done } = decide(this.#account)
      if (events.length === 0 || (await this.#write(events))) {
        done?.()
        return answer
      }
      this.#standing = 'behind'
    }
    throw new Error(`overtaken ${mostAttempts} times`)
  }

  async #write(events: readonly PaperEvent[]): Promise<boolean> {
    const { ledger, changed } = this.#parts
    const { position } = this.#account
    if ((await ledger.append(position, events)) === 'overtaken') return false
    const orders = events.flatMap((event, index) => this.#account.take({ position: position + index + 1, event }) ?? [])
    for (const order of orders) changed(order)
    if (this.#account.position - this.#snapshotAt >= snapshotEvery) await this.#snapshot()
    return true
  }

  /** Reads what is new; at the start and in doubt the ledger is taken over (T3). */
  async #catchUp(): Promise<void> {
    const before = this.#standing
    const changes = await this.#readOn()
    if (before === 'unopened' || before === 'inDoubt') await this.#takeOver()
    if (before !== 'current' || changes.length > 0) this.#parts.reread(this.#account)
    if (before !== 'unopened') for (const order of changes) this.#parts.changed(order)
    this.#standing = 'current'
  }

  async #takeOver(): Promise<void> {
    const { ledger, opening, now } = this.#parts
    const { position, id } = this.#account
    const event: PaperEvent = id === '' ? opening() : { type: 'resumed', at: now() }
    if ((await ledger.append(position, [event])) === 'overtaken') throw new Error('another process takes the ledger over')
    this.#account.take({ position: position + 1, event })
  }

  async #readOn(): Promise<readonly PaperOrder[]> {
    const orders: PaperOrder[] = []
    for (;;) {
      const entries = await this.#parts.ledger.read(this.#account.position, pageSize)
      for (const entry of entries) {
        const order = this.#account.take(entry)
        if (order !== undefined) orders.push(order)
        if (entry.event.type === 'snapshot') this.#snapshotAt = entry.position
      }
      if (entries.length < pageSize) return orders
    }
  }

  /** Puts all that is remembered in one event, and lets go of those before it. */
  async #snapshot(): Promise<void> {
    const { ledger, now } = this.#parts
    const { id: accountId, balances, orders, position } = this.#account
    const event: PaperEvent = { type: 'snapshot', at: now(), accountId, balances, orders }
    if ((await ledger.append(position, [event])) === 'overtaken') return
    this.#account.take({ position: position + 1, event })
    this.#snapshotAt = position + 1
    await ledger.forget(position + 1)
  }
}
