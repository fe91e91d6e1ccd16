/**
 * Carries out what committed turns want from the venue, and brings the answers back as messages.
 *
 * V1  A create is attempted once, in the process that committed its claim, and only while the claim is young
 *     enough and the gate still says yes; otherwise it is withdrawn before the first byte (S3, S4).
 * V2  Every answer is a message; a failed look-up is none, because the order's own deadline asks again.
 * V3  At most `maxAtOnce` calls are under way, and at most `maxWaiting` wait; creates and cancels go first.
 */
import { orderAddress } from '../domain/address.ts'
import type { Approved } from '../domain/approved.ts'
import type { OrderRequest } from '../domain/order.ts'
import type { ActorRecord, OrderRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { OuterEffect } from '../machines/effect.ts'
import type { OrderEvent } from '../machines/order/order-context.ts'
import type { Clock } from '../ports/clock.ts'
import type { Failpoints } from '../ports/failpoints.ts'
import type { Log } from '../ports/log.ts'
import type { OrderEntry, OrderReads, VenueTime } from '../ports/venue.ts'
import type { Denied } from '../risk/verdict.ts'
import { LookUps } from './look-ups.ts'
import type { Message } from './turn.ts'
import type { CommittedTurn } from './loop-options.ts'

type Of<T extends OuterEffect['type']> = Extract<OuterEffect, { readonly type: T }>

export interface ExecutorOptions {
  readonly venue: OrderEntry & OrderReads & VenueTime
  readonly clock: Clock
  readonly log: Log
  readonly failpoints: Failpoints
  /** A claim older than this when its turn comes is withdrawn. */
  readonly sendWithinMs: Millis
  readonly maxAtOnce: number
  readonly maxWaiting: number
  readonly post: (message: Message) => void
  /** The gate's second word, at the moment of sending. */
  judge(request: OrderRequest): { readonly approved: Approved<OrderRequest> } | Denied
  /** False while this process may have lost the desk. */
  mayWrite(): boolean
}

interface Task {
  readonly urgent: boolean
  readonly run: () => Promise<void>
}

export class OrderExecutor {
  readonly #options: ExecutorOptions
  readonly #lookUps: LookUps
  #urgent: Task[] = []
  #waiting: Task[] = []
  #busy = 0

  constructor(options: ExecutorOptions) {
    const { venue, clock, log, failpoints, post } = options
    this.#options = options
    this.#lookUps = new LookUps({ venue, clock, log, failpoints, post, schedule: (task) => this.#add(false, task) })
  }

  /** Calls under way and waiting. */
  get depth(): number {
    return this.#busy + this.#urgent.length + this.#waiting.length
  }

  perform(effect: OuterEffect, turn: CommittedTurn): void {
    if (effect.type === 'sendOrder') this.#add(true, () => this.#send(effect, turn))
    else if (effect.type === 'sendCancel') this.#add(true, () => this.#cancel(effect))
    else if (effect.type === 'lookUp') this.#find(effect)
    else if (effect.type === 'fetchFills') this.#add(false, () => this.#fetchFills(effect))
  }

  #find({ clientOrderId, venueOrderId, since }: Of<'lookUp'>): void {
    if (venueOrderId === null) this.#lookUps.ask(clientOrderId, since)
    else this.#add(false, () => this.#lookUp(clientOrderId, venueOrderId))
  }

  #add(urgent: boolean, run: () => Promise<void>): boolean {
    const queue = urgent ? this.#urgent : this.#waiting
    if (queue.length >= this.#options.maxWaiting) {
      this.#options.log.error('executor.full', { waiting: queue.length })
      return false
    }
    queue.push({ urgent, run })
    this.#next()
    return true
  }

  #next(): void {
    if (this.#busy >= this.#options.maxAtOnce) return
    const task = this.#urgent.shift() ?? this.#waiting.shift()
    if (task === undefined) return
    this.#busy++
    void task.run().finally(() => {
      this.#busy--
      this.#next()
    })
    this.#next()
  }

  #tell(clientOrderId: string, event: OrderEvent): void {
    this.#options.post({ to: orderAddress(clientOrderId), event })
  }

  async #send({ clientOrderId }: Of<'sendOrder'>, turn: CommittedTurn): Promise<void> {
    const row = turn.actors.find((record) => record.order?.clientOrderId === clientOrderId)
    if (row?.order === undefined) return
    const { order } = row
    const verdict = this.#options.judge(requestOf(order, row.context))
    const refusal = 'rule' in verdict ? `${verdict.rule}: ${verdict.detail}` : this.#tooLate(turn)
    if (refusal !== undefined || 'rule' in verdict) {
      this.#options.log.warn('order.withdrawn', { order: clientOrderId, reason: refusal })
      this.#tell(clientOrderId, { type: 'withdrawn', reason: refusal ?? '' })
      return
    }
    this.#options.failpoints.reach('send.claimed')
    const outcome = await this.#options.venue.create({ request: verdict.approved, claimedAt: order.claimedAt })
    this.#options.failpoints.reach('send.answered')
    if (outcome.kind === 'accepted') this.#tell(clientOrderId, { type: 'accepted', venueOrderId: outcome.venueOrderId })
    else if (outcome.kind === 'refused') this.#tell(clientOrderId, { type: 'rejected', reason: outcome.reason, detail: outcome.detail })
    else this.#tell(clientOrderId, { type: 'outcomeUnknown', detail: outcome.kind === 'exists' ? 'the venue has this id already' : `${outcome.failure.kind}: ${outcome.failure.detail}` })
  }

  #tooLate(turn: CommittedTurn): string | undefined {
    const { clock, sendWithinMs } = this.#options
    const ageMs = Math.round(clock.monotonic() - turn.decidedAt)
    if (ageMs > sendWithinMs) return `the claim was ${ageMs} ms old, the limit is ${sendWithinMs} ms`
    return this.#options.mayWrite() ? undefined : 'the store does not answer'
  }

  async #cancel({ clientOrderId, venueOrderId }: Of<'sendCancel'>): Promise<void> {
    // The order's own deadline, or the next start, asks again.
    if (!this.#options.mayWrite()) return
    this.#options.failpoints.reach('cancel.claimed')
    const outcome = await this.#options.venue.cancel(venueOrderId)
    this.#options.failpoints.reach('cancel.answered')
    const detail = outcome.kind === 'unknown' ? outcome.failure.detail : outcome.kind === 'refused' ? outcome.detail : 'requested'
    this.#tell(clientOrderId, { type: 'cancelAnswered', detail })
  }

  async #lookUp(clientOrderId: string, venueOrderId: string): Promise<void> {
    const { venue, log, failpoints } = this.#options
    const askedAt = venue.now()
    const found = await venue.order(venueOrderId)
    failpoints.reach('lookUp.answered')
    if (!found.ok) log.warn('order.lookUpFailed', { order: clientOrderId, ...found.failure })
    else if (found.value !== undefined) this.#tell(clientOrderId, { type: 'reported', report: found.value })
    else this.#tell(clientOrderId, { type: 'notFound', askedAt })
  }

  async #fetchFills({ clientOrderId, venueOrderId }: Of<'fetchFills'>): Promise<void> {
    const fills = await this.#options.venue.fillsOf(venueOrderId)
    this.#options.failpoints.reach('fills.answered')
    if (fills.ok) this.#tell(clientOrderId, { type: 'fillsListed', fills: fills.value })
    else this.#options.log.warn('order.fillsFailed', { order: clientOrderId, ...fills.failure })
  }
}

/** The request of a claimed order. */
export const requestOf = (order: OrderRecord, { postOnly, closes }: ActorRecord['context']): OrderRequest => ({
  clientOrderId: order.clientOrderId,
  instrument: order.instrument,
  side: order.side,
  quantity: order.quantity,
  price: order.price,
  postOnly: postOnly === true,
  ...(closes === true && { closes }),
})
