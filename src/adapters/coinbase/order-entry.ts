/**
 * Creating and cancelling (coinbase-advanced-trade.md 5.7 to 5.9).
 *
 * E1  A client order id is written at most once in the life of this process; its token ends it for every other.
 * E2  Whatever does not prove that the order exists, or that it was refused, is unknown.
 */
import type { CancelOutcome, SendOutcome } from '../../domain/failure.ts'
import type { OrderRequest } from '../../domain/order.ts'
import type { ClaimedOrder, OrderEntry } from '../../ports/venue.ts'
import { cancelOutcome, sendOutcome } from './failures.ts'
import type { Settings } from './options.ts'
import type { Rest, Sent } from './rest.ts'

/** Ids remembered against a second write; those before them are fenced by the end of their tokens. */
const remembered = 50_000

export class CoinbaseOrderEntry implements OrderEntry {
  readonly #rest: Rest
  readonly #settings: Settings
  readonly #written = new Set<string>()

  constructor(rest: Rest, settings: Settings) {
    this.#rest = rest
    this.#settings = settings
  }

  async create({ request, claimedAt }: ClaimedOrder): Promise<SendOutcome> {
    if (!this.#takeOnly(request.clientOrderId)) return { kind: 'unknown', failure: { kind: 'badRequest', detail: 'this client order id was written before and is not written again' } }
    const signed = { at: claimedAt, lifetimeMs: this.#settings.proof.windowMs }
    const sent = await this.#rest.post({ path: '/orders', body: { client_order_id: request.clientOrderId, ...termsBody(request) }, lane: request.side === 'sell' ? 'exit' : 'entry', signed })
    return sent.kind === 'answered' ? sendOutcome(sent.answer, request.clientOrderId) : unanswered(sent)
  }

  async cancel(venueOrderId: string): Promise<CancelOutcome> {
    // An empty list of ids is reported to hang (5.9).
    if (venueOrderId === '') return { kind: 'refused', detail: 'there is no venue order id to cancel by' }
    const sent = await this.#rest.post({ path: '/orders/batch_cancel', body: { order_ids: [venueOrderId] }, lane: 'cancel' })
    return sent.kind === 'answered' ? cancelOutcome(sent.answer, venueOrderId) : { kind: 'unknown', failure: sent.failure }
  }

  #takeOnly(clientOrderId: string): boolean {
    if (this.#written.has(clientOrderId)) return false
    this.#written.add(clientOrderId)
    const [oldest] = this.#written
    if (this.#written.size > remembered && oldest !== undefined) this.#written.delete(oldest)
    return true
  }
}

/** What an order is to be, without its name. */
export const termsBody = ({ instrument, side, quantity, price, postOnly }: OrderRequest): object => ({
  product_id: instrument,
  side: side === 'buy' ? 'BUY' : 'SELL',
  order_configuration: { limit_limit_gtc: { base_size: quantity, limit_price: price, post_only: postOnly } },
})

/**
 * The one write was not made: that is knowledge where we held it back ourselves. A claim older than its token is not:
 * a process that slept so long leaves the answer to the look-up.
 */
const unanswered = (sent: Exclude<Sent, { kind: 'answered' }>): SendOutcome => {
  const { kind, detail } = sent.failure
  if (sent.kind === 'broken' || kind === 'timeout') return { kind: 'unknown', failure: sent.failure }
  return { kind: 'refused', reason: kind === 'rateLimited' ? 'rateLimited' : 'notPermitted', detail }
}
