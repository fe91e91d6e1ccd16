/**
 * Compares the rows with the venue and brings every difference to its order as a message.
 *
 * Q1  One run at a time; a run asked for while one is under way begins after it, and only that later one counts.
 * Q2  A run that could not read everything has failed; it proves nothing.
 */
import { orderAddress } from '../domain/address.ts'
import type { Failure } from '../domain/failure.ts'
import type { OrderReport } from '../domain/order.ts'
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
  /** True when a row tells of such an order, live or ended. */
  isKnown(clientOrderId: string): Promise<boolean>
  /** Resolves when the message's turn is durable. */
  ask(message: Message): Promise<unknown>
  alert(code: string, detail: string): void
}

export type RunResult = { readonly ok: true; readonly findings: readonly Finding[] } | { readonly ok: false; readonly detail: string }

const told = (failure: Failure): string => `${failure.kind}: ${failure.detail}`

export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #orphans = new Set<string>()
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
    return { ok: true, findings }
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
    return undefined
  }

  async #report(clientOrderId: string, report: OrderReport): Promise<void> {
    await this.#options.ask({ to: orderAddress(clientOrderId), event: { type: 'reported', report } as Message['event'] })
  }

  /** One that a row tells of is that row's affair; one that nobody knows is told to a person, once (R2). */
  async #orphan(report: OrderReport): Promise<void> {
    if (await this.#options.isKnown(report.clientOrderId)) return this.#report(report.clientOrderId, report)
    if (this.#orphans.has(report.venueOrderId)) return
    this.#orphans.add(report.venueOrderId)
    this.#options.alert('order.orphan', `the venue works ${report.clientOrderId} (${report.venueOrderId}), which no row explains`)
  }
}
