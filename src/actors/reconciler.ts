/**
 * Compares the rows with the venue and brings every difference to its order as a message.
 *
 * Q1  One run at a time; a run asked for while one is under way begins after it, and only that later one counts.
 * Q2  A run that could not read everything has failed; it proves nothing.
 */
import { orderAddress } from '../domain/address.ts'
import type { Failure } from '../domain/failure.ts'
import { compare } from '../domain/decimal.ts'
import { isFinished, type OrderReport } from '../domain/order.ts'
import type { OrderRecord } from '../domain/records.ts'
import { reconcileOrders, type Finding } from '../domain/reconciliation.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { OrderReads } from '../ports/venue.ts'
import type { DeskView } from './desk-view.ts'
import type { Message } from './turn.ts'

export interface ReconcilerOptions {
  readonly venue: OrderReads
  readonly view: DeskView
  readonly clock: Clock
  readonly log: Log
  readonly install: string
  /** How far back orders of unknown origin are looked for. */
  readonly lookBackMs: Millis
  /** What a row tells of such an order, live or ended; undefined when none does. */
  row(clientOrderId: string): Promise<Pick<OrderRecord, 'filled'> | undefined>
  /** Resolves when the message's turn is durable. */
  ask(message: Message): Promise<unknown>
  alert(code: string, detail: string): void
}

export type RunResult = { readonly ok: true; readonly began: Millis; readonly findings: readonly Finding[] } | { readonly ok: false; readonly detail: string }

/** Most words on ended orders that are remembered; the oldest is forgotten first, which costs one look. */
const maxSeen = 20_000

const told = (failure: Failure): string => `${failure.kind}: ${failure.detail}`

export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #seen = new Set<string>()
  #running: Promise<RunResult> | undefined
  #next: Promise<RunResult> | undefined

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** A complete run that begins now or, when one is under way, after it. */
  run(): Promise<RunResult> {
    if (this.#running === undefined) return this.#begin()
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      return this.#begin()
    })
    return this.#next
  }

  #begin(): Promise<RunResult> {
    this.#running = this.#once()
      // The rows could not be read, or the desk has ended: a failed run like any other (Q2).
      .catch((error: unknown) => ({ ok: false, detail: String(error) }) as const)
      .finally(() => {
        this.#running = undefined
      })
    return this.#running
  }

  async #once(): Promise<RunResult> {
    const { venue, view, clock, install, lookBackMs, log } = this.#options
    const began = clock.now()
    const expected = view.orders()
    const recent = await venue.ordersSince(clock.now() - lookBackMs)
    if (!recent.ok) return { ok: false, detail: told(recent.failure) }
    const working = await venue.workingOrders()
    if (!working.ok) return { ok: false, detail: told(working.failure) }
    // The list that was read later has the last word on an order.
    const listed = [...recent.value, ...working.value]
    const findings = reconcileOrders(expected, listed, install)
    for (const finding of findings) {
      const failure = await this.#settle(finding)
      if (failure !== undefined) return { ok: false, detail: failure }
    }
    log.info('reconciliation.done', { expected: expected.length, listed: working.value.length, findings: findings.length })
    return { ok: true, began, findings }
  }

  async #settle(finding: Finding): Promise<string | undefined> {
    if (finding.kind === 'news') {
      await this.#report(finding.clientOrderId, finding.report)
      return undefined
    }
    if (finding.kind === 'orphan') {
      await this.#orphan(finding.report)
      return undefined
    }
    const found = await this.#options.venue.order(finding.venueOrderId)
    if (!found.ok) return told(found.failure)
    if (found.value !== undefined) await this.#report(finding.clientOrderId, found.value)
    else if (!this.#seen.has(finding.venueOrderId)) {
      this.#remember(finding.venueOrderId)
      this.#options.alert('order.vanished', `the venue does not know ${finding.clientOrderId} (${finding.venueOrderId}) any more; it stays live here until a person looks`)
    }
    return undefined
  }

  async #report(clientOrderId: string, report: OrderReport): Promise<void> {
    await this.#options.ask({ to: orderAddress(clientOrderId), event: { type: 'reported', report } as Message['event'] })
  }

  /** What an ended row knows already is no news; what no row knows is told to a person (R2). Each word is looked at once. */
  async #orphan(report: OrderReport): Promise<void> {
    const word = `${report.venueOrderId} ${report.status} ${report.executed}`
    if (this.#seen.has(word)) return
    const { clientOrderId } = report
    const row = await this.#options.row(clientOrderId)
    if (row === undefined) this.#options.alert('order.orphan', `the venue tells of ${clientOrderId} (${report.venueOrderId}, ${report.status}, ${report.executed} executed), which no row explains`)
    else if (!isFinished(report.status) || compare(report.executed, row.filled) > 0) await this.#report(clientOrderId, report)
    this.#remember(word)
  }

  #remember(word: string): void {
    this.#seen.add(word)
    const [oldest] = this.#seen
    if (this.#seen.size > maxSeen && oldest !== undefined) this.#seen.delete(oldest)
  }
}
